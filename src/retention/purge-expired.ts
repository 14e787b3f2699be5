import { deleteExpiredCodes } from '../accounts/one-time-code-store.ts';
import { deleteRpSubjectDaysBefore } from '../accounts/rp-use-store.ts';
import { deleteSignInsBefore } from '../accounts/sign-in-history-store.ts';
import { deleteForgottenThrottles } from '../accounts/throttle-store.ts';
import { appendAudit } from '../audit/audit-store.ts';
import type { AuditActor } from '../domain/audit-event.ts';
import { vietNamDay } from '../domain/viet-nam-time.ts';
import type { Clock } from '../platform/clock.ts';
import { type Db, inTransaction } from '../platform/database.ts';
import { deleteSentMessages } from '../platform/outbox.ts';

/** Deletes at most `limit` rows of one kind that nobody needs any more. @returns how many. */
export type Sweep = { readonly name: string; deleteBatch(db: Db, now: Date, limit: number): Promise<number> };

export type PurgeDeps = {
  readonly db: Db;
  readonly clock: Clock;
  readonly config: { readonly useHistoryYears: number };
  /** What the features keep for a while: attempts of activation, sign-in, recovery. */
  readonly sweeps: readonly Sweep[];
};

const ROWS_PER_BATCH = 500;
const DAY_MS = 86_400_000;

/** Deletes what has been kept long enough, in small batches, so that nobody waits for it: use history after USE_HISTORY_YEARS (Decree 59/2022/NĐ-CP Art. 21,
 *  Decree 69/2024/NĐ-CP Art. 28: five years), expired codes and attempts, forgotten throttles. Account data, events and the audit are permanent.
 *  `mostBatches` bounds what one call does of each kind, for a timer: a flood of one kind does not keep the others. @returns rows deleted, by kind. */
export async function purgeExpired(
  deps: PurgeDeps,
  options: { readonly mostBatches?: number; readonly actor?: AuditActor } = {},
): Promise<Record<string, number>> {
  const now = deps.clock();
  const deleted: Record<string, number> = {};
  const mostBatches = options.mostBatches ?? Number.POSITIVE_INFINITY;
  for (const sweep of [...OWN_SWEEPS, ...useHistorySweeps(deps.config.useHistoryYears), ...deps.sweeps]) {
    let count = ROWS_PER_BATCH;
    for (let batch = 0; count === ROWS_PER_BATCH && batch < mostBatches; batch += 1) {
      count = await sweep.deleteBatch(deps.db, now, ROWS_PER_BATCH);
      deleted[sweep.name] = (deleted[sweep.name] ?? 0) + count;
    }
  }
  const signIns = deleted[USE_HISTORY] ?? 0;
  if (signIns > 0) {
    await inTransaction(deps.db, (tx) =>
      appendAudit(tx, {
        at: now,
        actor: options.actor ?? { kind: 'system' },
        action: 'retention.purged',
        detail: { sign_ins: signIns, older_than_years: deps.config.useHistoryYears },
      }),
    );
  }
  return deleted;
}

const USE_HISTORY = 'sign_ins';

const OWN_SWEEPS: readonly Sweep[] = [
  // A day longer than they are good for: how many were sent to a phone in a day is counted by them.
  {
    name: 'one_time_codes',
    deleteBatch: (db, now, limit) => deleteExpiredCodes(db, new Date(now.getTime() - 2 * DAY_MS), limit),
  },
  { name: 'throttles', deleteBatch: deleteForgottenThrottles },
  // Without their contents since they went out; a month, in case somebody asks whether a message was sent.
  {
    name: 'sent_messages',
    deleteBatch: (db, now, limit) => deleteSentMessages(db, new Date(now.getTime() - 30 * DAY_MS), limit),
  },
];

function useHistorySweeps(years: number): readonly Sweep[] {
  return [
    {
      name: USE_HISTORY,
      deleteBatch: (db, now, limit) => deleteSignInsBefore(db, yearsBefore(now, years), limit),
    },
    {
      name: 'rp_subject_days',
      deleteBatch: (db, now, limit) => deleteRpSubjectDaysBefore(db, vietNamDay(yearsBefore(now, years)), limit),
    },
  ];
}

function yearsBefore(now: Date, years: number): Date {
  const before = new Date(now);
  before.setUTCFullYear(before.getUTCFullYear() - years);
  return before;
}
