import { randomBytes } from 'node:crypto';
import pg from 'pg';

export type ServiceKey = 'TEST_DATABASE_URL' | 'TEST_REDIS_URL' | 'CHROMIUM_PATH';

/** Undefined when find-services.ts found none (and said so); then `describe.skipIf(postgresUrl() === undefined)`. */
const found = (key: ServiceKey): string | undefined => process.env[key];

export const postgresUrl = (): string | undefined => found('TEST_DATABASE_URL');
export const redisUrl = (): string | undefined => found('TEST_REDIS_URL');
export const chromiumPath = (): string | undefined => found('CHROMIUM_PATH');

/** A name that no other test run uses: for a database, or with a colon after it for Redis keys. */
export function testStoreName(): string {
  return `dinhdanh_test_${randomBytes(6).toString('hex')}`;
}

/** The name of a database with the whole schema, of which those of the flows are copies: made once for a run with TEST_FLOW_STORE=postgres. */
export const FLOW_TEMPLATE = 'TEST_FLOW_TEMPLATE';

export type TestDatabase = { url: string; drop: () => Promise<void> };

/** Creates a database beside the one that `serverUrl` names, which is never touched: empty, or a copy of `template`. */
export async function createTestDatabase(serverUrl: string, template = 'template0'): Promise<TestDatabase> {
  const name = testStoreName();
  // The C locale everywhere: order and upper case must not depend on the machine that runs the tests.
  await query(serverUrl, `create database ${name} template ${template} encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => query(serverUrl, `drop database if exists ${name} with (force)`) };
}

/** As a PostgreSQL that scales out sees transactions: every one of them serializable, unless it says otherwise. */
export function serializable(url: string): string {
  const address = new URL(url);
  address.searchParams.set('options', '-c default_transaction_isolation=serializable');
  return address.href.replaceAll('+', '%20');
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
