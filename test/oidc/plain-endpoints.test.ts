import { Provider } from 'oidc-provider';
import { afterAll, afterEach, beforeAll, describe, expect, it, type MockInstance, vi } from 'vitest';
import { lockAccount, unlockAccount } from '../../src/accounts/lock-account.ts';
import { openProtocolStore } from '../../src/oidc/adapters/open-protocol-store.ts';
import type { ProtocolStore } from '../../src/oidc/adapters/protocol-store.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { clientSecretHmac } from '../../src/relying-parties/client-secret.ts';
import { insertClient } from '../../src/relying-parties/client-store.ts';
import { startProvider, type TestProvider } from './support/provider.ts';
import {
  codeIn,
  newBrowser,
  payloadOf,
  type RelyingParty,
  relyingParty,
  type Tokens,
} from './support/relying-party.ts';

/** A query that means nothing makes a request unusual, and so the library's: the same answers are expected of both. */
const BY_LIBRARY = '?';

let provider: TestProvider;
let store: ProtocolStore;
/** Called once for each request that the library works on. */
let library: MockInstance;
let web: RelyingParty;

beforeAll(async () => {
  provider = await startProvider();
  store = await openProtocolStore(provider.app.config, provider.app);
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  for (const [id, subjectType, claimNames, mayIntrospectAll] of [
    ['public-sub', 'public', 'standard', true],
    ['legacy-names', 'pairwise', 'legacy', false],
  ] as const)
    await insertClient(
      provider.app.db,
      {
        id,
        origin: 'operator',
        name: { vi: id, en: id },
        leastAccountLevel: 1,
        leastAuthLevel: 1,
        essentialScopes: ['openid'],
        claimNames,
        mayIntrospectAll,
        legalBasis: 'a law made up for a test',
        secretHmac: clientSecretHmac(provider.app.vault, `${id}-secret`),
        metadata: {
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          redirect_uris: ['http://localhost:8080/callback'],
          subject_type: subjectType,
          id_token_signed_response_alg: id === 'public-sub' ? 'RS256' : 'ES256',
          token_endpoint_auth_method: id === 'public-sub' ? 'client_secret_post' : 'client_secret_basic',
          backchannel_logout_uri: 'https://service.test/logout',
          backchannel_logout_session_required: true,
        },
      },
      provider.app.clock(),
    );
  library = vi.spyOn(Provider.prototype as unknown as { createContext: () => unknown }, 'createContext');
});
afterEach(() => library.mockClear());
afterAll(async () => {
  await store.close();
  await provider.close();
});

const spa = (): RelyingParty => relyingParty(provider.issuer, { clientId: 'sandbox-spa' });
const operators = (id: string): RelyingParty => relyingParty(provider.issuer, { clientId: id, secret: `${id}-secret` });

type Seen = { status: number; body: unknown; headers: Record<string, string | null>; isPlain: boolean };

const HEADERS = ['cache-control', 'vary', 'content-type', 'access-control-allow-origin', 'www-authenticate'];

async function ask(path: string, init: RequestInit): Promise<Seen> {
  library.mockClear();
  const answer = await fetch(provider.issuer + path, init);
  const text = await answer.text();
  return {
    status: answer.status,
    body: text === '' ? undefined : JSON.parse(text),
    headers: Object.fromEntries(
      [...HEADERS, 'access-control-expose-headers'].map((name) => [name, answer.headers.get(name)]),
    ),
    isPlain: library.mock.calls.length === 0,
  };
}

const basic = (id: string, secret: string): Record<string, string> => ({
  authorization: `Basic ${btoa(`${id}:${secret}`)}`,
});
const WEB = basic('sandbox-web', 'sandbox-web-secret');

/** Asks both. @returns what the plain address said. */
async function askBoth(path: string, init: RequestInit): Promise<Seen> {
  const here = await ask(path, init);
  const there = await ask(path + BY_LIBRARY, init);
  expect(there.isPlain).toBe(false);
  expect({ ...here, isPlain: undefined }).toEqual({ ...there, isPlain: undefined });
  return here;
}

const form = (fields: Record<string, string>, headers: Record<string, string> = WEB): RequestInit => ({
  method: 'POST',
  headers,
  body: new URLSearchParams(fields),
});
const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

const EVERYTHING = 'openid profile phone email address account nationality residence guardian citizen_id';

describe('Userinfo without the library says what the library says', () => {
  it.each(['l2-active', 'l1-active', 'foreigner', 'teen'])('of %s', async (persona) => {
    for (const rp of [web, operators('legacy-names')])
      for (const scope of ['openid', 'openid profile', EVERYTHING]) {
        const { access_token } = await rp.signIn(newBrowser(), persona, { scope });
        expect(await askBoth('/userinfo', bearer(access_token))).toMatchObject({ status: 200, isPlain: true });
      }
  });

  it('and leaves a request that names an origin, or single claims, to it', async () => {
    const { access_token } = await spa().signIn(newBrowser(), 'l2-active');
    const headers = { authorization: `Bearer ${access_token}`, origin: 'http://localhost:8080' };
    expect(await askBoth('/userinfo', { headers })).toMatchObject({ status: 200, isPlain: false });
    expect(await askBoth('/userinfo', bearer(access_token))).toMatchObject({ status: 200, isPlain: true });
    const claims = JSON.stringify({ userinfo: { email: null } });
    const asked = await web.signIn(newBrowser(), 'l2-active', { claims });
    expect(await askBoth('/userinfo', bearer(asked.access_token))).toMatchObject({ status: 200, isPlain: false });
  });

  it('and leaves what is wrong to it', async () => {
    const { access_token: token } = await web.signIn(newBrowser(), 'l2-active');
    const machine = await machineToken();
    for (const init of [
      {},
      bearer('unknown'),
      bearer(machine),
      bearer(`${token} `.repeat(2)),
      { headers: { authorization: `Basic ${token}` } },
      form({ access_token: token }, {}),
      form({ access_token: token }, { authorization: `Bearer ${token}` }),
    ])
      expect((await askBoth('/userinfo', init)).isPlain).toBe(false);
  });
});

const machineToken = async (): Promise<string> => {
  const machine = relyingParty(provider.issuer, { clientId: 'sandbox-machine', secret: 'sandbox-machine-secret' });
  return (await machine.token({ grant_type: 'client_credentials' })).body.access_token;
};

describe('Introspection without the library says what the library says', () => {
  it('of own tokens, others’ and machines’', async () => {
    const own = await web.signIn(newBrowser(), 'l2-active', { scope: 'openid profile' });
    const others = await operators('legacy-names').signIn(newBrowser(), 'l2-active', { scope: EVERYTHING });
    const machine = await machineToken();
    for (const token of [own.access_token, others.access_token, machine]) {
      const fields = { token, client_id: 'public-sub', client_secret: 'public-sub-secret' };
      const seen = await askBoth('/introspect', form(fields, {}));
      expect(seen).toMatchObject({ status: 200, isPlain: true, body: { active: true } });
      await askBoth('/introspect', form({ token, token_type_hint: 'access_token' }));
    }
    expect((await askBoth('/introspect', form({ token: own.access_token }))).isPlain).toBe(true);
    expect((await askBoth('/introspect', form({ token: others.access_token }))).body).toEqual({ active: false });
  });

  it('and leaves what is unusual or wrong to it', async () => {
    const offline = { scope: 'openid offline_access', prompt: 'consent' };
    const { access_token: token, refresh_token } = await web.signIn(newBrowser(), 'l2-active', offline);
    for (const init of [
      form({ token: refresh_token, token_type_hint: 'refresh_token' }),
      form({ token: 'unknown' }),
      form({ token: 'a.b.c' }),
      form({ token: '' }),
      form({}),
      form({ token }, basic('sandbox-web', 'wrong')),
      form({ token }, basic('nobody', 'wrong')),
      form({ token }, {}),
      form({ token, client_id: 'other' }),
      form({ token, client_secret: 'sandbox-web-secret' }),
      form({ token }, { authorization: 'Basic x' }),
      { method: 'POST', headers: { ...WEB, 'content-type': 'application/json' }, body: JSON.stringify({ token }) },
      {
        method: 'POST',
        headers: WEB,
        body: new URLSearchParams([
          ['token', token],
          ['token', token],
        ]),
      },
    ])
      expect((await askBoth('/introspect', init)).isPlain).toBe(false);
  });
});

describe('A token ends in both ways at once', () => {
  const isAlive = async (token: string): Promise<boolean> => {
    const [userinfo, { body }] = [
      await askBoth('/userinfo', bearer(token)),
      await askBoth('/introspect', form({ token })),
    ];
    const { active } = body as { active: boolean };
    expect(userinfo.status).toBe(active ? 200 : 401);
    return active;
  };

  it('by its time, to the second', async () => {
    const { access_token } = await web.signIn(newBrowser(), 'l1-active');
    provider.travel(599);
    expect(await isAlive(access_token)).toBe(true);
    for (let seconds = 0; seconds < 20; seconds += 1) {
      provider.travel(1);
      await askBoth('/userinfo', bearer(access_token));
      await askBoth('/introspect', form({ token: access_token }));
    }
    expect(await isAlive(access_token)).toBe(false);
  });

  it('by a lock of its account', async () => {
    const { app } = provider;
    const { access_token } = await web.signIn(newBrowser(), 'l1-active');
    expect(await isAlive(access_token)).toBe(true);
    const accountId = await provider.personaId('l1-active');
    const fact = {
      accountId,
      reason: 'test',
      ground: 'holder_request',
      actor: { kind: 'operator', id: 'test' },
    } as const;
    await inTransaction(app.db, (tx) => lockAccount(tx, app, { ...fact, requestedBy: 'holder', now: app.clock() }));
    expect(await isAlive(access_token)).toBe(false);
    await inTransaction(app.db, (tx) => unlockAccount(tx, app, { ...fact, now: app.clock() }));
  });

  it('with its session, its grant, or when it is given back', async () => {
    const accountId = await provider.personaId('l1-active');
    const ends: ((token: string) => Promise<unknown>)[] = [
      () => store.destroySessions(accountId),
      () => provider.app.gateway.endGrant(accountId, 'sandbox-web'),
      (token) => web.call('/revoke', { token }),
    ];
    for (const end of ends) {
      const { access_token } = await web.signIn(newBrowser(), 'l1-active');
      expect(await isAlive(access_token)).toBe(true);
      await end(access_token);
      expect(await isAlive(access_token)).toBe(false);
    }
  });

  it('with its client', async () => {
    const { access_token } = await operators('legacy-names').signIn(newBrowser(), 'l1-active');
    await provider.app
      .db('clients')
      .where({ id: 'legacy-names' })
      .update({ disabled_at: provider.app.clock().getTime() });
    provider.app.oidc.forgetClient('legacy-names');
    expect((await askBoth('/userinfo', bearer(access_token))).status).toBe(401);
    await provider.app.db('clients').where({ id: 'legacy-names' }).update({ disabled_at: null });
  });
});

/** Without what is different each time. */
function alike(value: unknown): unknown {
  const random = new Set(['jti', 'grantId', 'sessionUid', 'sid', 'nonce']);
  return Object.fromEntries(
    Object.entries(value as object)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => [key, random.has(key) ? typeof one : one]),
  );
}

/** What an answer of the token endpoint is worth: itself, the claims of its id token, and what was saved. */
async function worthOf({ access_token, id_token, refresh_token, ...rest }: Tokens): Promise<unknown> {
  return {
    ...rest,
    idToken: id_token === undefined ? undefined : alike(payloadOf(id_token)),
    access: alike((await store.adapterFor('AccessToken').find(access_token)) ?? {}),
    refresh:
      refresh_token === undefined
        ? undefined
        : alike((await store.adapterFor('RefreshToken').find(refresh_token)) ?? {}),
  };
}

const OFFLINE = { scope: 'openid profile offline_access', prompt: 'consent' };

describe('Tokens without the library are worth what the library’s are', () => {
  const callback = 'http://localhost:8080/callback';
  const redeeming = (rp: RelyingParty, code: string): Record<string, string> => ({
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: rp.verifier,
  });
  const codeFor = async (rp: RelyingParty, parameters: Record<string, string>): Promise<string> =>
    codeIn(await newBrowser().get(rp.authorizeUrl({ login_hint: 'persona:l2-active', ...parameters })));
  const get = async (rp: RelyingParty, path: string, fields: Record<string, string>): Promise<Tokens> => {
    const { status, body } = await rp.call(path, fields);
    expect([status, body['error']]).toEqual([200, undefined]);
    return body as unknown as Tokens;
  };

  it.each<[string, () => RelyingParty, Record<string, string>, byUs?: number]>([
    ['that end with the session', () => web, { scope: 'openid profile', nonce: 'n', state: 's' }],
    ['that outlast it', () => web, OFFLINE],
    ['of a service that is told of sign-outs', () => operators('legacy-names'), { scope: EVERYTHING }],
    ['of a public client', spa, { scope: 'openid' }],
    ['signed RS256, with a public sub', () => operators('public-sub'), { scope: 'openid email' }],
    // An acr that is asked for becomes a claim asked for, and those are the library's.
    ['of a stronger sign-in', () => web, { acr_values: 'urn:vn:eid:auth:2' }, 0],
  ])('%s', async (_what, party, parameters, byUs = 3) => {
    const rp = party();
    const chain = async (path: string): Promise<unknown> => {
      const first = await get(rp, path, redeeming(rp, await codeFor(rp, parameters)));
      const refresh = (token: string): Promise<Tokens> =>
        get(rp, path, { grant_type: 'refresh_token', refresh_token: token });
      const second = await refresh(first.refresh_token);
      const third = await refresh(second.refresh_token);
      return Promise.all([first, second, third].map(worthOf));
    };
    library.mockClear();
    const theirs = await chain(`/token${BY_LIBRARY}`);
    const before = library.mock.calls.length;
    const ours = await chain('/token');
    expect(before - (library.mock.calls.length - before)).toBe(byUs);
    expect(ours).toEqual(theirs);
  });

  it('to a machine', async () => {
    const machine = basic('sandbox-machine', 'sandbox-machine-secret');
    const seen = await Promise.all(
      ['/token', `/token${BY_LIBRARY}`].map((path) => ask(path, form({ grant_type: 'client_credentials' }, machine))),
    );
    const [ours, theirs] = await Promise.all(
      seen.map(async ({ status, headers, body }) => {
        const { access_token, ...rest } = body as Tokens;
        const kept = (await store.adapterFor('ClientCredentials').find(access_token)) ?? {};
        return { status, headers, rest, kept: alike(kept), length: access_token.length };
      }),
    );
    expect(ours).toEqual(theirs);
  });

  it('and what is wrong is the library’s to say', async () => {
    const code = (): Promise<string> => codeFor(web, {});
    const spent = await code();
    await web.redeem(spent);
    const expired = await code();
    provider.travel(61);
    const cases: (() => Promise<RequestInit> | RequestInit)[] = [
      async () => form({ ...redeeming(web, await code()), code_verifier: 'x'.repeat(43) }),
      async () => form({ ...redeeming(web, await code()), redirect_uri: `${callback}/other` }),
      async () => form(redeeming(web, await code()), basic('legacy-names', 'legacy-names-secret')),
      async () => form(redeeming(web, await code()), basic('sandbox-web', 'wrong')),
      async () => {
        const { code_verifier: _none, ...rest } = redeeming(web, await code());
        return form(rest);
      },
      () => form(redeeming(web, spent)),
      () => form(redeeming(web, expired)),
      () => form(redeeming(web, 'unknown')),
      () => form({ grant_type: 'refresh_token', refresh_token: 'unknown' }),
      () => form({ grant_type: 'client_credentials' }),
      () => form({ grant_type: 'password' }),
      () => form({ grant_type: 'constructor' }),
      () => form({ grant_type: '' }),
    ];
    for (const init of cases) {
      const here = await ask('/token', await init());
      const there = await ask(`/token${BY_LIBRARY}`, await init());
      expect([here.isPlain, here.status >= 400]).toEqual([false, true]);
      expect({ ...here, isPlain: undefined }).toEqual({ ...there, isPlain: undefined });
    }
  });

  it('and a code that comes again ends what the first got', async () => {
    const code = await codeFor(web, {});
    const { body } = await web.redeem(code);
    expect((await ask('/userinfo', bearer(body.access_token))).status).toBe(200);
    expect((await web.redeem(code)).status).toBe(400);
    expect((await askBoth('/userinfo', bearer(body.access_token))).status).toBe(401);
  });

  it('and a used refresh token that comes again late ends its family', async () => {
    const first = await web.signIn(newBrowser(), 'l2-active', OFFLINE);
    const second = await web.refresh(first.refresh_token);
    provider.travel(11);
    expect((await web.refresh(first.refresh_token)).status).toBe(400);
    expect((await web.refresh(second.body.refresh_token)).status).toBe(400);
  });
});
