import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { afterFailure, judgeThrottle, type ThrottlePolicy, type ThrottleState } from '../domain/throttle.ts';
import { type Db, isPostgres } from '../platform/database.ts';
import {
  read,
  readRows,
  runShort,
  type Statements,
  send,
  type Value,
  write,
  writeAlone,
  writeRows,
} from '../platform/prepared-queries.ts';

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
  return `${key.kind}:${createHmac('sha256', keyObjectOf(hmacKey)).update(`${key.kind}\u241f${key.subject}`).digest('base64url')}`;
}

const keyObjects = new WeakMap<Buffer, KeyObject>();

/** Node makes one of the bytes at each use otherwise, which costs more than the hash. */
function keyObjectOf(bytes: Buffer): KeyObject {
  const known = keyObjects.get(bytes);
  if (known !== undefined) return known;
  const made = createSecretKey(bytes);
  keyObjects.set(bytes, made);
  return made;
}

/** What is limited, and how. */
export type Limit = { key: string; policy: ThrottlePolicy };

/** Whether a try is allowed now. @returns seconds to wait, 0 when open. */
export async function throttleWaitSeconds(db: Db, key: string, policy: ThrottlePolicy, now: Date): Promise<number> {
  const [row] = await readRows<ThrottleRow>(db, FIND, [key]);
  const verdict = judgeThrottle(stateOf(row), now, policy);
  return verdict.kind === 'open' ? 0 : verdict.retryAfterSeconds;
}

/** Takes one try *before* it is judged, so that many at once cannot all slip through the last free place.
 *  @returns 0 when the try may go on, else seconds to wait (and nothing is counted). */
export async function takeTry(db: Db, key: string, policy: ThrottlePolicy, now: Date): Promise<number> {
  return takeTries(db, [{ key, policy }], now);
}

/** Takes one try of each limit in turn, until one is used up: those before it are counted. The one that most people share (an address) stands first.
 *  @returns seconds to wait, 0 when it may go on. */
export async function takeTries(db: Db, limits: readonly Limit[], now: Date): Promise<number> {
  const inTurn = (): Promise<number> => runShort(db, () => triesTaken(db, limits, now));
  if (limits.length === 1 || !isPostgres(db) || db.isTransaction === true) return inTurn();
  try {
    await runShort(db, () => eachTaken(limits, now));
    return 0;
  } catch (error) {
    if (!(error instanceof UsedUp)) throw error;
    return runShort(db, () => lockedAndTaken(db, limits, now));
  }
}

class UsedUp extends Error {
  override readonly name = 'UsedUp';
}

/** The last first, so that the row for which most people wait is held for the shortest time. @throws UsedUp, which takes back all, when there is a limit to wait for. */
function* eachTaken(limits: readonly Limit[], now: Date): Statements<void> {
  for (const limit of limits.toReversed())
    if ((yield* tryTaken(limit, { now, isLocking: true, isOnly: false })) > 0) throw new UsedUp();
}

/** In turn, with all rows that are there locked in the order of `eachTaken` before: in the other one the two would wait for each other. */
function* lockedAndTaken(db: Db, limits: readonly Limit[], now: Date): Statements<number> {
  for (const { key } of limits.toReversed()) yield* read(`${FIND} for update`, [key]);
  return yield* triesTaken(db, limits, now);
}

/** The same within a short transaction that writes nothing after it. */
export function* triesTaken(db: Db, limits: readonly Limit[], now: Date): Statements<number> {
  for (const limit of limits) {
    const retryAfterSeconds = yield* tryTaken(limit, { now, isLocking: isPostgres(db), isOnly: limits.length === 1 });
    if (retryAfterSeconds > 0) return retryAfterSeconds;
  }
  return 0;
}

function* tryTaken(
  { key, policy }: Limit,
  { now, isLocking, isOnly }: { now: Date; isLocking: boolean; isOnly: boolean },
): Statements<number> {
  const valuesOf = (state: ThrottleState): Value[] => [
    key,
    state.failures,
    state.windowStartedAt.getTime(),
    state.blockedUntil?.getTime() ?? null,
    state.strikes,
    now.getTime() + Math.max(policy.windowSeconds, policy.maxBlockSeconds) * 2_000,
  ];
  // A row that is not there cannot be locked: the first try makes it, and is taken by that.
  const make = isOnly ? writeAlone : write;
  if (isLocking && (yield* make(MAKE, valuesOf(afterFailure(undefined, now, policy)))) === 1) return 0;
  const [row] = yield* read<ThrottleRow>(isLocking ? `${FIND} for update` : FIND, [key]);
  const state = stateOf(row);
  const verdict = judgeThrottle(state, now, policy);
  if (verdict.kind === 'blocked') return verdict.retryAfterSeconds;
  yield* send(PUT, valuesOf(afterFailure(state, now, policy)));
  return 0;
}

type SettledTries = { forget: string; giveBack: readonly Limit[] };

/** Within a short transaction. The right secret was given: forgets the tries of `forget`, which are one account's, and takes one counted try back from each of `giveBack`, which many people share
 *  (an address), where one success must not forget the others' failures. When that try was the one that began a block, the block ends with it. */
export function* triesSettled(db: Db, { forget, giveBack }: SettledTries, now: Date): Statements<void> {
  for (const limit of giveBack) yield* tryGivenBack(limit, { now, isLocking: isPostgres(db) });
  yield* send(DELETE, [forget]);
}

function* tryGivenBack(
  { key, policy }: Limit,
  { now, isLocking }: { now: Date; isLocking: boolean },
): Statements<void> {
  const [row] = yield* read<ThrottleRow>(isLocking ? `${FIND} for update` : FIND, [key]);
  if (row === undefined) return;
  const isBlocked = judgeThrottle(stateOf(row), now, policy).kind === 'blocked';
  if (isBlocked) {
    const sql = 'update throttles set failures = ?, blocked_until_at = null, strikes = ? where key = ?';
    yield* send(sql, [policy.tries - 1, Math.max(0, row.strikes - 1), key]);
  } else yield* send('update throttles set failures = ? where key = ?', [Math.max(0, row.failures - 1), key]);
}

/** Forgets the tries: the right secret was given. */
export async function deleteThrottle(db: Db, key: string): Promise<void> {
  await writeRows(db, DELETE, [key]);
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

const FIND = 'select * from throttles where key = ?';
const DELETE = 'delete from throttles where key = ?';
const INSERT = `insert into throttles (key, failures, window_started_at, blocked_until_at, strikes, forget_at)
  values (?, ?, ?, ?, ?, ?)`;
const MAKE = `${INSERT} on conflict (key) do nothing`;
const PUT = `${INSERT} on conflict (key) do update set failures = excluded.failures, window_started_at = excluded.window_started_at,
  blocked_until_at = excluded.blocked_until_at, strikes = excluded.strikes, forget_at = excluded.forget_at`;

function stateOf(row: ThrottleRow | undefined): ThrottleState | undefined {
  if (row === undefined) return undefined;
  return {
    failures: row.failures,
    windowStartedAt: new Date(row.window_started_at),
    strikes: row.strikes,
    ...(row.blocked_until_at === null ? {} : { blockedUntil: new Date(row.blocked_until_at) }),
  };
}
