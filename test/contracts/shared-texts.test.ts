import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import * as sharedTexts from '../../migrations/0018-shared-texts.ts';
import { type Db, openDatabase } from '../../src/platform/database.ts';
import { createLog } from '../../src/platform/log.ts';
import { openSharedTexts, type SharedTexts } from '../../src/platform/shared-texts.ts';
import { createTestDatabase, postgresUrl, redisUrl } from '../support/services.ts';

type Opened = { texts: SharedTexts[]; discard(): Promise<void> };

const log = createLog('silent');
const PROCESSES = 3;

/** Several processes' views of one store; memory is one process's own. */
const STORES: { name: string; open: (() => Promise<Opened>) | undefined }[] = [
  { name: 'memory', open: inMemory },
  { name: 'PostgreSQL', open: postgresUrl() === undefined ? undefined : inPostgres },
  { name: 'Redis', open: redisUrl() === undefined ? undefined : inRedis },
];

async function inMemory(): Promise<Opened> {
  const db = openDatabase({ kind: 'sqlite', file: ':memory:' });
  const one = await openSharedTexts({ redisUrl: undefined, database: { kind: 'sqlite' } }, { db, log });
  return { texts: Array<SharedTexts>(PROCESSES).fill(one), discard: () => db.destroy() };
}

async function inPostgres(): Promise<Opened> {
  const { url, drop } = await createTestDatabase(postgresUrl() as string);
  const dbs: Db[] = Array.from({ length: PROCESSES }, () => openDatabase({ kind: 'postgres', url }));
  await sharedTexts.up(dbs[0] as Db);
  const config = { redisUrl: undefined, database: { kind: 'postgres' as const } };
  return {
    texts: await Promise.all(dbs.map((db) => openSharedTexts(config, { db, log }))),
    async discard() {
      await Promise.all(dbs.map((db) => db.destroy()));
      await drop();
    },
  };
}

async function inRedis(): Promise<Opened> {
  const url = redisUrl() as string;
  const db = openDatabase({ kind: 'sqlite', file: ':memory:' });
  const config = { redisUrl: url, database: { kind: 'sqlite' as const } };
  const texts = await Promise.all(Array.from({ length: PROCESSES }, () => openSharedTexts(config, { db, log })));
  return {
    texts,
    async discard() {
      await Promise.all(texts.map((one) => one.close()));
      const redis = new Redis(url);
      await redis.unlink(keys.map((key) => `dinhdanh:{shared}:${key}`));
      await redis.quit();
      await db.destroy();
    },
  };
}

const keys: string[] = [];
const newKey = (): string => {
  const key = `test-${randomBytes(6).toString('hex')}`;
  keys.push(key);
  return key;
};

describe.each(STORES)('texts that all processes share, in $name', ({ open }) => {
  let opened: Opened | undefined;
  afterEach(async () => {
    await opened?.discard();
    opened = undefined;
  });

  it.skipIf(open === undefined)('lose no change, however many change them at once', async () => {
    opened = await open?.();
    const { texts = [] } = opened ?? {};
    const key = newKey();
    expect(await texts[0]?.read(key)).toBeUndefined();
    const changes = texts.flatMap((one) =>
      Array.from({ length: 5 }, () => one.change(key, (text) => String(Number(text ?? 0) + 1))),
    );
    await Promise.all(changes);
    expect(await texts[1]?.read(key)).toBe(String(changes.length));
  });

  it.skipIf(open === undefined)('are taken by one alone', async () => {
    opened = await open?.();
    const { texts = [] } = opened ?? {};
    const key = newKey();
    const taken = await Promise.all(texts.flatMap((one) => [one.take(key, 60), one.take(key, 60)]));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });
});
