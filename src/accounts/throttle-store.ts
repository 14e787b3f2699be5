import { createHmac } from 'node:crypto';
import { afterFailure, judgeThrottle, type ThrottlePolicy, type ThrottleState } from '../domain/throttle.ts';
import { type Db, inTransaction, isPostgres } from '../platform/database.ts';

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
  const row = (await db('throttles').where({ key }).first()) as ThrottleRow | undefined;
  const verdict = judgeThrottle(stateOf(row), now, policy);
  return verdict.kind === 'open' ? 0 : verdict.retryAfterSeconds;
}

/** Takes one try *before* it is judged, so that many at once cannot all slip through the last free place.
 *  @returns 0 when the try may go on, else seconds to wait (and nothing is counted). */
export async function takeTry(db: Db, key: string, policy: ThrottlePolicy, now: Date): Promise<number> {
  return inTransaction(db, async (tx) => {
    if (isPostgres(tx))
      await tx('throttles')
        .insert({ key, failures: 0, window_started_at: 0, strikes: 0, forget_at: now.getTime() })
        .onConflict('key')
        .ignore();
    const query = tx('throttles').where({ key }).first();
    const row = (await (isPostgres(tx) ? query.forUpdate() : query)) as ThrottleRow | undefined;
    const state = stateOf(row);
    const verdict = judgeThrottle(state, now, policy);
    if (verdict.kind === 'blocked') return verdict.retryAfterSeconds;
    const next = afterFailure(state, now, policy);
    const columns = {
      failures: next.failures,
      window_started_at: next.windowStartedAt.getTime(),
      blocked_until_at: next.blockedUntil?.getTime() ?? null,
      strikes: next.strikes,
      forget_at: now.getTime() + Math.max(policy.windowSeconds, policy.maxBlockSeconds) * 2_000,
    };
    await tx('throttles')
      .insert({ key, ...columns })
      .onConflict('key')
      .merge();
    return 0;
  });
}

/** Takes one counted try back: it was no failure. For keys that many people share (an address), where one success must not forget the others' failures.
 *  When this try was the one that began a block, the block ends with it. */
export async function giveBackTry(db: Db, key: string, policy: ThrottlePolicy, now: Date): Promise<void> {
  await inTransaction(db, async (tx) => {
    const query = tx('throttles').where({ key }).first();
    const row = (await (isPostgres(tx) ? query.forUpdate() : query)) as ThrottleRow | undefined;
    if (row === undefined) return;
    const isBlocked = judgeThrottle(stateOf(row), now, policy).kind === 'blocked';
    const change = isBlocked
      ? { failures: policy.tries - 1, blocked_until_at: null, strikes: Math.max(0, row.strikes - 1) }
      : { failures: Math.max(0, row.failures - 1) };
    await tx('throttles').where({ key }).update(change);
  });
}

/** Forgets the tries: the right secret was given. */
export async function deleteThrottle(db: Db, key: string): Promise<void> {
  await db('throttles').where({ key }).delete();
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

function stateOf(row: ThrottleRow | undefined): ThrottleState | undefined {
  if (row === undefined) return undefined;
  return {
    failures: row.failures,
    windowStartedAt: new Date(row.window_started_at),
    strikes: row.strikes,
    ...(row.blocked_until_at === null ? {} : { blockedUntil: new Date(row.blocked_until_at) }),
  };
}
