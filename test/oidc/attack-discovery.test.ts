import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProvider, type TestProvider } from './support/provider.ts';
import {
  codeIn,
  errorIn,
  headerOf,
  newBrowser,
  payloadOf,
  type RelyingParty,
  relyingParty,
} from './support/relying-party.ts';

let provider: TestProvider;
let web: RelyingParty;
let discovery: Record<string, unknown>;

beforeAll(async () => {
  provider = await startProvider();
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  discovery = (await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json()) as typeof discovery;
});
afterAll(() => provider.close());

const listed = (name: string): string[] => discovery[name] as string[];

const register = async (metadata: object): Promise<Record<string, string>> => {
  const response = await fetch(String(discovery['registration_endpoint']), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(metadata),
  });
  expect(response.status).toBe(201);
  return (await response.json()) as Record<string, string>;
};

describe('Each line of discovery', () => {
  it('is one that the tests below know', () => {
    expect(Object.keys(discovery).toSorted()).toEqual([
      'acr_values_supported',
      'authorization_endpoint',
      'authorization_response_iss_parameter_supported',
      'backchannel_logout_session_supported',
      'backchannel_logout_supported',
      'claim_types_supported',
      'claims_parameter_supported',
      'claims_supported',
      'code_challenge_methods_supported',
      'end_session_endpoint',
      'grant_types_supported',
      'id_token_signing_alg_values_supported',
      'introspection_endpoint',
      'issuer',
      'jwks_uri',
      'pushed_authorization_request_endpoint',
      'registration_endpoint',
      'request_uri_parameter_supported',
      'response_modes_supported',
      'response_types_supported',
      'revocation_endpoint',
      'scopes_supported',
      'subject_types_supported',
      'token_endpoint',
      'token_endpoint_auth_methods_supported',
      'token_endpoint_auth_signing_alg_values_supported',
      'ui_locales_supported',
      'userinfo_endpoint',
    ]);
    expect(discovery['request_uri_parameter_supported']).toBe(false);
  });

  it('scopes_supported: a client with a legal basis gets every one', async () => {
    const scope = listed('scopes_supported').join(' ');
    const answer = await newBrowser().get(
      web.authorizeUrl({ login_hint: 'persona:l2-active', scope, prompt: 'consent' }),
    );
    expect(errorIn(answer)).toBeUndefined();
    expect(codeIn(answer)).not.toBe('');
  });

  it('acr_values_supported: each can be had, and none above', async () => {
    for (const acr of listed('acr_values_supported')) {
      const tokens = await web.signIn(newBrowser(), 'l2-active', { acr_values: acr });
      expect(payloadOf(tokens.id_token)['acr']).toBe(acr);
    }
    expect(listed('acr_values_supported')).toEqual(['urn:vn:eid:auth:1', 'urn:vn:eid:auth:2']);
  });

  it('claims_supported: userinfo knows no claim that is not listed', async () => {
    const scope = listed('scopes_supported').filter((one) => !['health_book', 'judicial_record'].includes(one));
    const tokens = await web.signIn(newBrowser(), 'l2-active', { scope: scope.join(' '), prompt: 'consent' });
    const response = await fetch(String(discovery['userinfo_endpoint']), {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    const told = Object.keys((await response.json()) as object);
    expect(told).toContain('citizen_id');
    expect(listed('claims_supported')).toEqual(expect.arrayContaining(told));
  });

  it('response_modes_supported: each brings the code, and the issuer with it', async () => {
    for (const mode of listed('response_modes_supported')) {
      const answer = await newBrowser().get(
        web.authorizeUrl({ login_hint: 'persona:l2-active', response_mode: mode, state: 'there-and-back' }),
      );
      const told = mode === 'form_post' ? answer.text : String(answer.location);
      expect(told).toMatch(/code/);
      expect(told).toContain('there-and-back');
      expect(decodeURIComponent(told)).toContain(provider.issuer);
    }
  });

  it('subject_types_supported and id_token_signing_alg_values_supported: each can be registered', async () => {
    for (const subject_type of listed('subject_types_supported'))
      for (const alg of listed('id_token_signing_alg_values_supported')) {
        const redirectUri = 'https://rp.test/callback';
        const made = await register({
          redirect_uris: [redirectUri],
          subject_type,
          id_token_signed_response_alg: alg,
          token_endpoint_auth_method: 'none',
        });
        const rp = relyingParty(provider.issuer, { clientId: made['client_id'] ?? '', redirectUri });
        const { id_token } = await rp.signIn(newBrowser(), 'l2-active');
        expect(headerOf(id_token)['alg']).toBe(alg);
      }
  });

  it('token_endpoint_auth_methods_supported and their algorithms: each lets a machine in', async () => {
    const machine = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] };
    for (const method of ['client_secret_basic', 'client_secret_post'] as const) {
      const made = await register({ ...machine, token_endpoint_auth_method: method });
      const [clientId = '', secret = ''] = [made['client_id'], made['client_secret']];
      const rp = relyingParty(provider.issuer, method === 'client_secret_basic' ? { clientId, secret } : { clientId });
      const form = method === 'client_secret_basic' ? {} : { client_secret: secret };
      expect((await rp.token({ grant_type: 'client_credentials', ...form })).status).toBe(200);
    }
    for (const alg of listed('token_endpoint_auth_signing_alg_values_supported')) {
      const { publicKey, privateKey } = await generateKeyPair(alg);
      const made = await register({
        ...machine,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...(await exportJWK(publicKey)), alg, kid: alg }] },
      });
      const clientId = made['client_id'] ?? '';
      const sign = (audience: string, jti: string): Promise<string> =>
        new SignJWT({})
          .setProtectedHeader({ alg, kid: alg })
          .setIssuer(clientId)
          .setSubject(clientId)
          .setAudience(audience)
          .setJti(jti)
          .setIssuedAt()
          .setExpirationTime('1m')
          .sign(privateKey);
      const enter = async (assertion: string): Promise<number> =>
        (
          await relyingParty(provider.issuer, { clientId }).token({
            grant_type: 'client_credentials',
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: assertion,
          })
        ).status;
      expect(await enter(await sign(provider.issuer, 'a'))).toBe(200);
      expect(await enter(await sign('https://other.test', 'b'))).toBe(401);
    }
    expect(listed('token_endpoint_auth_methods_supported').toSorted()).toEqual([
      'client_secret_basic',
      'client_secret_post',
      'none',
      'private_key_jwt',
    ]);
  });

  it('is the same under the name of RFC 8414', async () => {
    const other = await fetch(`${provider.issuer}/.well-known/oauth-authorization-server`);
    expect(await other.json()).toEqual(discovery);
  });
});
