import { loadPg } from '../../platform/load-pg.ts';
import type { Log } from '../../platform/log.ts';
import type { PostgresPulse } from '../../platform/postgres-pulse.ts';
import { createProtocolStore } from './create-protocol-store.ts';
import type { ProtocolStore, ProtocolStoreSettings } from './protocol-store.ts';

export type ProtocolStoreConfig = {
  database:
    | { kind: 'sqlite'; protocolFile: string }
    | { kind: 'postgres'; url: string; poolSize: number; statementTimeoutMs: number };
  redisUrl: string | undefined;
  sqliteSynchronous: 'NORMAL' | 'FULL';
  refreshTokenDays: number;
};

export type OpenedProtocolStore = ProtocolStore & {
  /** Of Redis, where there is one. */
  isCircuitOpen?: () => boolean;
};

/** Opens the stores that the configuration names, with their connections. `close` ends those too.
 *  @param deps `pulse` is that of the register, which lies on the same server. */
export async function openProtocolStore(
  config: ProtocolStoreConfig,
  deps: Pick<ProtocolStoreSettings, 'clock' | 'vault'> & { log: Log; pulse?: PostgresPulse | undefined },
): Promise<OpenedProtocolStore> {
  const { clock, vault, log } = deps;
  // The memory of a revocation must outlive every token that it ends.
  const settings = { clock, vault, longestLifeSeconds: (config.refreshTokenDays + 1) * 86_400 };
  const durable = await openDurable(config, settings, deps);
  if (config.redisUrl === undefined) return durable;
  // Loaded only where it is wanted: a start pays for every module.
  const { openRedis } = await import('./open-redis.ts');
  const opened = await openRedis(config.redisUrl, log);
  const store = await createProtocolStore({ kind: 'redis', redis: opened.redis, durable, ...settings });
  return { ...withClose(store, () => opened.close()), isCircuitOpen: opened.isCircuitOpen };
}

async function openDurable(
  config: ProtocolStoreConfig,
  settings: ProtocolStoreSettings,
  { log, pulse }: { log: Log; pulse?: PostgresPulse | undefined },
): Promise<ProtocolStore> {
  const { database } = config;
  if (database.kind === 'sqlite')
    return createProtocolStore({
      kind: 'sqlite',
      file: database.protocolFile,
      synchronous: config.sqliteSynchronous,
      ...settings,
    });
  const pool = new (loadPg().Pool)({
    connectionString: database.url,
    max: database.poolSize,
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    statement_timeout: database.statementTimeoutMs,
    // A server that does not even say that it gave up.
    query_timeout: database.statementTimeoutMs + 1_000,
    ...(pulse === undefined ? {} : { Client: pulse.Client }),
  });
  // Without a listener a connection that the server ends while it is idle would end the process.
  pool.on('error', (error) => {
    log.error({ err: error }, 'postgres.connection_lost');
  });
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
