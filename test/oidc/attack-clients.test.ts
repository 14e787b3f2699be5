import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putClient } from '../../src/relying-parties/client-store.ts';
import { disableClient, registerClient } from '../../src/relying-parties/register-client.ts';
import { startProvider, type TestProvider } from './support/provider.ts';
import { codeIn, errorIn, newBrowser, type RelyingParty, relyingParty, type Tokens } from './support/relying-party.ts';

const REDIRECT = 'https://rp.test/callback';
const actor = { kind: 'operator', id: 'test' } as const;

let provider: TestProvider;
let web: RelyingParty;
let spa: RelyingParty;

beforeAll(async () => {
  provider = await startProvider();
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  spa = relyingParty(provider.issuer, { clientId: 'sandbox-spa' });
});
afterAll(() => provider.close());

const register = async (metadata: object): Promise<{ status: number; body: Record<string, string> }> => {
  const response = await fetch(`${provider.issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(metadata),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};

const userinfo = (token: string): Promise<Response> =>
  fetch(`${provider.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } });

/** A relying party of an operator, with a secret. */
const giveClient = async (id: string, least: { leastAccountLevel?: 1 | 2 } = {}): Promise<RelyingParty> => {
  const outcome = await registerClient(
    provider.app,
    {
      id,
      name: { vi: id, en: id },
      kind: 'web',
      authentication: { method: 'client_secret_basic' },
      redirectUris: [REDIRECT],
      ...least,
    },
    actor,
  );
  if (outcome.kind !== 'registered') throw new Error(outcome.kind);
  return relyingParty(provider.issuer, { clientId: id, secret: outcome.secret ?? '', redirectUri: REDIRECT });
};

describe('A client that registered itself', () => {
  it.each(['health_book', 'judicial_record'])('gets no token of its own for the service `%s`', async (scope) => {
    const { body } = await register({
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      scope: `openid ${scope}`,
    });
    const machine = relyingParty(provider.issuer, {
      clientId: body['client_id'] ?? '',
      secret: body['client_secret'] ?? '',
    });
    const resource = `urn:vn:eid:resource:${scope}`;
    for (const form of [{ scope }, { scope, resource }, { resource }]) {
      const answer = await machine.token({ grant_type: 'client_credentials', ...form });
      expect(answer.body).toMatchObject({ error: 'invalid_target' });
    }
  });

  it.each([
    ['NUL', 'a\0b'],
    ['a line break', 'iHaNoi\nAn official service'],
    ['letters that run backwards', '\u202eioNaHi'],
    ['an isolate', '\u2066iHaNoi'],
  ])('has no name with %s', async (_what, name) => {
    const { status, body } = await register({ redirect_uris: [REDIRECT], client_name: name });
    expect(status).toBe(400);
    expect(body['error']).toBe('invalid_client_metadata');
  });

  it('may have a name in any script', async () => {
    expect((await register({ redirect_uris: [REDIRECT], client_name: 'Công dân Thủ đô số – 市民 👩‍⚕️' })).status).toBe(
      201,
    );
  });
});

describe('A machine', () => {
  it.each(['openid', 'profile', 'openid citizen_id', 'offline_access', 'account'])(
    'has no person whose `%s` it could be given',
    async (scope) => {
      const machine = relyingParty(provider.issuer, { clientId: 'sandbox-machine', secret: 'sandbox-machine-secret' });
      const { body } = await machine.token({ grant_type: 'client_credentials', scope });
      expect(body.error).toBe('invalid_scope');
      expect((await machine.token({ grant_type: 'client_credentials' })).body.scope).toBeUndefined();
    },
  );
});

describe('A service for accounts of level 2', () => {
  it('gets nothing more of an account that is at level 1 now', async () => {
    const rp = await giveClient('level-two', { leastAccountLevel: 2 });
    const tokens = await rp.signIn(newBrowser(), 'teen', { scope: 'openid profile offline_access', prompt: 'consent' });
    expect((await userinfo(tokens.access_token)).status).toBe(200);

    const accountId = await provider.personaId('teen');
    const grants = provider.app.db('level_grants').where({ account_id: accountId });
    // A change of phone number takes the activation of level 2 back; level 1 stands.
    await grants.clone().where({ account_level: 2 }).update({ status: 'pending_activation' });
    await provider.app.db('level_grants').insert({
      ...(await grants.clone().first()),
      id: 'level-1-of-teen',
      account_level: 1,
      status: 'activated',
    });

    expect((await userinfo(tokens.access_token)).status).toBe(401);
    expect((await rp.call('/introspect', { token: tokens.access_token })).body).toEqual({ active: false });
    expect((await rp.refresh(tokens.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('A client that was disabled', () => {
  it('leaves nothing that a data service would take for a living token', async () => {
    const rp = await giveClient('soon-disabled');
    const tokens = await rp.signIn(newBrowser(), 'foreigner');
    await putClient(
      provider.app.db,
      {
        id: 'data-service',
        origin: 'operator',
        name: { vi: 'd', en: 'd' },
        leastAccountLevel: 1,
        leastAuthLevel: 1,
        essentialScopes: ['openid'],
        claimNames: 'standard',
        mayIntrospectAll: true,
        metadata: { redirect_uris: [REDIRECT], token_endpoint_auth_method: 'none' },
      },
      provider.app.clock(),
    );
    const inspector = relyingParty(provider.issuer, { clientId: 'data-service' });
    const inspect = () => inspector.call('/introspect', { token: tokens.access_token });
    expect(await inspect()).toMatchObject({ status: 200, body: { active: true } });

    await disableClient(provider.app, 'soon-disabled', { actor, reason: 'test' });
    provider.app.oidc.forgetClient('soon-disabled');
    expect(await inspect()).toMatchObject({ status: 200, body: { active: false } });
  });
});

describe('The tokens of one client', () => {
  let tokens: Tokens;
  beforeAll(async () => {
    tokens = await web.signIn(newBrowser(), 'l2-active', { scope: 'openid offline_access', prompt: 'consent' });
  });

  it('say nothing to another, and are not its to end or to use', async () => {
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      expect((await spa.call('/introspect', { token })).body).toEqual({ active: false });
      await spa.call('/revoke', { token });
      expect((await web.call('/introspect', { token })).body).toMatchObject({ active: true });
    }
    expect((await spa.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect((await web.refresh(tokens.refresh_token)).status).toBe(200);
  });

  it('do not come of another one’s code, nor of a code without its verifier', async () => {
    const browser = newBrowser();
    const code = async (): Promise<string> =>
      codeIn(await browser.get(web.authorizeUrl({ login_hint: 'persona:l2-active' })));
    const stolen = await code();
    expect((await spa.redeem(stolen, { code_verifier: web.verifier })).body.error).toBe('invalid_grant');
    expect((await web.redeem(stolen)).status).toBe(200);
    for (const verifier of ['', 'x'.repeat(43), web.verifier.toUpperCase()])
      expect((await web.redeem(await code(), { code_verifier: verifier })).body.error).toBe('invalid_grant');
  });

  it.each([
    ['plain', { code_challenge_method: 'plain' }],
    ['an unnamed method', { code_challenge_method: undefined }],
    ['none at all', { code_challenge: undefined, code_challenge_method: undefined }],
  ])('are not given with a weaker proof of the code: %s', async (_what, changes) => {
    const answer = await newBrowser().get(web.authorizeUrl({ login_hint: 'persona:l2-active', ...changes }));
    expect(errorIn(answer)).toBe('invalid_request');
  });
});

describe('A pushed request', () => {
  it('is what counts: nothing beside its address changes it', async () => {
    const browser = newBrowser();
    const address = await web.push({ scope: 'openid', login_hint: 'persona:l2-active', state: 'pushed' });
    const more = new URLSearchParams({
      scope: 'openid citizen_id',
      redirect_uri: 'https://evil.test/',
      acr_values: 'urn:vn:eid:auth:2',
      state: 'changed',
      login_hint: 'persona:l1-active',
      prompt: 'none',
    });
    const answer = await browser.get(`${address}&${more.toString()}`);
    expect(answer.location?.origin).toBe('http://localhost:8080');
    expect(answer.location?.searchParams.get('state')).toBe('pushed');
    const { body } = await web.redeem(codeIn(answer));
    expect(body.scope).toBe('openid');
    const session = await browser.get(`${provider.issuer}/session`);
    expect(session.text).toContain(await provider.personaId('l2-active'));
  });

  it('is of use to nobody else', async () => {
    const address = await web.push({ scope: 'openid', login_hint: 'persona:l2-active' });
    const answer = await newBrowser().get(address.replace('sandbox-web', 'sandbox-spa'));
    expect(answer.location?.searchParams.get('code') ?? undefined).toBeUndefined();
    expect(answer.location?.searchParams.get('error') ?? answer.status).not.toBe(200);
  });
});
