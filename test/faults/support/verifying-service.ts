import { decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';

const REDIRECT = 'http://localhost:8080/callback';

/** A service that checks the signature of every id_token by the JWKS it read at its start, and reads again only when it starts anew. Its requests go to the
 *  processes in turn. @returns what signs a persona in and says by which key. */
export async function startService(
  issuer: string,
  ports: readonly (number | string)[],
): Promise<() => Promise<string>> {
  let turn = 0;
  const customFetch = ((url: string, init: RequestInit) => {
    const target = new URL(url);
    turn += 1;
    target.port = String(ports[turn % ports.length] ?? '');
    return fetch(target, init);
  }) as client.CustomFetch;
  const config = await client.discovery(
    new URL(issuer),
    'sandbox-web',
    { id_token_signed_response_alg: 'ES256' },
    client.ClientSecretPost('sandbox-web-secret'),
    { execute: [client.allowInsecureRequests], [client.customFetch]: customFetch },
  );
  client.enableNonRepudiationChecks(config);
  const verifier = client.randomPKCECodeVerifier();
  const challenge = await client.calculatePKCECodeChallenge(verifier);
  const signIn = async (): Promise<string> => {
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT,
      scope: 'openid profile',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      login_hint: 'persona:l2-active',
    });
    const answer = await customFetch(url.href, { redirect: 'manual' } as never);
    const tokens = await client.authorizationCodeGrant(config, new URL(answer.headers.get('location') ?? ''), {
      pkceCodeVerifier: verifier,
    });
    return String(decodeProtectedHeader(tokens.id_token ?? '').kid);
  };
  await signIn();
  return signIn;
}
