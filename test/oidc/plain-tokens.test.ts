import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BY_LIBRARY,
  basic,
  bearer,
  EVERYTHING,
  form,
  type PlainBench,
  type Seen,
  startPlainBench,
} from './support/plain-bench.ts';
import { codeIn, headerOf, newBrowser, payloadOf, type RelyingParty, type Tokens } from './support/relying-party.ts';

let bench: PlainBench;
beforeAll(async () => {
  bench = await startPlainBench();
});
afterAll(() => bench.close());

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
    access: alike((await bench.store.adapterFor('AccessToken').find(access_token)) ?? {}),
    refresh:
      refresh_token === undefined
        ? undefined
        : alike((await bench.store.adapterFor('RefreshToken').find(refresh_token)) ?? {}),
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
    ['that end with the session', () => bench.web, { scope: 'openid profile', nonce: 'n', state: 's' }],
    ['that outlast it', () => bench.web, OFFLINE],
    ['of a service that is told of sign-outs', () => bench.operators('legacy-names'), { scope: EVERYTHING }],
    ['of a public client', () => bench.spa, { scope: 'openid' }],
    ['signed RS256, with a public sub', () => bench.operators('public-sub'), { scope: 'openid email' }],
    // An acr that is asked for becomes a claim asked for, and those are the library's.
    ['of a stronger sign-in', () => bench.web, { acr_values: 'urn:vn:eid:auth:2' }, 0],
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
    bench.library.mockClear();
    const theirs = await chain(`/token${BY_LIBRARY}`);
    const before = bench.library.mock.calls.length;
    const ours = await chain('/token');
    expect(before - (bench.library.mock.calls.length - before)).toBe(byUs);
    expect(ours).toEqual(theirs);
  });

  it('to a machine', async () => {
    const machine = basic('sandbox-machine', 'sandbox-machine-secret');
    const seen = await Promise.all(
      ['/token', `/token${BY_LIBRARY}`].map((path) =>
        bench.ask(path, form({ grant_type: 'client_credentials' }, machine)),
      ),
    );
    const [ours, theirs] = await Promise.all(
      seen.map(async ({ status, headers, body }) => {
        const { access_token, ...rest } = body as Tokens;
        const kept = (await bench.store.adapterFor('ClientCredentials').find(access_token)) ?? {};
        return { status, headers, rest, kept: alike(kept), length: access_token.length };
      }),
    );
    expect(ours).toEqual(theirs);
  });

  it.each<Record<string, string>>([
    { scope: 'health_book' },
    { scope: 'health_book', resource: 'urn:vn:eid:resource:health_book' },
  ])('to a machine for a service: %o', async (wish) => {
    await bench.provider.app
      .db('clients')
      .where({ id: 'sandbox-machine' })
      .update({
        metadata: JSON.stringify({
          ...JSON.parse((await bench.provider.app.db('clients').where({ id: 'sandbox-machine' }).first()).metadata),
          scope: 'health_book',
        }),
      });
    bench.provider.app.oidc.forgetClient('sandbox-machine');
    const machine = basic('sandbox-machine', 'sandbox-machine-secret');
    const request = form({ grant_type: 'client_credentials', ...wish }, machine);
    const [ours, theirs] = [await bench.ask('/token', request), await bench.ask(`/token${BY_LIBRARY}`, request)];
    const worth = ({ status, headers, body }: Seen): unknown => {
      const { access_token, ...rest } = body as Tokens;
      return { status, headers, rest, header: headerOf(access_token), payload: alike(payloadOf(access_token)) };
    };
    expect([ours.isPlain, theirs.isPlain]).toEqual([true, false]);
    expect(worth(ours)).toEqual(worth(theirs));
  });

  it('and what is wrong is the library’s to say', async () => {
    const code = (): Promise<string> => codeFor(bench.web, {});
    const machine = basic('sandbox-machine', 'sandbox-machine-secret');
    const spent = await code();
    await bench.web.redeem(spent);
    const expired = await code();
    bench.provider.travel(61);
    const cases: (() => Promise<RequestInit> | RequestInit)[] = [
      async () => form({ ...redeeming(bench.web, await code()), code_verifier: 'x'.repeat(43) }),
      async () => form({ ...redeeming(bench.web, await code()), redirect_uri: `${callback}/other` }),
      async () => form(redeeming(bench.web, await code()), basic('legacy-names', 'legacy-names-secret')),
      async () => form(redeeming(bench.web, await code()), basic('sandbox-web', 'wrong')),
      async () => {
        const { code_verifier: _none, ...rest } = redeeming(bench.web, await code());
        return form(rest);
      },
      () => form(redeeming(bench.web, spent)),
      () => form(redeeming(bench.web, expired)),
      () => form(redeeming(bench.web, 'unknown')),
      () => form({ grant_type: 'refresh_token', refresh_token: 'unknown' }),
      () => form({ grant_type: 'client_credentials' }),
      () => form({ grant_type: 'client_credentials', scope: 'judicial_record' }, machine),
      () => form({ grant_type: 'client_credentials', scope: 'profile' }, machine),
      () => form({ grant_type: 'client_credentials', scope: 'health_book', resource: 'urn:x' }, machine),
      () => form({ grant_type: 'password' }),
      () => form({ grant_type: 'constructor' }),
      () => form({ grant_type: '' }),
    ];
    for (const init of cases) {
      const here = await bench.ask('/token', await init());
      const there = await bench.ask(`/token${BY_LIBRARY}`, await init());
      expect([here.isPlain, here.status >= 400]).toEqual([false, true]);
      expect({ ...here, isPlain: undefined }).toEqual({ ...there, isPlain: undefined });
    }
  });

  it('and a code that comes again ends what the first got', async () => {
    const code = await codeFor(bench.web, {});
    const { body } = await bench.web.redeem(code);
    expect((await bench.ask('/userinfo', bearer(body.access_token))).status).toBe(200);
    expect((await bench.web.redeem(code)).status).toBe(400);
    expect((await bench.askBoth('/userinfo', bearer(body.access_token))).status).toBe(401);
  });

  it('and a used refresh token that comes again late ends its family', async () => {
    const first = await bench.web.signIn(newBrowser(), 'l2-active', OFFLINE);
    const second = await bench.web.refresh(first.refresh_token);
    bench.provider.travel(11);
    expect((await bench.web.refresh(first.refresh_token)).status).toBe(400);
    expect((await bench.web.refresh(second.body.refresh_token)).status).toBe(400);
  });
});
