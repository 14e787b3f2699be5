import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ProtocolStore } from '../../src/oidc/adapters/protocol-store.ts';
import { createTestDatabase, postgresUrl, redisUrl, type TestDatabase, testStoreName } from '../support/services.ts';
import { openInteraction, startProvider, type TestProvider } from './support/provider.ts';
import { type Browser, codeIn, newBrowser, type RelyingParty, relyingParty } from './support/relying-party.ts';

/** The store of the provider that was started last: its own, so that it can be made to fail. */
const opened = vi.hoisted((): { store?: ProtocolStore } => ({}));
vi.mock('../../src/oidc/adapters/open-protocol-store.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/oidc/adapters/open-protocol-store.ts')>();
  const openProtocolStore: typeof original.openProtocolStore = async (...args) => {
    const store = await original.openProtocolStore(...args);
    opened.store = store;
    return store;
  };
  return { ...original, openProtocolStore };
});

const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' };
const AT_ONCE = Array.from({ length: 20 });
/** A query that means nothing makes a request unusual, and so the library's. */
const WAYS = ['/token', '/token?'];

const STORES = [
  { name: 'SQLite', isThere: true, isShared: false },
  { name: 'PostgreSQL', isThere: postgresUrl() !== undefined, isShared: true },
  {
    name: 'Redis',
    isThere: postgresUrl() !== undefined && redisUrl() !== undefined,
    isShared: true,
    redis: redisUrl(),
  },
];

for (const { name, isThere, isShared, redis } of STORES)
  describe.skipIf(!isThere)(`On ${name}`, { timeout: 60_000 }, () => {
    let database: TestDatabase | undefined;
    let provider: TestProvider;
    let web: RelyingParty;
    beforeAll(async () => {
      database = isShared ? await createTestDatabase(postgresUrl() as string) : undefined;
      provider = await startProvider({
        env: {
          ...(database === undefined ? {} : { DATABASE_URL: database.url }),
          ...(redis === undefined ? {} : { REDIS_URL: redis, REDIS_KEY_PREFIX: testStoreName() }),
        },
      });
      web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
    });
    afterEach(() => vi.restoreAllMocks());
    afterAll(async () => {
      await provider.close();
      await database?.drop();
    });

    const newCode = async (): Promise<string> =>
      codeIn(await newBrowser().get(web.authorizeUrl({ login_hint: 'persona:l2-active' })));
    const redeeming = (code: string): Record<string, string> => ({
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'http://localhost:8080/callback',
      code_verifier: web.verifier,
    });
    const tableOf = (model: string) => (opened.store as ProtocolStore).adapterFor(model);
    const outage = (): Error => Object.assign(new Error('the server is starting'), { code: '57P03' });
    const isAlive = async (token: string): Promise<boolean> => {
      const { body } = await web.call('/introspect', { token });
      return body['active'] === true;
    };

    it.each(WAYS)('one of twenty redeems the code by %s, and what it got ends only if one came late', async (path) => {
      for (let round = 0; round < 5; round += 1) {
        const code = await newCode();
        const answers = await Promise.all(AT_ONCE.map(() => web.call(path, redeeming(code))));
        const [given, ...more] = answers.filter(({ status }) => status === 200);
        expect([given === undefined, more.length]).toEqual([false, 0]);
        expect(answers.filter(({ status }) => status === 400)).toHaveLength(19);
        await web.call(path, redeeming(code));
        expect(await isAlive(String(given?.body['access_token']))).toBe(false);
        expect((await web.refresh(String(given?.body['refresh_token']))).status).toBe(400);
      }
    });

    it.each(WAYS)('one of twenty uses the refresh token by %s', async (path) => {
      const { refresh_token } = await web.signIn(newBrowser(), 'l2-active', OFFLINE);
      const form = { grant_type: 'refresh_token', refresh_token };
      const answers = await Promise.all(AT_ONCE.map(() => web.call(path, form)));
      const [renewed, ...more] = answers.filter(({ status }) => status === 200);
      expect(more).toEqual([]);
      expect((await web.refresh(String(renewed?.body['refresh_token']))).status).toBe(200);
      provider.travel(11);
      expect((await web.call(path, form)).status).toBe(400);
      expect(await isAlive(String(renewed?.body['access_token']))).toBe(false);
    });

    it.each(WAYS)('two at once for one code by %s: who is slower is refused, and ends nothing', async (path) => {
      const other = await web.signIn(newBrowser(), 'l2-active', OFFLINE);
      const code = await newCode();
      const [adapter, store] = [tableOf('AuthorizationCode'), opened.store as ProtocolStore];
      const [consume, redeem] = [adapter.consume.bind(adapter), store.redeem.bind(store)];
      // The other one's consumption comes between this one's look and its own.
      vi.spyOn(store, 'redeem').mockImplementationOnce(async (model, used, made) => {
        await consume(used);
        await redeem(model, used, made);
      });
      vi.spyOn(adapter, 'consume').mockImplementationOnce(async (id) => {
        await consume(id);
        await consume(id);
      });
      expect(await web.call(path, redeeming(code))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
      expect((await web.refresh(other.refresh_token)).status).toBe(200);
    });

    /** PostgreSQL saves what is made of a code by the statement that uses it up: there is no half of it (test/contracts/oidc-together.test.ts). */
    const halfWays = name === 'PostgreSQL' ? ['/token?'] : WAYS;

    it.each(halfWays.flatMap((path) => ['AccessToken', 'RefreshToken'].map((model) => [path, model] as const)))(
      'a code by %s whose %s cannot be saved is spent, and nothing else ends',
      async (path, model) => {
        const other = await web.signIn(newBrowser(), 'l2-active', OFFLINE);
        const code = await newCode();
        vi.spyOn(tableOf(model), 'upsert').mockRejectedValueOnce(outage());
        expect(await web.call(path, redeeming(code))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
        expect((await web.refresh(other.refresh_token)).status).toBe(200);
        // And only then it counts as stolen.
        expect((await web.call(path, redeeming(code))).status).toBe(400);
        expect((await web.refresh(other.refresh_token)).status).toBe(400);
      },
    );

    it.each(WAYS)('a code by %s that was surely not used is good', async (path) => {
      const code = await newCode();
      vi.spyOn(opened.store as ProtocolStore, 'redeem').mockRejectedValueOnce(outage());
      if (path === '/token?') vi.spyOn(tableOf('AuthorizationCode'), 'consume').mockRejectedValueOnce(outage());
      await web.call(path, redeeming(code));
      expect(await isAlive((await web.redeem(code)).body.access_token)).toBe(path === '/token?');
    });

    it.each([{}, { dpop: 'x' }])('a service whose request %o cannot be kept is told so', async (headers) => {
      const address = web.authorizeUrl({ state: 's' });
      vi.spyOn(tableOf('Interaction'), 'upsert').mockRejectedValue(outage());
      const logged = provider.logged.length;
      const { location, headers: told } = await newBrowser().get(address, headers);
      expect(Object.fromEntries(location?.searchParams ?? [])).toMatchObject({
        error: 'temporarily_unavailable',
        state: 's',
        iss: provider.issuer,
      });
      expect(told.getSetCookie()).toEqual([]);
      await expect
        .poll(() => provider.logged.slice(logged).map((line) => (JSON.parse(line) as { msg: string }).msg))
        .toEqual(['oidc.failed', 'http.request']);
      vi.restoreAllMocks();
      expect((await newBrowser().get(address, headers)).location?.pathname).toMatch(/^\/interaction\//);
    });

    /** Somebody who has typed her password and now comes back. */
    const proved = async (): Promise<{ browser: Browser; back: string }> => {
      const browser = newBrowser();
      const account = await provider.personaId('l2-active');
      const { at } = await openInteraction(browser, web.authorizeUrl());
      const { location } = await browser.get(`${at}/login?account=${account}&factors=pwd`);
      return { browser, back: location?.href ?? '' };
    };

    it.each([{}, { dpop: 'x' }])('who comes back %o while her session cannot be saved is told so', async (headers) => {
      await newCode();
      for (const model of ['Session', 'AuthorizationCode']) {
        const { browser, back } = await proved();
        // PostgreSQL saves both by one statement.
        if (name === 'PostgreSQL' && !('dpop' in headers))
          vi.spyOn(opened.store as ProtocolStore, 'saveAll').mockRejectedValueOnce(outage());
        else vi.spyOn(tableOf(model), 'upsert').mockRejectedValueOnce(outage());
        const logged = provider.logged.length;
        const answer = await browser.get(back, headers);
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
        await expect
          .poll(() => provider.logged.slice(logged).map((line) => (JSON.parse(line) as { msg: string }).msg))
          .toEqual(['oidc.failed', 'http.request']);
        // Her interaction is over: she begins again.
        expect((await browser.get(back, headers)).status).toBe(400);
        expect(codeIn(await newBrowser().get(web.authorizeUrl({ login_hint: 'persona:l2-active' })))).toBeTruthy();
      }
    });

    it('who comes back while her interaction was surely not ended comes back nevertheless', async () => {
      await newCode();
      const { browser, back } = await proved();
      const full = Object.assign(new Error('the disk is full'), { code: '53100' });
      vi.spyOn(tableOf('Interaction'), 'destroy').mockRejectedValueOnce(full);
      expect((await web.redeem(codeIn(await browser.get(back)))).status).toBe(200);
    });

    it.each([{}, { dpop: 'x' }])(
      'of twenty who come back %o at once each has a session of its own',
      async (headers) => {
        await newCode();
        const { browser, back } = await proved();
        const answers = await Promise.all(AT_ONCE.map(() => browser.get(back, headers)));
        const sessions = answers.flatMap((answer) =>
          answer.headers.getSetCookie().filter((line) => line.startsWith('session=')),
        );
        expect(new Set(sessions).size).toBe(sessions.length);
        expect(sessions.length).toBeGreaterThanOrEqual(1);
        expect(answers.filter(({ location }) => location?.searchParams.has('code') === true)).toHaveLength(
          sessions.length,
        );
      },
    );

    it.each(halfWays)('a refresh token by %s that was used for nothing ends nothing else', async (path) => {
      const { refresh_token } = await web.signIn(newBrowser(), 'l2-active', OFFLINE);
      const other = await web.signIn(newBrowser(), 'l2-active', OFFLINE);
      vi.spyOn(tableOf('AccessToken'), 'upsert').mockRejectedValueOnce(outage());
      const form = { grant_type: 'refresh_token', refresh_token };
      expect((await web.call(path, form)).status).not.toBe(200);
      expect((await web.call(path, form)).status).toBe(400);
      expect((await web.refresh(other.refresh_token)).status).toBe(200);
    });
  });
