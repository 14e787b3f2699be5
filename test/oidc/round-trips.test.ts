import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, postgresUrl, redisUrl, type TestDatabase } from '../support/services.ts';
import { startProvider, type TestProvider } from './support/provider.ts';
import { type Browser, codeIn, newBrowser, type RelyingParty, relyingParty } from './support/relying-party.ts';

/** What Redis was asked since. */
const asked = vi.hoisted((): { commands: string[] } => ({ commands: [] }));
vi.mock('../../src/oidc/adapters/open-redis.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/oidc/adapters/open-redis.ts')>();
  const openRedis: typeof original.openRedis = async (...args) => {
    const opened = await original.openRedis(...args);
    type Send = (...given: unknown[]) => unknown;
    const watched = Object.entries(opened.redis as unknown as Record<string, Send>).map(([command, send]) => {
      const watching: Send = (...given) => {
        asked.commands.push(command);
        return send(...given);
      };
      return [command, watching] as const;
    });
    return { ...opened, redis: Object.fromEntries(watched) as unknown as typeof opened.redis };
  };
  return { ...original, openRedis };
});

const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' };

/** At most so many, each of which is a way to the store and back and some computing here and there. */
type Cost = { postgres: number; redis: number };
type Request = 'who is signed in' | 'a code' | 'userinfo' | 'a refresh token' | 'introspection';

const STORES: { name: string; isThere: boolean; redis?: string | undefined; most: Record<Request, Cost> }[] = [
  {
    name: 'PostgreSQL',
    isThere: postgresUrl() !== undefined,
    most: {
      'who is signed in': { postgres: 3, redis: 0 },
      'a code': { postgres: 2, redis: 0 },
      userinfo: { postgres: 1, redis: 0 },
      'a refresh token': { postgres: 2, redis: 0 },
      introspection: { postgres: 2, redis: 0 },
    },
  },
  {
    name: 'Redis and PostgreSQL',
    isThere: postgresUrl() !== undefined && redisUrl() !== undefined,
    redis: redisUrl(),
    most: {
      'who is signed in': { postgres: 2, redis: 3 },
      'a code': { postgres: 2, redis: 5 },
      userinfo: { postgres: 1, redis: 2 },
      'a refresh token': { postgres: 2, redis: 2 },
      introspection: { postgres: 1, redis: 3 },
    },
  },
];

for (const { name, isThere, redis, most } of STORES)
  describe.skipIf(!isThere)(`On ${name}, so often is asked for`, { timeout: 60_000 }, () => {
    let database: TestDatabase;
    let provider: TestProvider;
    let web: RelyingParty;
    let browser: Browser;
    let statements: string[] = [];

    beforeAll(async () => {
      database = await createTestDatabase(postgresUrl() as string);
      const { query } = pg.Client.prototype as unknown as { query: (...given: unknown[]) => unknown };
      vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function watched(this: pg.Client, ...given: unknown[]) {
        statements.push((given[0] as { text?: string }).text ?? String(given[0]));
        return query.apply(this, given) as never;
      });
      const env = { DATABASE_URL: database.url, ...(redis === undefined ? {} : { REDIS_URL: redis }) };
      provider = await startProvider({ env });
      web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
      browser = newBrowser();
      // Whatever is found once and then kept: the service, what the citizen is called there, statements.
      await userinfo((await web.signIn(browser, 'l2-active', OFFLINE)).access_token);
      await web.call('/introspect', { token: (await comeAgain()).access_token });
    });
    afterAll(async () => {
      vi.restoreAllMocks();
      await provider.close();
      await database.drop();
    });

    const userinfo = async (token: string): Promise<number> =>
      (await fetch(`${provider.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } })).status;
    const comeAgain = async () => (await web.redeem(codeIn(await browser.get(web.authorizeUrl())))).body;

    const costOf = async (request: () => Promise<unknown>): Promise<Cost & { statements: string[] }> => {
      statements = [];
      asked.commands = [];
      await request();
      // A service is looked up anew every few seconds.
      const counted = statements.filter((text) => !/from clients/i.test(text));
      return { postgres: counted.length, redis: asked.commands.length, statements: counted };
    };
    const expectAtMost = (cost: Cost & { statements: string[] }, request: Request): void => {
      const told = JSON.stringify({ statements: cost.statements, commands: asked.commands }, undefined, 1);
      expect(cost.postgres, told).toBeLessThanOrEqual(most[request].postgres);
      expect(cost.redis, told).toBeLessThanOrEqual(most[request].redis);
    };

    it('who is signed in', async () => {
      expectAtMost(await costOf(async () => codeIn(await browser.get(web.authorizeUrl()))), 'who is signed in');
    });

    it('a code', async () => {
      const code = codeIn(await browser.get(web.authorizeUrl()));
      expectAtMost(await costOf(async () => expect((await web.redeem(code)).status).toBe(200)), 'a code');
    });

    it('userinfo', async () => {
      const { access_token } = await comeAgain();
      expectAtMost(await costOf(async () => expect(await userinfo(access_token)).toBe(200)), 'userinfo');
    });

    it('a refresh token', async () => {
      const { refresh_token } = await web.signIn(newBrowser(), 'l2-active', OFFLINE);
      const cost = await costOf(async () => expect((await web.refresh(refresh_token)).status).toBe(200));
      expectAtMost(cost, 'a refresh token');
    });

    it('introspection', async () => {
      const { access_token: token } = await comeAgain();
      const cost = await costOf(async () =>
        expect((await web.call('/introspect', { token })).body).toMatchObject({ active: true }),
      );
      expectAtMost(cost, 'introspection');
    });
  });
