import { assembleRegister, type Substitutes } from './assemble-register.ts';
import type { Config } from './config.ts';
import { createMetrics } from './operations/metrics.ts';
import { pingDatabase } from './platform/database.ts';
import { loadAssets } from './web/assets.ts';

export type App = Awaited<ReturnType<typeof assembleApp>>;

/** Everything, each object once, in the order of need. */
export async function assembleApp(config: Config, substitutes: Substitutes = {}) {
  const register = await assembleRegister(config, substitutes);
  const { db, outbox, hasher } = register;
  const assets = loadAssets();
  const metrics = createMetrics({
    outbox_waiting: { help: 'Messages waiting to be delivered', read: async () => (await outbox.counts()).waiting },
    outbox_dead: { help: 'Messages given up', read: async () => (await outbox.counts()).dead },
    hash_queue: { help: 'Password hashes waiting for their turn', read: () => hasher.queueDepth() },
  });
  const pingStores = async (): Promise<void> => {
    await pingDatabase(db);
  };
  return { ...register, assets, metrics, pingStores };
}
