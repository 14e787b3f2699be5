import { Cron } from 'croner';
import { foldCounters } from './accounts/activation-event-store.ts';
import { countBirthdays, fillResidents } from './accounts/count-residents.ts';
import { markLateGrants } from './accounts/grant-level.ts';
import { foldResidentCounters } from './accounts/resident-counter-store.ts';
import { foldWaitingRpUses } from './accounts/rp-use-store.ts';
import { countEndedAttempts } from './activation/funnel-store.ts';
import type { App } from './assemble.ts';
import { SEAL_BATCH, sealAudit } from './audit/audit-store.ts';
import { isUniqueViolation } from './platform/database.ts';
import { listClients } from './relying-parties/client-store.ts';
import { purgeExpired } from './retention/purge-expired.ts';
import { SWEEPS } from './sweeps.ts';

/** What happens by the clock. Each piece of work is bounded, and never runs twice at once in a process; what is the whole system's is done by the one worker
 *  that `isLeading`. Between machines it may run at the same time: each piece is safe against itself (docs/operations.md).
 *  @returns a stop that waits for what is running. */
export function startTimers(app: App, isLeading: () => boolean = () => true): () => Promise<void> {
  const running = new Set<Promise<unknown>>();
  const run = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const task = work().catch((error: unknown) => {
      app.log.error({ err: error, timer: name }, 'timer.failed');
    });
    running.add(task);
    await task;
    running.delete(task);
  };
  const every = (pattern: string, name: string, work: () => Promise<unknown>): Cron =>
    new Cron(pattern, { unref: true, protect: true, timezone: 'Asia/Ho_Chi_Minh' }, () => run(name, work));
  const everyForAll = (pattern: string, name: string, work: () => Promise<unknown>): Cron =>
    every(pattern, name, () => (isLeading() ? work() : Promise.resolve()));
  // Not while people stand in line: it would take a second of the minute from those who are served. Whoever reads then waits for what she asks.
  const warm = async (): Promise<void> => {
    if (app.waitingRoom.isOpen()) return;
    const { warmStatistics } = await import('./statistics/warm-statistics.ts');
    await warmStatistics({ ...app, listClients: () => listClients(app.db) });
  };
  app.outbox.start();
  const firstWarm = setTimeout(() => void run('statistics_warm', warm), WARM_AFTER_MS).unref();
  const crons = [
    every('*/10 * * * * *', 'signing_keys', () => app.oidc.reloadKeys()),
    everyForAll('*/20 * * * * *', 'late_grants', () => markLateGrants(app.db, app.clock())),
    everyForAll('*/5 * * * * *', 'audit_seal', () => sealWaiting(app)),
    everyForAll('*/30 * * * * *', 'protocol_sweep', () => app.oidc.sweep()),
    everyForAll('*/2 * * * * *', 'counter_fold', () => foldCounters(app.db)),
    everyForAll('*/2 * * * * *', 'rp_use_fold', () => foldWaitingRpUses(app.db)),
    everyForAll('*/2 * * * * *', 'resident_fold', () => foldResidentCounters(app.db)),
    everyForAll('5 * * * * *', 'residents', () => countResidents(app)),
    everyForAll('*/10 * * * * *', 'funnel_count', () => countWaiting(app)),
    every('20 * * * * *', 'statistics_warm', warm),
    everyForAll('0 10 0 * * *', 'daily_snapshot', async () => {
      const { freezeYesterday } = await import('./statistics/figures/freeze-snapshot.ts');
      await freezeYesterday(app);
    }),
    everyForAll('15 7 * * * *', 'retention', () => purgeExpired({ ...app, sweeps: SWEEPS }, { mostBatches: 200 })),
  ];
  return async () => {
    clearTimeout(firstWarm);
    for (const cron of crons) cron.stop();
    await Promise.all(running);
  };
}

/** The birthdays of the day, soon after midnight, or of all days since the last; and, after an upgrade, whoever has not been counted yet. */
async function countResidents(app: App): Promise<void> {
  await countBirthdays(app.db, app.clock());
  await fillResidents(app.db, ACCOUNTS_A_MINUTE);
}

/** Whoever comes with the start is served first; who reads before then waits for what she asks. */
const WARM_AFTER_MS = 3_000;
const ACCOUNTS_A_MINUTE = 100_000;

/** A busy moment leaves more entries than one batch holds; what is left after these waits for the next turn. */
async function sealWaiting(app: App): Promise<void> {
  try {
    for (let batch = 0; batch < 20 && (await sealAudit(app.db)) === SEAL_BATCH; batch += 1);
  } catch (error) {
    // Another machine seals at this moment: what it leaves is sealed at the next turn.
    if (!isUniqueViolation(error)) throw error;
  }
}

/** Readers count what waits themselves; this keeps it short. */
async function countWaiting(app: App): Promise<void> {
  for (let batch = 0; batch < 20 && (await countEndedAttempts(app.db, app.clock(), 500)) === 500; batch += 1);
}
