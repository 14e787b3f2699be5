import { type Db, inTransaction } from './database.ts';
import type { Log } from './log.ts';

/** A few small texts that all processes of one issuer see. */
export type SharedTexts = {
  read(key: string): Promise<string | undefined>;
  /** Reads, changes and writes back, as if nobody else did. `change` may run more than once. @returns what was written. */
  change(key: string, change: (text: string | undefined) => string): Promise<string>;
  /** Writes down that it was taken, for so many seconds at least. @returns false when somebody had. */
  take(key: string, seconds: number): Promise<boolean>;
  close(): Promise<void>;
};

/** In Redis where there is one, else in PostgreSQL; in memory for the one process of SQLite. */
export async function openSharedTexts(
  config: { redisUrl: string | undefined; database: { kind: 'sqlite' | 'postgres' } },
  deps: { db: Db; log: Log },
): Promise<SharedTexts> {
  if (config.redisUrl !== undefined) return inRedis(config.redisUrl, deps.log);
  return config.database.kind === 'postgres' ? inPostgres(deps.db) : inMemory();
}

function inMemory(): SharedTexts {
  const texts = new Map<string, string>();
  const taken = new Map<string, number>();
  return {
    read: (key) => Promise.resolve(texts.get(key)),
    change(key, change) {
      const text = change(texts.get(key));
      texts.set(key, text);
      return Promise.resolve(text);
    },
    take(key, seconds) {
      const now = performance.now();
      if ((taken.get(key) ?? 0) > now) return Promise.resolve(false);
      // The oldest come first.
      for (const [old, until] of taken) {
        if (until > now) break;
        taken.delete(old);
      }
      taken.set(key, now + seconds * 1_000);
      return Promise.resolve(true);
    },
    close: () => Promise.resolve(),
  };
}

const KEPT_SECONDS = 7_200;
const MOST_TRIES = 20;
/** One slot of a cluster for all of them. */
const redisKey = (key: string): string => `dinhdanh:{shared}:${key}`;
// Written only over what was read: '' stands for nothing.
const PUT_OVER = `local kept = redis.call('get', KEYS[1]) or ''
if kept ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`;

const READY_MS = 2_000;

async function inRedis(url: string, log: Log): Promise<SharedTexts> {
  // Loaded only where it is wanted: a start pays for every module.
  const { connectRedis, untilReady } = await import('./connect-redis.ts');
  const redis = connectRedis(url);
  redis.on('error', (error: unknown) => {
    log.error({ err: error }, 'redis.connection_lost');
  });
  await untilReady(redis, READY_MS);
  return {
    read: async (key) => (await redis.get(redisKey(key))) ?? undefined,
    async change(key, change) {
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const kept = await redis.get(redisKey(key));
        const text = change(kept ?? undefined);
        if ((await redis.eval(PUT_OVER, 1, redisKey(key), kept ?? '', text, KEPT_SECONDS)) === 1) return text;
      }
      throw new Error('a shared text is changed by too many at once');
    },
    take: async (key, seconds) => (await redis.set(redisKey(key), '1', 'EX', seconds, 'NX')) === 'OK',
    async close() {
      await redis.quit().catch(() => {
        redis.disconnect();
      });
    },
  };
}

function inPostgres(db: Db): SharedTexts {
  return {
    async read(key) {
      const row = (await db('shared_texts').where({ key }).first('text')) as { text: string } | undefined;
      return row?.text || undefined;
    },
    change: (key, change) =>
      inTransaction(db, async (tx) => {
        await tx('shared_texts').insert({ key, text: '', forget_at: FOR_EVER }).onConflict('key').ignore();
        const { text } = (await tx('shared_texts').where({ key }).forUpdate().first('text')) as { text: string };
        const changed = change(text || undefined);
        await tx('shared_texts').where({ key }).update({ text: changed });
        return changed;
      }),
    async take(key, seconds) {
      // The database's own clock: it is the one that all processes share.
      const inserted = (await db.raw(
        `insert into shared_texts (key, text, forget_at) values (?, '', ${NOW} + ?) on conflict (key) do nothing returning key`,
        [key, seconds * 1_000],
      )) as { rows: unknown[] };
      if (inserted.rows.length === 1) await db.raw(FORGET);
      return inserted.rows.length === 1;
    },
    close: () => Promise.resolve(),
  };
}

const FOR_EVER = Number.MAX_SAFE_INTEGER;
const NOW = '(extract(epoch from clock_timestamp()) * 1000)::bigint';
const FORGET = `delete from shared_texts where key in (select key from shared_texts where forget_at < ${NOW} limit 20)`;
