import { createHmac } from 'node:crypto';
import { afterFailure, judgeThrottle, type ThrottlePolicy, type ThrottleState } from '../domain/throttle.ts';
import { type Db, inTransaction, isPostgres } from '../platform/database.ts';
import { readRow, writeRows } from '../platform/prepared-queries.ts';

type ThrottleRow = {
  key: string;
  failures: number;
  window_started_at: number;
  blocked_until_at: number | null;
  strikes: number;
  forget_at: number;
};

/** What is being limited and by what it is known: `sign_in` by the typed citizen id, `sign_in_address` by the address, …. The subject is stored as a keyed
 *  fingerprint only, whether or not such an account exists, so that a throttle never tells who has one. */
export type ThrottleKey = { kind: string; subject: string };

export function throttleKey(hmacKey: Buffer, key: ThrottleKey): string {
  return `${key.kind}:${createHmac('sha256', hmacKey).update(`${key.kind}\u241f${key.subject}`).digest('base64url')}`;
}

/** Whether a try is allowed now. @returns seconds to wait, 0 when open. */
export async function throttleWaitSeconds(db: Db, key: string, policy: ThrottlePolicy, now: Date): Promise<number> {
  const row = await findRow(db, key);
  const verdict = judgeThrottle(stateOf(row), now, policy);
  return verdict.kind === 'open' ? 0 : verdict.retryAfterSeconds;
}

/** Takes one try *before* it is judged, so that many at once cannot all slip through the last free place.
 *  @returns 0 when the try may go on, else seconds to wait (and nothing is counted). */
export async function takeTry(db: Db, key: string, policy: ThrottlePolicy, now: Date): Promise<number> {
  return inTransaction(db, async (tx) => {
    if (isPostgres(tx)) {
      const insert =
        'insert into throttles (key, failures, window_started_at, strikes, forget_at) values (?, 0, 0, 0, ?)';
      await writeRows(tx, `${insert} on conflict (key) do nothing`, [key, now.getTime()]);
    }
    const row = await findRow(tx, key, { isForChange: true });
    const state = stateOf(row);
    const verdict = judgeThrottle(state, now, policy);
    if (verdict.kind === 'blocked') return verdict.retryAfterSeconds;
    const next = afterFailure(state, now, policy);
    await writeRows(tx, PUT, [
      key,
      next.failures,
      next.windowStartedAt.getTime(),
      next.blockedUntil?.getTime() ?? null,
      next.strikes,
      now.getTime() + Math.max(policy.windowSeconds, policy.maxBlockSeconds) * 2_000,
    ]);
    return 0;
  });
}

/** Takes one counted try back: it was no failure. For keys that many people share (an address), where one success must not forget the others' failures.
 *  When this try was the one that began a block, the block ends with it. */
export async function giveBackTry(db: Db, key: string, policy: ThrottlePolicy, now: Date): Promise<void> {
  await inTransaction(db, async (tx) => {
    const row = await findRow(tx, key, { isForChange: true });
    if (row === undefined) return;
    const isBlocked = judgeThrottle(stateOf(row), now, policy).kind === 'blocked';
    if (isBlocked) {
      const sql = 'update throttles set failures = ?, blocked_until_at = null, strikes = ? where key = ?';
      await writeRows(tx, sql, [policy.tries - 1, Math.max(0, row.strikes - 1), key]);
    } else await writeRows(tx, 'update throttles set failures = ? where key = ?', [Math.max(0, row.failures - 1), key]);
  });
}

/** Forgets the tries: the right secret was given. */
export async function deleteThrottle(db: Db, key: string): Promise<void> {
  await writeRows(db, 'delete from throttles where key = ?', [key]);
}

export async function deleteForgottenThrottles(db: Db, now: Date, limit: number): Promise<number> {
  const rows = (await db('throttles').select('key').where('forget_at', '<', now.getTime()).limit(limit)) as {
    key: string;
  }[];
  return rows.length === 0
    ? 0
    : db('throttles')
        .whereIn(
          'key',
          rows.map((row) => row.key),
        )
        .delete();
}

const PUT = `insert into throttles (key, failures, window_started_at, blocked_until_at, strikes, forget_at)
  values (?, ?, ?, ?, ?, ?) on conflict (key) do update set failures = excluded.failures, window_started_at = excluded.window_started_at,
  blocked_until_at = excluded.blocked_until_at, strikes = excluded.strikes, forget_at = excluded.forget_at`;

/** `isForChange` keeps it from others until the transaction ends. */
function findRow(db: Db, key: string, options: { isForChange?: boolean } = {}): Promise<ThrottleRow | undefined> {
  const lock = options.isForChange === true && isPostgres(db) ? ' for update' : '';
  return readRow<ThrottleRow>(db, `select * from throttles where key = ?${lock}`, [key]);
}

function stateOf(row: ThrottleRow | undefined): ThrottleState | undefined {
  if (row === undefined) return undefined;
  return {
    failures: row.failures,
    windowStartedAt: new Date(row.window_started_at),
    strikes: row.strikes,
    ...(row.blocked_until_at === null ? {} : { blockedUntil: new Date(row.blocked_until_at) }),
  };
}
