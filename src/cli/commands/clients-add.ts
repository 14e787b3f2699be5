import type { ClientAuthentication, ClientRegistration } from '../../relying-parties/register-client.ts';
import { registerClient } from '../../relying-parties/register-client.ts';
import type { CliCommand, CommandInput } from '../command.ts';
import { CommandFailed, WrongUsage } from '../failures.ts';
import { isSet, neededText, textOption } from '../option-values.ts';
import { OPERATOR, withRegister } from '../with-register.ts';

const METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const;
const KINDS = ['web', 'native', 'machine'] as const;

export const clientsAdd: CliCommand = {
  usage: 'clients add',
  summary: 'register a relying party',
  details:
    'The secret is shown once. The scope citizen_id is told only with --legal-basis. Addresses may be given several times over, separated by spaces.',
  example:
    'npx dinhdanh clients add --id tra-cuu --name "Tra cứu hồ sơ" --redirect-uri https://tra-cuu.example.vn/callback --purpose "Tra cứu hồ sơ của bạn"',
  options: [
    { flags: '--id <id>', description: 'the client id: lower-case letters, digits, hyphens', isRequired: true },
    { flags: '--name <text>', description: 'name shown to citizens, in Vietnamese', isRequired: true },
    { flags: '--name-en <text>', description: 'the name in English' },
    { flags: '--purpose <text>', description: 'why it asks, shown at the consent, in Vietnamese' },
    { flags: '--purpose-en <text>', description: 'the purpose in English' },
    { flags: '--kind <kind>', description: 'what it is', choices: KINDS, fallback: 'web' },
    {
      flags: '--auth <method>',
      description: 'at the token endpoint',
      choices: METHODS,
      fallback: 'client_secret_basic',
    },
    { flags: '--jwks-uri <url>', description: 'where its keys are, for private_key_jwt' },
    { flags: '--redirect-uri <urls>', description: 'where citizens come back to' },
    { flags: '--post-logout-redirect-uri <urls>', description: 'where they come back to after signing out' },
    { flags: '--backchannel-logout-uri <url>', description: 'where it is told that a session ended' },
    { flags: '--account-level <level>', description: 'least account level', choices: ['1', '2'], fallback: '1' },
    { flags: '--auth-level <level>', description: 'least authentication level', choices: ['1', '2'], fallback: '1' },
    { flags: '--essential-scopes <scopes>', description: 'what it cannot do without', fallback: 'openid' },
    { flags: '--legal-basis <law>', description: 'the law by which it may read the citizen id' },
    { flags: '--reports-for <id>', description: 'the relying party whose totals this machine reports' },
    { flags: '--legacy-claims', description: 'also under the claim names of the integrations of today' },
    { flags: '--require-par', description: 'only pushed authorization requests (RFC 9126)' },
  ],
  printsData: true,
  run: (input) =>
    withRegister(async (register) => {
      const outcome = await registerClient(register, registrationOf(input), OPERATOR);
      if (outcome.kind === 'id_taken') throw new CommandFailed('A client with this id exists.');
      const secret = outcome.secret === undefined ? '' : `\nclient_secret ${outcome.secret}\nShown once.`;
      const data = { client_id: outcome.clientId, ...(outcome.secret && { client_secret: outcome.secret }) };
      input.print(data, `client_id ${outcome.clientId}${secret}`);
      return undefined;
    }),
};

function registrationOf({ options }: CommandInput): ClientRegistration {
  const kind = KINDS.find((one) => one === options['kind']) ?? 'web';
  const redirectUris = addresses(options, 'redirectUri');
  if (kind !== 'machine' && redirectUris.length === 0) throw new WrongUsage('--redirect-uri must be given');
  const backchannelLogoutUri = addresses(options, 'backchannelLogoutUri')[0];
  const legalBasis = textOption(options, 'legalBasis');
  const reportsFor = textOption(options, 'reportsFor');
  return {
    id: clientIdOf(options),
    kind,
    ...wordsForCitizens(options),
    authentication: authenticationOf(options),
    redirectUris,
    postLogoutRedirectUris: addresses(options, 'postLogoutRedirectUri'),
    ...(backchannelLogoutUri === undefined ? {} : { backchannelLogoutUri }),
    essentialScopes: words(textOption(options, 'essentialScopes')),
    leastAccountLevel: options['accountLevel'] === '2' ? 2 : 1,
    leastAuthLevel: options['authLevel'] === '2' ? 2 : 1,
    ...(legalBasis === undefined ? {} : { legalBasis }),
    ...(reportsFor === undefined ? {} : { reportsFor }),
    hasLegacyClaimNames: isSet(options, 'legacyClaims'),
    requiresPushedRequests: isSet(options, 'requirePar'),
  };
}

function clientIdOf(options: CommandInput['options']): string {
  const id = neededText(options, 'id');
  if (!/^[a-z0-9][a-z0-9-]{1,62}$/.test(id)) throw new WrongUsage('--id takes lower-case letters, digits and hyphens');
  return id;
}

function wordsForCitizens(options: CommandInput['options']): Pick<ClientRegistration, 'name' | 'purpose'> {
  const name = neededText(options, 'name');
  const purpose = textOption(options, 'purpose');
  return {
    name: { vi: name, en: textOption(options, 'nameEn') ?? name },
    ...(purpose === undefined ? {} : { purpose: { vi: purpose, en: textOption(options, 'purposeEn') ?? purpose } }),
  };
}

function authenticationOf(options: CommandInput['options']): ClientAuthentication {
  const method = METHODS.find((one) => one === options['auth']) ?? 'client_secret_basic';
  const jwksUri = addresses(options, 'jwksUri')[0];
  if (method !== 'private_key_jwt') return { method };
  if (jwksUri === undefined) throw new WrongUsage('private_key_jwt needs --jwks-uri');
  return { method, jwksUri };
}

function addresses(options: CommandInput['options'], name: string): string[] {
  const given = words(textOption(options, name));
  for (const one of given) {
    if (!URL.canParse(one) || one.includes('#'))
      throw new WrongUsage(`${one} is no address (with its scheme, without a fragment)`);
  }
  return given;
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}
