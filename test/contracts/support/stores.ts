import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createProtocolStore } from '../../../src/oidc/adapters/create-protocol-store.ts';
import { openRedis } from '../../../src/oidc/adapters/open-redis.ts';
import type { ProtocolStore, ProtocolStoreSettings } from '../../../src/oidc/adapters/protocol-store.ts';
import type { RedisCommands } from '../../../src/oidc/adapters/redis-commands.ts';
import { createLog } from '../../../src/platform/log.ts';
import { createVault } from '../../../src/platform/vault.ts';
import { startRedisCluster } from '../../faults/support/redis-cluster.ts';
import { hasRedisServer } from '../../faults/support/servers.ts';
import { createTestDatabase, postgresUrl, redisUrl, serializable, testStoreName } from '../../support/services.ts';

/** What a child process needs to open the same store. */
export type StoreAddress =
  | { kind: 'sqlite'; file: string }
  | { kind: 'postgres'; url: string }
  | { kind: 'redis'; url: string; prefix: string; durable: Exclude<StoreAddress, { kind: 'redis' }> };

export type OpenStore = { store: ProtocolStore; close: () => Promise<void> };
export type StoreUnderTest = { address: StoreAddress; discard(): Promise<void> };

/** The stores that can be tried on this machine; find-services.ts has said loudly what is missing. */
export const storeKinds: { name: string; make: (() => Promise<StoreUnderTest>) | undefined }[] = [
  { name: 'SQLite', make: sqliteStore },
  { name: 'PostgreSQL', make: postgresUrl() === undefined ? undefined : () => postgresStore() },
  {
    name: 'PostgreSQL, serializable',
    make: postgresUrl() === undefined ? undefined : () => postgresStore(serializable),
  },
  { name: 'Redis over SQLite', make: redisUrl() === undefined ? undefined : redisStore },
  { name: 'a Redis Cluster over SQLite', make: hasRedisServer ? clusterStore : undefined },
];

/** One ring a run; what a child process writes or reads is not sealed. */
const vault = createVault({
  dataKeys: [{ id: 'd1', key: randomBytes(32) }],
  indexKeys: [{ id: 'i1', key: randomBytes(32) }],
});

export async function openStore(
  address: StoreAddress,
  settings: Omit<ProtocolStoreSettings, 'vault'>,
): Promise<OpenStore> {
  const given = { vault, ...settings };
  switch (address.kind) {
    case 'sqlite': {
      const store = await createProtocolStore({ kind: 'sqlite', file: address.file, ...given });
      return { store, close: () => store.close() };
    }
    case 'postgres': {
      const pool = new pg.Pool({ connectionString: address.url, max: 4, pipeline: true });
      // A connection on its way out may still hear that the database is dropped.
      pool.on('error', () => undefined);
      const store = await createProtocolStore({ kind: 'postgres', pool, ...given });
      return {
        store,
        async close() {
          await store.close();
          await pool.end();
        },
      };
    }
    case 'redis': {
      const durable = await openStore(address.durable, settings);
      const opened = await openRedisOf(address.url);
      const store = await createProtocolStore({
        kind: 'redis',
        redis: opened.redis,
        durable: durable.store,
        prefix: address.prefix,
        ...given,
      });
      return {
        store,
        async close() {
          await durable.close();
          await opened.close();
        },
      };
    }
  }
}

/** A cluster as a provider opens it; the one server that other tests share without a circuit breaker. */
async function openRedisOf(url: string): Promise<{ redis: RedisCommands; close(): Promise<void> }> {
  if (url.startsWith('redis+cluster:')) return openRedis(url, createLog('silent'));
  const redis = new Redis(url, { enableAutoPipelining: true });
  return {
    redis,
    async close() {
      await redis.quit();
    },
  };
}

export async function sqliteStore(): Promise<StoreUnderTest & { address: { kind: 'sqlite'; file: string } }> {
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-contract-'));
  return {
    address: { kind: 'sqlite', file: join(folder, 'test-protocol.db') },
    async discard() {
      rmSync(folder, { recursive: true });
    },
  };
}

async function postgresStore(addressOf = (url: string): string => url): Promise<StoreUnderTest> {
  const database = await createTestDatabase(postgresUrl() as string);
  return { address: { kind: 'postgres', url: addressOf(database.url) }, discard: () => database.drop() };
}

async function redisStore(): Promise<StoreUnderTest> {
  const url = redisUrl() as string;
  const prefix = `${testStoreName()}:`;
  const durable = await sqliteStore();
  return {
    address: { kind: 'redis', url, prefix, durable: durable.address },
    async discard() {
      const redis = new Redis(url);
      for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 500 }) as AsyncIterable<string[]>) {
        if (keys.length > 0) await redis.unlink(keys);
      }
      await redis.quit();
      await durable.discard();
    },
  };
}

/** Three servers of its own. */
async function clusterStore(): Promise<StoreUnderTest> {
  const [cluster, durable] = [await startRedisCluster(), await sqliteStore()];
  return {
    address: { kind: 'redis', url: cluster.url, prefix: `${testStoreName()}:`, durable: durable.address },
    async discard() {
      await cluster.remove();
      await durable.discard();
    },
  };
}
