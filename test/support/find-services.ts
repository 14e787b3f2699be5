import { existsSync } from 'node:fs';
import { Redis } from 'ioredis';
import pg from 'pg';
import { migrate, openDatabase } from '../../src/platform/database.ts';
import { createTestDatabase, FLOW_TEMPLATE, postgresUrl, type ServiceKey } from './services.ts';

/**
 * Vitest's global set-up: finds the services that some tests need, once for the whole run, and hands them to the test processes
 * through the environment. What is missing is said loudly; where skipping is not allowed (CI_REQUIRE_SERVICES=1) it is an error.
 */
export async function setup(): Promise<() => Promise<void>> {
  await find('TEST_DATABASE_URL', {
    fallback: 'postgres://postgres@127.0.0.1:5432/postgres',
    answers: answersPostgres,
    skipped: 'the tests on PostgreSQL need a server on 127.0.0.1:5432 or one named by TEST_DATABASE_URL',
  });
  await find('TEST_REDIS_URL', {
    fallback: 'redis://127.0.0.1:6379',
    answers: answersRedis,
    skipped: 'the tests on Redis need a server on 127.0.0.1:6379 or one named by TEST_REDIS_URL',
  });
  await find('CHROMIUM_PATH', {
    fallback: '/usr/bin/chromium',
    answers: (path) => Promise.resolve(existsSync(path)),
    skipped: 'the tests in a browser need Chromium at /usr/bin/chromium or at CHROMIUM_PATH',
  });
  return makeFlowTemplate();
}

/** @returns what takes it away again. */
async function makeFlowTemplate(): Promise<() => Promise<void>> {
  const server = postgresUrl();
  if (process.env['TEST_FLOW_STORE'] !== 'postgres' || server === undefined) return () => Promise.resolve();
  const template = await createTestDatabase(server);
  const db = openDatabase({ kind: 'postgres', url: template.url });
  await migrate(db);
  await db.destroy();
  process.env[FLOW_TEMPLATE] = new URL(template.url).pathname.slice(1);
  return () => template.drop();
}

type Search = { fallback: string; answers: (address: string) => Promise<boolean>; skipped: string };

async function find(key: ServiceKey, { fallback, answers, skipped }: Search): Promise<void> {
  const given = process.env[key];
  if (await answers(given ?? fallback)) {
    process.env[key] = given ?? fallback;
    return;
  }
  if (given !== undefined) throw new Error(`${key} names a service that does not answer.`);
  if (process.env['CI_REQUIRE_SERVICES'] === '1') throw new Error(`CI_REQUIRE_SERVICES=1, and ${skipped}.`);
  console.warn(`\nSKIPPED: ${skipped}.`);
}

async function answersPostgres(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function answersRedis(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: 2000, retryStrategy: () => null });
  // Without a listener ioredis prints the refused connection; the answer below says it all.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}
