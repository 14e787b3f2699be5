import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestApp, type TestApp, type TestBrowser, type TestPage } from '../support/app.ts';
import { giveActivePerson, type TestPerson } from '../support/people.ts';
import { createTestDatabase, postgresUrl, redisUrl, type TestDatabase, testStoreName } from '../support/services.ts';
import { answerOf, authorizePath, signInWholly, typePassword } from '../support/sign-in-walk.ts';

/** At most so many, each of which is a way to the store and back, or some computing here and there. */
type Cost = { postgres: number; redis: number };

const STORES: { name: string; isThere: boolean; redis?: string | undefined; toThePage: Cost; password: Cost }[] = [
  {
    name: 'PostgreSQL',
    isThere: postgresUrl() !== undefined,
    toThePage: { postgres: 3, redis: 0 },
    password: { postgres: 14, redis: 0 },
  },
  {
    name: 'Redis and PostgreSQL',
    isThere: postgresUrl() !== undefined && redisUrl() !== undefined,
    redis: redisUrl(),
    toThePage: { postgres: 1, redis: 2 },
    password: { postgres: 11, redis: 8 },
  },
];

for (const { name, isThere, redis, toThePage, password } of STORES)
  describe.skipIf(!isThere)(`A sign-in on ${name}, in a browser used before, asks`, { timeout: 60_000 }, () => {
    let database: TestDatabase;
    let test: TestApp;
    let person: TestPerson;
    let browser: TestBrowser;
    let asked: { postgres: string[]; redis: string[] };

    beforeAll(async () => {
      database = await createTestDatabase(postgresUrl() as string);
      watch(pg.Client.prototype, 'query', ([query]) =>
        asked.postgres.push((query as { text?: string }).text ?? String(query)),
      );
      watch(Redis.prototype, 'sendCommand', ([command]) => asked.redis.push((command as { name: string }).name));
      asked = { postgres: [], redis: [] };
      const ofRedis = redis === undefined ? {} : { REDIS_URL: redis, REDIS_KEY_PREFIX: testStoreName() };
      test = await startTestApp({ env: { DATABASE_URL: database.url, ...ofRedis } });
      person = await giveActivePerson(test.app);
      browser = test.browser();
      await signInWholly(test, browser, person);
      // What is found once and then kept: the service, statements.
      await typePassword(browser, await open(), person);
    });
    afterAll(async () => {
      await test.close();
      await database.drop();
      vi.restoreAllMocks();
    });

    /** The browser was closed and is opened again: its session is gone. */
    const open = async (): Promise<TestPage> => {
      const { jar } = browser.agent as unknown as {
        jar: { setCookie(line: string, domain: string, path: string): void };
      };
      jar.setCookie('session=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/', 'localhost', '/');
      return browser.get(authorizePath());
    };
    const costOf = async <T>(work: () => Promise<T>): Promise<{ result: T; cost: Cost; told: string }> => {
      asked = { postgres: [], redis: [] };
      const result = await work();
      // A service is looked up anew every few seconds, and the clockwork does its own.
      const postgres = asked.postgres.filter((text) => !/from clients|outbox/i.test(text));
      const told = JSON.stringify({ postgres, redis: asked.redis }, undefined, 1);
      return { result, cost: { postgres: postgres.length, redis: asked.redis.length }, told };
    };

    it('so often from the service to the password and back', async () => {
      const start = await costOf(open);
      expect(start.result.$('input[name="password"]')).toHaveLength(1);
      expect(start.cost.postgres, start.told).toBeLessThanOrEqual(toThePage.postgres);
      expect(start.cost.redis, start.told).toBeLessThanOrEqual(toThePage.redis);

      const back = await costOf(() => typePassword(browser, start.result, person));
      expect(answerOf(back.result)['code']).toMatch(/./);
      expect(back.cost.postgres, back.told).toBeLessThanOrEqual(password.postgres);
      expect(back.cost.redis, back.told).toBeLessThanOrEqual(password.redis);
    });
  });

/** Tells what a method of a driver was called with. */
function watch(prototype: object, method: 'query' | 'sendCommand', tell: (given: unknown[]) => void): void {
  const methods = prototype as Record<string, (...given: unknown[]) => unknown>;
  const original = methods[method] as (...given: unknown[]) => unknown;
  vi.spyOn(methods, method).mockImplementation(function watched(this: object, ...given: unknown[]) {
    tell(given);
    return original.apply(this, given);
  });
}
