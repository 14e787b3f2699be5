/** Operations per second of every protocol store, as ratios to a plain Map behind the same calls. Run: node bench/adapter.ts
 *  Short slices of every store and operation alternate, so that the machine's noise hits all alike.
 *  TEST_DATABASE_URL and TEST_REDIS_URL add those stores. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import pg from 'pg';
import { createProtocolStore } from '../src/oidc/adapters/create-protocol-store.ts';
import { newSecret } from '../src/platform/ids.ts';
import { createTestDatabase, postgresUrl, redisUrl, testStoreName } from '../test/support/services.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '12' }, 'slice-ms': { type: 'string', default: '120' } },
});
const ROUNDS = Number(values.rounds);
const SLICE_MS = Number(values['slice-ms']);
const CLIENTS = 16;

type Contender = { name: string; adapterFor: (model: string) => Adapter; close: () => Promise<void> };
type Ids = { sessions: string[]; codes: string[] };

const unsealed = { seal: (plain: string) => plain, open: (sealed: string) => sealed };
const settings = { clock: () => new Date(), vault: unsealed };
const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-bench-'));

function mapContender(): Contender {
  const rows = new Map<string, AdapterPayload>();
  return {
    name: 'in-memory Map',
    adapterFor: (model) =>
      ({
        upsert: async (id, payload) => void rows.set(`${model}:${id}`, payload),
        find: async (id) => rows.get(`${model}:${id}`),
        consume: async (id) => {
          const row = rows.get(`${model}:${id}`);
          if (row !== undefined) row.consumed = Math.floor(Date.now() / 1000);
        },
      }) as Partial<Adapter> as Adapter,
    close: () => Promise.resolve(),
  };
}

async function contenders(): Promise<Contender[]> {
  const all: Contender[] = [mapContender()];
  for (const synchronous of ['NORMAL', 'FULL'] as const) {
    const store = await createProtocolStore({
      kind: 'sqlite',
      file: join(folder, `${synchronous}.db`),
      synchronous,
      ...settings,
    });
    all.push({ name: `SQLite ${synchronous}`, adapterFor: store.adapterFor, close: () => store.close() });
  }
  const postgres = postgresUrl();
  if (postgres !== undefined) {
    const database = await createTestDatabase(postgres);
    const pool = new pg.Pool({ connectionString: database.url, max: 8 });
    const store = await createProtocolStore({ kind: 'postgres', pool, ...settings });
    const close = async (): Promise<void> => {
      await pool.end();
      await database.drop();
    };
    all.push({ name: 'PostgreSQL', adapterFor: store.adapterFor, close });
  }
  const url = redisUrl();
  if (url !== undefined) {
    const durable = await createProtocolStore({ kind: 'sqlite', file: join(folder, 'durable.db'), ...settings });
    const redis = new Redis(url, { enableAutoPipelining: true });
    const prefix = `${testStoreName()}:`;
    const store = await createProtocolStore({ kind: 'redis', redis, durable, prefix, ...settings });
    const close = async (): Promise<void> => {
      for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 }) as AsyncIterable<string[]>) {
        if (keys.length > 0) await redis.unlink(keys);
      }
      await redis.quit();
      await store.close();
    };
    all.push({ name: 'Redis', adapterFor: store.adapterFor, close });
  }
  return all;
}

const seconds = (): number => Math.floor(Date.now() / 1000);

async function saveSession(adapterFor: Contender['adapterFor'], ids: Ids): Promise<void> {
  const id = newSecret(16);
  const authorizations = { 'so-suc-khoe': { sid: newSecret(16), grantId: newSecret(32) } } as unknown as NonNullable<
    AdapterPayload['authorizations']
  >;
  const payload = {
    uid: newSecret(16),
    accountId: newSecret(16),
    loginTs: seconds(),
    acr: 'level2',
    amr: ['pwd', 'otp'],
    authorizations,
  };
  await adapterFor('Session').upsert(
    id,
    { ...payload, kind: 'Session', jti: id, iat: seconds(), exp: seconds() + 3600 },
    3600,
  );
  ids.sessions.push(id);
}

async function issueCode(adapterFor: Contender['adapterFor'], ids: Ids): Promise<void> {
  const id = newSecret(32);
  const payload = {
    accountId: 'a',
    clientId: 'so-suc-khoe',
    grantId: newSecret(32),
    codeChallenge: newSecret(32),
    scope: 'openid profile',
    nonce: newSecret(16),
  };
  await adapterFor('AuthorizationCode').upsert(
    id,
    { ...payload, kind: 'AuthorizationCode', jti: id, iat: seconds(), exp: seconds() + 60 },
    60,
  );
  ids.codes.push(id);
}

/** One operation; false when there is nothing left to do it on. */
const OPERATIONS: Record<string, (contender: Contender, ids: Ids) => Promise<boolean>> = {
  'upsert session': async ({ adapterFor }, ids) => {
    await saveSession(adapterFor, ids);
    return true;
  },
  'upsert code': async ({ adapterFor }, ids) => {
    await issueCode(adapterFor, ids);
    return true;
  },
  'find session': async ({ adapterFor }, { sessions }) => {
    await adapterFor('Session').find(sessions[Math.floor(Math.random() * sessions.length)] as string);
    return true;
  },
  'consume code': async ({ adapterFor }, { codes }) => {
    const id = codes.pop();
    if (id !== undefined) await adapterFor('AuthorizationCode').consume(id);
    return id !== undefined;
  },
};

/** @returns operations per second with `CLIENTS` callers, each waiting for its answer. */
async function slice(work: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  let done = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() - start < SLICE_MS && (await work())) {
      done += 1;
      // As between requests; without it the Map would never let the event loop turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, caller));
  return (done * 1000) / (performance.now() - start);
}

const all = await contenders();
const ids = new Map<string, Ids>(all.map(({ name }) => [name, { sessions: [], codes: [] }]));
const rates = new Map<string, number[]>();
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [operation, work] of Object.entries(OPERATIONS)) {
    for (const contender of all) {
      const rate = await slice(() => work(contender, ids.get(contender.name) as Ids));
      const key = `${contender.name}/${operation}`;
      if (round > 0) rates.set(key, [...(rates.get(key) ?? []), rate]);
    }
  }
}

const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const rateOf = (name: string, operation: string): number => median(rates.get(`${name}/${operation}`) ?? []);
const floor = (all[0] as Contender).name;
const table = all.map(({ name }) => [
  name,
  Object.fromEntries(
    Object.keys(OPERATIONS).map((operation) => {
      const rate = rateOf(name, operation);
      return [operation, `${Math.round(rate)}/s (${(rate / rateOf(floor, operation)).toFixed(2)})`];
    }),
  ),
]);
console.log(
  `${CLIENTS} callers, ${ROUNDS - 1} rounds of ${SLICE_MS} ms each, medians; in brackets the ratio to the ${floor}`,
);
console.table(Object.fromEntries(table));
for (const contender of all) await contender.close();
rmSync(folder, { recursive: true });
