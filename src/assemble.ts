import { CODE_MESSAGE } from './accounts/code-message.ts';
import { assembleOidc } from './assemble-oidc.ts';
import { assembleRegister, type Substitutes } from './assemble-register.ts';
import type { Config } from './config.ts';
import { createMetrics } from './operations/metrics.ts';
import { type Db, pingDatabase, poolUse } from './platform/database.ts';
import { refuseFullDisk } from './platform/disk-space.ts';
import { lanesOf, pulseOf } from './platform/postgres-register.ts';
import { openSharedTexts } from './platform/shared-texts.ts';
import { startTracing } from './platform/tracing.ts';
import { findClient } from './relying-parties/client-store.ts';
import { OWN_CLIENT_ID } from './relying-parties/ready-clients.ts';
import { claimItems, scopeItems } from './sign-in/consent-items.ts';
import { rateGauges } from './statistics/rate-gauges.ts';
import type { CodeFigures } from './waiting-room/code-rate.ts';
import { createLoadMeter } from './waiting-room/load-meter.ts';
import { surgeGauges } from './waiting-room/surge-gauges.ts';
import { createWaitingRoom } from './waiting-room/waiting-room.ts';
import { loadAssets } from './web/assets.ts';

export type App = Awaited<ReturnType<typeof assembleApp>>;

/** Everything, each object once, in the order of need. */
export async function assembleApp(config: Config, substitutes: Substitutes = {}) {
  const register = await assembleRegister(config, substitutes);
  const { db, outbox, hasher } = register;
  const assets = loadAssets();
  const tracing =
    config.tracesUrl === undefined
      ? undefined
      : await startTracing(
          { url: config.tracesUrl, samplePercent: config.tracesSamplePercent, trustParent: config.trustProxy },
          db,
        );
  const loadMeter = createLoadMeter(config, () => hasher.queueDepth());
  const shared = await openSharedTexts(config, register);
  const readCodes = (): CodeFigures => {
    const { lateMs, ...counts } = outbox.figuresOf(CODE_MESSAGE);
    return { ...counts, late: lateMs / 1_000 / config.surgeCodesSeconds };
  };
  const readLoad = substitutes.readLoad ?? loadMeter.read;
  const waitingRoom = createWaitingRoom({ ...register, shared, readLoad, readCodes });
  const metrics = createMetrics(
    {
      processes: {
        help: 'Processes that serve: by it what workers have in common can be told from what one has',
        read: () => 1,
      },
      outbox_waiting: {
        help: 'Messages waiting to be delivered',
        read: async () => (await outbox.counts()).waiting,
        isShared: true,
      },
      outbox_dead: { help: 'Messages given up', read: async () => (await outbox.counts()).dead, isShared: true },
      codes_late_seconds: {
        help: 'How late one-time codes leave, for there being more than are taken',
        read: () => outbox.figuresOf(CODE_MESSAGE).lateMs / 1_000,
        isShared: true,
      },
      ...poolGauges(db),
      statements_under_way: {
        help: 'Prepared statements that PostgreSQL has not answered yet, beside the transactions of the pool',
        labels: ['store'],
        readEach: () => Promise.resolve(statementsUnderWay()),
      },
      hash_queue: { help: 'Password hashes waiting for their turn', read: () => hasher.queueDepth() },
      circuit_open: {
        help: 'Processes that send nobody to a store, because it does not answer',
        labels: ['store'],
        readEach: () => Promise.resolve(openCircuits()),
      },
      ...surgeGauges(loadMeter, waitingRoom),
      ...rateGauges(register),
    },
    tracing?.watch,
  );
  const { countOutcome } = metrics;
  const oidc = await assembleOidc({ ...register, countOutcome });
  const openCircuits = () =>
    Object.entries({ redis: oidc.isCircuitOpen, postgres: pulseOf(db)?.isOpen }).map(([store, isOpen]) => ({
      labels: { store },
      value: Number(isOpen?.() ?? false),
    }));
  const statementsUnderWay = () =>
    Object.entries({ register: lanesOf(db)?.underWay, protocol: oidc.statementsUnderWay }).map(([store, count]) => ({
      labels: { store },
      value: count?.() ?? 0,
    }));
  // What the account page ends is ended again after a crash: both are idempotent.
  outbox.handle('end_other_access', ({ accountId, exceptSessionUid }) =>
    oidc.gateway.endAccess(String(accountId), { exceptSessionUid: String(exceptSessionUid) }),
  );
  outbox.handle('end_grant', ({ accountId, clientId }) => oidc.gateway.endGrant(String(accountId), String(clientId)));
  const forMyAccount = {
    ownClientId: OWN_CLIENT_ID,
    findService: (clientId: string) => findClient(db, clientId),
    describeScopes: scopeItems,
    describeClaims: claimItems,
  };
  const pingStores = async (): Promise<void> => {
    const { database } = config;
    await Promise.all([
      pingDatabase(db),
      oidc.ping(),
      database.kind === 'sqlite' ? refuseFullDisk(database.file) : undefined,
    ]);
  };
  const close = async (): Promise<void> => {
    waitingRoom.stop();
    loadMeter.stop();
    await outbox.stop();
    await shared.close();
    await oidc.close();
    await register.close();
    await tracing?.close();
  };
  return {
    ...register,
    assets,
    loadMeter,
    waitingRoom,
    metrics,
    countOutcome,
    tracing,
    oidc,
    gateway: oidc.gateway,
    ...forMyAccount,
    pingStores,
    close,
  };
}

/** Who holds a connection of the register, and who waits for one. */
function poolGauges(db: Db) {
  return {
    pool_used: { help: 'Connections of the register in use', read: () => poolUse(db).used },
    pool_waiting: { help: 'Those who wait for a connection of the register', read: () => poolUse(db).waiting },
  };
}
