import type { Config } from './config.ts';

/** What a newcomer reads in the terminal: where everything is, who can sign in, and the first thing to try. */
export function startBanner(config: Config, personaKeys: readonly string[]): string {
  const at = config.issuer;
  const lines = [
    '',
    '  Định danh is running in its sandbox. Every person in it is fictional.',
    '',
    `  Provider            ${at}`,
    `  Activate            ${at}/activate`,
    `  My account          ${at}/account`,
    `  Figures             ${at}/statistics`,
    `  For integrators     ${at}/developers`,
    `  Sandbox, inbox      ${at}/sandbox`,
    ...(config.isDemo
      ? [
          '',
          `  City portal         http://localhost:${config.demoIhanoiPort}`,
          `  Health book         http://localhost:${config.demoHealthPort}`,
          `  Judicial record     http://localhost:${config.demoJudicialPort}`,
        ]
      : []),
    '',
    `  Personas            ${personaKeys.join(', ')}`,
    `                      with their secrets: curl ${at}/sandbox/personas.json`,
    '',
    '  First try, a sign-in without a page (the answer redirects with a code):',
    `    curl -i '${at}/authorize?client_id=sandbox-web&response_type=code&scope=openid%20profile&redirect_uri=http://localhost:8080/callback&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&login_hint=persona:l2-active'`,
    '  All of it: examples/curl-tour.sh',
    '',
    '  State is kept in data/ and keys/. Stop with Ctrl-C; start over with npm run reset.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}
