import { openPostgresProtocolStore } from './postgres-protocol-store.ts';
import type { ProtocolStore, ProtocolStoreOptions } from './protocol-store.ts';
import { openRedisProtocolStore } from './redis-protocol-store.ts';
import { openSqliteProtocolStore } from './sqlite-protocol-store.ts';

/** Opens the store, making or upgrading its tables. @throws when it cannot be reached or is newer than this program. */
export async function createProtocolStore(options: ProtocolStoreOptions): Promise<ProtocolStore> {
  switch (options.kind) {
    case 'sqlite':
      return openSqliteProtocolStore(options);
    case 'postgres':
      return openPostgresProtocolStore(options);
    case 'redis':
      return openRedisProtocolStore(options);
  }
}
