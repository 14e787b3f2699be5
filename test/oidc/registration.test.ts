import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disableClient, registerClient } from '../../src/relying-parties/register-client.ts';
import { issueApiToken } from '../../src/statistics/stores/api-token-store.ts';
import { startProvider, type TestProvider } from './support/provider.ts';
import { errorIn, newBrowser, payloadOf, relyingParty } from './support/relying-party.ts';

let provider: TestProvider;

beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.close());

const register = async (
  metadata: object,
  headers: Record<string, string> = {},
  at = provider,
): Promise<{ status: number; body: Record<string, string> }> => {
  const response = await fetch(`${at.issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(metadata),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};

const REDIRECT = 'https://rp.test/callback';

describe('Dynamic registration', () => {
  it('gives a client and its secret, which is shown once and kept as a keyed hash', async () => {
    const { status, body } = await register({ redirect_uris: [REDIRECT], client_name: 'Một dịch vụ' });
    expect(status).toBe(201);
    expect(body['subject_type']).toBe('pairwise');
    const secret = body['client_secret'] ?? '';
    const rows = JSON.stringify(await provider.app.db('clients').where({ id: body['client_id'] ?? '' }));
    expect(rows).toContain('Một dịch vụ');
    expect(rows).not.toContain(secret);
    const rp = relyingParty(provider.issuer, { clientId: body['client_id'] ?? '', secret, redirectUri: REDIRECT });
    const tokens = await rp.signIn(newBrowser(), 'l2-active', { scope: 'openid profile' });
    expect(payloadOf(tokens.id_token)['aud']).toBe(body['client_id']);
  });

  it('never opens the citizen id, nor anything else that only an operator may say', async () => {
    expect((await register({ redirect_uris: [REDIRECT], scope: 'openid citizen_id' })).body['error']).toBe(
      'invalid_client_metadata',
    );
    const { body } = await register({
      redirect_uris: [REDIRECT],
      legal_basis: 'mine',
      legalBasis: 'mine',
      least_auth_level: 0,
      claim_names: 'legacy',
      may_introspect_all: 1,
      origin: 'operator',
      token_endpoint_auth_method: 'none',
    });
    const row = (await provider.app
      .db('clients')
      .where({ id: body['client_id'] ?? '' })
      .first()) as object;
    expect(row).toMatchObject({
      origin: 'dynamic',
      legal_basis: null,
      claim_names: 'standard',
      may_introspect_all: 0,
      least_auth_level: 1,
    });
    expect(JSON.stringify(row)).not.toContain('mine');
    const rp = relyingParty(provider.issuer, { clientId: body['client_id'] ?? '', redirectUri: REDIRECT });
    const answer = await newBrowser().get(
      rp.authorizeUrl({ login_hint: 'persona:l2-active', scope: 'openid citizen_id' }),
    );
    expect(errorIn(answer)).toBe('invalid_scope');
  });

  it.each([
    ['no redirect', {}],
    ['a symmetric algorithm', { redirect_uris: [REDIRECT], id_token_signed_response_alg: 'HS256' }],
    ['no signature', { redirect_uris: [REDIRECT], id_token_signed_response_alg: 'none' }],
    ['the implicit flow', { redirect_uris: [REDIRECT], response_types: ['id_token'] }],
    ['a script as redirect', { redirect_uris: ['javascript:alert(1)'] }],
    ['a name as long as a book', { redirect_uris: [REDIRECT], client_name: 'x'.repeat(121) }],
  ])('refuses %s', async (_what, metadata) => {
    const { status, body } = await register(metadata);
    expect(status).toBe(400);
    expect(body['error']).toMatch(/^invalid_(client_metadata|redirect_uri)$/);
  });

  it('makes a machine that registers for client_credentials', async () => {
    const { status, body } = await register({
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    });
    expect(status).toBe(201);
    const machine = relyingParty(provider.issuer, {
      clientId: body['client_id'] ?? '',
      secret: body['client_secret'] ?? '',
    });
    expect((await machine.token({ grant_type: 'client_credentials' })).status).toBe(200);
  });

  it('is closed outside of the sandbox but to who has a token for it', async () => {
    const real = await startProvider({ env: OUTSIDE });
    try {
      expect((await register({ redirect_uris: [REDIRECT] }, {}, real)).status).toBe(401);
      expect((await register({ redirect_uris: [REDIRECT] }, { authorization: 'Bearer guess' }, real)).status).toBe(401);
      const now = real.app.clock();
      const wrong = await issueApiToken(real.app.db, { role: 'statistics_full', label: 'x', now });
      const right = await issueApiToken(real.app.db, { role: 'registration', label: 'x', now });
      const withToken = (token: string): Promise<{ status: number }> =>
        register({ redirect_uris: [REDIRECT] }, { authorization: `Bearer ${token}` }, real);
      expect((await withToken(wrong.token)).status).toBe(401);
      expect((await withToken(right.token)).status).toBe(201);
    } finally {
      await real.close();
    }
  });
});

describe('A client of an operator', () => {
  const actor = { kind: 'operator', id: 'test' } as const;

  it('is registered once, with a secret that is shown once', async () => {
    const registration = {
      id: 'gop-y',
      name: { vi: 'Góp ý', en: 'Consultation' },
      kind: 'web' as const,
      authentication: { method: 'client_secret_basic' as const },
      redirectUris: [REDIRECT],
      scopes: ['openid'],
    };
    const outcome = await registerClient(provider.app, registration, actor);
    expect(await registerClient(provider.app, registration, actor)).toEqual({ kind: 'id_taken' });
    if (outcome.kind !== 'registered') throw new Error('not registered');
    const rp = relyingParty(provider.issuer, {
      clientId: 'gop-y',
      secret: outcome.secret ?? '',
      redirectUri: REDIRECT,
    });
    expect(Object.keys(await rp.signIn(newBrowser(), 'l2-active'))).toContain('id_token');
    const more = await newBrowser().get(rp.authorizeUrl({ login_hint: 'persona:l2-active', scope: 'openid profile' }));
    expect(errorIn(more)).toBe('invalid_scope');
  });

  it('ends at once when it is disabled: no sign-in, no refresh, no userinfo', async () => {
    const outcome = await registerClient(
      provider.app,
      {
        id: 'short-lived',
        name: { vi: 'Ngắn', en: 'Short' },
        kind: 'web',
        authentication: { method: 'client_secret_basic' },
        redirectUris: [REDIRECT],
      },
      actor,
    );
    const secret = outcome.kind === 'registered' ? (outcome.secret ?? '') : '';
    const rp = relyingParty(provider.issuer, { clientId: 'short-lived', secret, redirectUri: REDIRECT });
    const tokens = await rp.signIn(newBrowser(), 'l2-active');
    expect(await disableClient(provider.app, 'short-lived', { actor, reason: 'test' })).toBe(true);
    provider.app.oidc.forgetClient('short-lived');
    expect(await disableClient(provider.app, 'short-lived', { actor, reason: 'test' })).toBe(false);
    expect((await rp.refresh(tokens.refresh_token)).body.error).toBe('invalid_client');
    const userinfo = await fetch(`${provider.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(userinfo.status).toBe(401);
    const answer = await newBrowser().get(rp.authorizeUrl({ login_hint: 'persona:l2-active' }));
    expect(answer.status).toBe(400);
    expect(answer.location).toBeUndefined();
    expect(answer.text).toContain('invalid_client');
  });
});

const OUTSIDE = {
  SANDBOX: 'false',
  SMS_GATEWAY_URL: 'http://localhost:1/',
  SMS_GATEWAY_TOKEN: 'not-a-real-gateway-token',
  DATA_KEYS: `k1:${Buffer.from('0123456789abcdefghijklmnopqrstuv').toString('base64')}`,
  INDEX_KEYS: `k1:${Buffer.from('vutsrqponmlkjihgfedcba9876543210').toString('base64')}`,
  COOKIE_KEYS: 'only-for-a-test-0123456789-abcdefghij',
  PASSWORD_PEPPER: 'only-for-a-test-9876543210-jihgfedcba',
};
