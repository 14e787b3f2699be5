import type { ActivationEvent } from '../accounts/activation-event-store.ts';
import type { LevelGrant } from '../accounts/level-grant-store.ts';
import { activationDueAt, type GrantStatus, isPastDue } from '../domain/level-grant.ts';
import { vietNamDay } from '../domain/viet-nam-time.ts';
import type { PersonColumn, PersonRecord, RowProblem } from './person-record.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Identity = Pick<LevelGrant, 'id' | 'accountId'>;

/** Where a row contradicts what the register holds of its grant: a fact of the past does not change by import. */
export function grantProblems(known: LevelGrant, record: PersonRecord): RowProblem[] {
  const isReactivated = known.activatedAt?.getTime() !== known.firstActivatedAt?.getTime();
  const pairs: [PersonColumn, Date | string | undefined, Date | string | undefined][] = [
    ['unit_code', known.unitCode, record.unitCode],
    ['applied_at', known.appliedAt, record.appliedAt],
    ['granted_at', known.grantedAt, record.grantedAt],
    ['notified_at', known.notifiedAt, record.notifiedAt],
    ['activated_at', known.firstActivatedAt, record.activatedAt],
    ['first_login_at', known.firstLoginAt, record.firstLoginAt],
    ['channel', isReactivated ? undefined : known.channel, record.channel],
  ];
  return pairs
    .filter(([, old, told]) => old !== undefined && told !== undefined && old.valueOf() !== told.valueOf())
    .map(([field]) => ({ field, reason: 'differs_from_register' }));
}

/** The grant with what the row adds to it; an empty field says nothing. The same facts in any order and number of rows give the same grant.
 *  @param known must not contradict the row: @see grantProblems. */
export function mergeGrant(known: LevelGrant | Identity, record: PersonRecord, now: Date): LevelGrant {
  const { grantedAt, accountLevel, unitCode, notifiedAt, activatedAt } = record;
  const firstDueAt = notifiedAt && activationDueAt(notifiedAt);
  const told: Mutable<LevelGrant> = { ...known, accountLevel, grantedAt, unitCode, status: 'granted' };
  put(told, 'appliedAt', record.appliedAt);
  put(told, 'notifiedAt', notifiedAt);
  put(told, 'firstDueAt', firstDueAt);
  put(told, 'dueAt', firstDueAt);
  put(told, 'firstActivatedAt', activatedAt);
  put(told, 'activatedAt', activatedAt);
  put(told, 'firstLoginAt', record.firstLoginAt);
  put(told, 'channel', record.channel);
  // What the register holds stands; it may also be later news (a reopened window, a second activation).
  const merged: Mutable<LevelGrant> = { ...told, ...known };
  merged.status = statusAfter(known, merged, now);
  return merged;
}

function put<K extends keyof LevelGrant>(grant: Mutable<LevelGrant>, key: K, value: LevelGrant[K] | undefined): void {
  if (value !== undefined) grant[key] = value;
}

function statusAfter(known: Partial<LevelGrant>, merged: LevelGrant, now: Date): GrantStatus {
  if (known.firstActivatedAt === undefined && merged.firstActivatedAt !== undefined) return 'activated';
  if (known.status !== undefined && known.status !== 'granted') return known.status;
  if (merged.dueAt === undefined) return 'granted';
  return isPastDue(merged.dueAt, now) ? 'late_activation' : 'pending_activation';
}

/** Whether a row said something new about its grant. */
export function isSameGrant(a: LevelGrant, b: LevelGrant): boolean {
  const keys: readonly (keyof LevelGrant)[] = [
    'status',
    'unitCode',
    'appliedAt',
    'notifiedAt',
    'firstActivatedAt',
    'firstLoginAt',
  ];
  return keys.every((key) => a[key]?.valueOf() === b[key]?.valueOf());
}

/** What the counters must hear when a grant becomes known as `after`, having been known as `before`. Taking many small steps or a single one comes to
 *  the same. `takesBackLate`: it had counted as late, and now an activation in time has come to light. */
export function grantEvents(
  before: LevelGrant | undefined,
  after: LevelGrant,
  recordedAt: Date,
): { readonly events: ActivationEvent[]; readonly takesBackLate: boolean } {
  const news = HISTORY.filter(({ at }) => after[at] !== undefined && before?.[at] === undefined);
  const events = news.map(({ kind, at, place }) => eventAt(place(after), kind, after[at] as Date, recordedAt));
  const activated = events.find(({ kind }) => kind === 'activated');
  if (activated !== undefined && after.notifiedAt !== undefined) activated.notifiedOn = vietNamDay(after.notifiedAt);
  const wasLate = before !== undefined && hasBeenLate(before);
  const isLate = hasBeenLate(after);
  // `due`, `on_time` and `late` lie together, on the day of the first due time and without a channel.
  const dueAt = after.firstDueAt;
  if (dueAt !== undefined && isOnTime(after) && before?.firstActivatedAt === undefined)
    events.push(eventAt(placeOf(after), 'on_time', dueAt, recordedAt));
  if (dueAt !== undefined && isLate && !wasLate) events.push(eventAt(placeOf(after), 'late', dueAt, recordedAt));
  return { events, takesBackLate: wasLate && !isLate };
}

/** Whether a first activation has come to light of a grant whose window had been opened again: some of its windows may have been opened for nothing. */
export function mayDisproveReopening(before: LevelGrant | undefined, after: LevelGrant): boolean {
  if (after.firstActivatedAt === undefined || before === undefined || before.firstActivatedAt !== undefined)
    return false;
  return before.dueAt?.getTime() !== before.firstDueAt?.getTime();
}

/** Each fact of a grant with the event that it is counted by. */
const HISTORY = [
  { kind: 'applied', at: 'appliedAt', place: placeOf },
  { kind: 'granted', at: 'grantedAt', place: placeOf },
  { kind: 'notified', at: 'notifiedAt', place: placeOf },
  { kind: 'due', at: 'firstDueAt', place: placeOf },
  { kind: 'activated', at: 'firstActivatedAt', place: placeWithChannelOf },
  { kind: 'first_login', at: 'firstLoginAt', place: placeWithChannelOf },
] as const;

type Place = Pick<ActivationEvent, 'accountId' | 'grantId' | 'accountLevel' | 'unitCode' | 'channel'>;

function eventAt(place: Place, kind: ActivationEvent['kind'], occurredAt: Date, recordedAt: Date): ActivationEvent {
  return { ...place, kind, occurredAt, recordedAt };
}

/** A grant's place in the counters. */
function placeOf(grant: LevelGrant): Place {
  const { accountId, id: grantId, accountLevel, unitCode } = grant;
  return unitCode === undefined ? { accountId, grantId, accountLevel } : { accountId, grantId, accountLevel, unitCode };
}

/** The place of an activation and of what follows it. */
export function placeWithChannelOf(grant: LevelGrant): Place {
  return grant.channel === undefined ? placeOf(grant) : { ...placeOf(grant), channel: grant.channel };
}

function isOnTime({ firstActivatedAt, firstDueAt }: LevelGrant): boolean {
  return firstActivatedAt !== undefined && firstDueAt !== undefined && firstActivatedAt <= firstDueAt;
}

/** Whether the grant's first time ran out before it was activated, so that a `late` stands for it. A reopened window moves `dueAt` and keeps `firstDueAt`. */
function hasBeenLate(grant: LevelGrant): boolean {
  const { firstDueAt, dueAt, firstActivatedAt } = grant;
  if (firstDueAt === undefined) return false;
  if (firstActivatedAt !== undefined) return firstActivatedAt > firstDueAt;
  return grant.status === 'late_activation' || (dueAt !== undefined && dueAt > firstDueAt);
}
