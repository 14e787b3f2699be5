import { Redis } from 'ioredis';
import pg from 'pg';
import { createProtocolStore } from './create-protocol-store.ts';
import type { ProtocolStore, ProtocolStoreSettings } from './protocol-store.ts';

export type ProtocolStoreConfig = {
  database: { kind: 'sqlite'; protocolFile: string } | { kind: 'postgres'; url: string };
  redisUrl: string | undefined;
  sqliteSynchronous: 'NORMAL' | 'FULL';
  refreshTokenDays: number;
};

/** Opens the stores that the configuration names, with their connections. `close` ends those too. */
export async function openProtocolStore(
  config: ProtocolStoreConfig,
  deps: Pick<ProtocolStoreSettings, 'clock' | 'vault'>,
): Promise<ProtocolStore> {
  // The memory of a revocation must outlive every token that it ends.
  const settings = { ...deps, longestLifeSeconds: (config.refreshTokenDays + 1) * 86_400 };
  const durable = await openDurable(config, settings);
  if (config.redisUrl === undefined) return durable;
  const redis = new Redis(config.redisUrl, { enableAutoPipelining: true });
  const store = await createProtocolStore({ kind: 'redis', redis, durable, ...settings });
  return withClose(store, async () => {
    await redis.quit();
  });
}

async function openDurable(config: ProtocolStoreConfig, settings: ProtocolStoreSettings): Promise<ProtocolStore> {
  const { database } = config;
  if (database.kind === 'sqlite')
    return createProtocolStore({
      kind: 'sqlite',
      file: database.protocolFile,
      synchronous: config.sqliteSynchronous,
      ...settings,
    });
  const pool = new pg.Pool({ connectionString: database.url, max: 10 });
  const store = await createProtocolStore({ kind: 'postgres', pool, ...settings });
  return withClose(store, () => pool.end());
}

function withClose(store: ProtocolStore, letGo: () => Promise<void>): ProtocolStore {
  return {
    ...store,
    close: async () => {
      await store.close();
      await letGo();
    },
  };
}
