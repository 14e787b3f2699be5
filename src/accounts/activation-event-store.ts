import type { ActivationChannel } from '../domain/activation.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { type LateFact, type LateMeasure, lateSteps } from '../domain/late-backlog.ts';
import type { ResidentEntry } from '../domain/resident-ledger.ts';
import { type CalendarDate, vietNamDay } from '../domain/viet-nam-time.ts';
import { hasRows, insertRows, listRowsIn, newAppendedId, takeRows } from '../platform/bulk-rows.ts';
import { type Db, inTransaction, isPostgres, seeOneMoment } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { addToWaits, listWaitDifferences, WAITED, type WaitPart, waitSums } from './activation-wait-store.ts';
import { type Newcomers, residentEntriesOf } from './count-residents.ts';
import { changeCounterVersions } from './counter-version-store.ts';
import { createSums, differences, repaired, type Sums } from './counting.ts';
import { addResidentEntries, residentSums } from './resident-counter-store.ts';
import { learnedOn } from './resident-fact-store.ts';

/** What is counted. Grants: `applied`, `granted`, `notified`, `activated` (the grant's first activation), `reactivated`, `late`, `reopened`, `first_login`;
 *  `due` and `on_time` lie on the day of the grant's *first* due time (`on_time`: activated by then), so that a rate as of a day holds only what had
 *  fallen due. Persons: `person_activated` (first activation of any level), `person_first_login`. Accounts: `locked`, `unlocked` (level 0). */
export const ACTIVATION_MEASURES = [
  'applied',
  'granted',
  'notified',
  'due',
  'late',
  'reopened',
  'activated',
  'on_time',
  'reactivated',
  'first_login',
  'person_activated',
  'person_first_login',
  'locked',
  'unlocked',
] as const;
export type ActivationMeasure = (typeof ACTIVATION_MEASURES)[number];

/** All that counters hold: events, and how many grants begin or cease to be late of some age on each day (`lateSteps`), which lies in the future too. */
export type CounterMeasure = ActivationMeasure | LateMeasure;

export type ActivationEvent = {
  kind: ActivationMeasure;
  accountId: string;
  grantId?: string;
  accountLevel: AccountLevel | 0;
  /** The unit at the time of the event; absent when unknown. */
  unitCode?: string;
  channel?: ActivationChannel;
  occurredAt: Date;
  /** When the system learned of it; an import learns late. */
  recordedAt: Date;
  /** `activated`, `reopened`: the day of the grant's notice; absent when there was none. A notice's own day says it. */
  notifiedOn?: CalendarDate;
  /** `reopened`, and an `activated` within a reopened window: the last day of that window. */
  dueOn?: CalendarDate;
  /** -1 takes back what an earlier event said (a late arrival showed that another came first). Default 1. */
  quantity?: 1 | -1;
};

type CounterKey = {
  day: string;
  /** The day on which it was learned, when that is a later one; else ''. So it is told what was known at the end of any day, by the counters alone. */
  recorded_on: string;
  unit_code: string;
  account_level: number;
  channel: string;
  measure: CounterMeasure;
};
type MonthCounterKey = Omit<CounterKey, 'day'> & { month: string };

/** More than a citizen's own step ever writes: a batch of an import, which takes the counter rows it needs at once and waits for other batches alone. */
const LEAST_BATCH = 100;

/** Writes events and adds them to the counters in the caller's transaction, so that the counters, as read, always equal a recount. A step appends what is to
 *  be added (`foldCounters` adds it, readers add it up themselves): a thousand activations in one unit do not queue on one counter row, and change it once. */
export async function recordActivationEvents(tx: Db, events: readonly ActivationEvent[]): Promise<void> {
  const counts = noCounts();
  await insertEvents(tx, { events }, counts);
  await addCounts(tx, counts);
}

/** What is to be added to the counters: many events of a batch say few different things, and are counted once at its end. */
export type BatchCounts = {
  readonly days: Sums<CounterPart>;
  readonly waits: Sums<WaitPart>;
  readonly residents: Sums<ResidentEntry>;
  /** How many they are; those that take others back are not taken off. */
  events: number;
};

export function noCounts(): BatchCounts {
  return { days: daySums(), waits: waitSums(), residents: residentSums(), events: 0 };
}

/** Writes events and adds what they say to `counts`, which the caller adds to the counters in the same transaction: `addCounts`. */
export async function insertEvents(
  tx: Db,
  { events, newcomers }: { readonly events: readonly ActivationEvent[]; readonly newcomers?: Newcomers },
  counts: BatchCounts,
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({
    id: newId(),
    kind: event.kind,
    quantity: event.quantity ?? 1,
    account_id: event.accountId,
    grant_id: event.grantId ?? null,
    account_level: event.accountLevel,
    unit_code: event.unitCode ?? '',
    channel: event.channel ?? '',
    day: vietNamDay(event.occurredAt),
    occurred_at: event.occurredAt.getTime(),
    recorded_at: event.recordedAt.getTime(),
    notified_on: event.notifiedOn ?? null,
    due_on: event.dueOn ?? null,
  }));
  await insertRows(tx, 'activation_events', rows);
  for (const entry of await residentEntriesOf(tx, rows, newcomers)) counts.residents.add(entry);
  for (const { kind, day, unit_code, account_level, channel, notified_on, due_on, recorded_at, quantity } of rows) {
    const base = { kind, day, unit_code, account_level, channel, notified_on, due_on };
    const fact = { ...base, recorded_on: learnedOn(recorded_at), total: quantity };
    for (const part of countersOf(fact)) counts.days.add(part);
    for (const part of waitsOf(fact)) counts.waits.add(part);
  }
  counts.events += rows.length;
}

/** Adds what the events of the caller's transaction say to the counters. */
export async function addCounts(tx: Db, { days, waits, residents, events }: BatchCounts): Promise<void> {
  await addResidentEntries(tx, residents.rows());
  if (events >= LEAST_BATCH) {
    await addToCounters(tx, days.rows());
    await addToWaits(tx, waits.rows());
    return;
  }
  const parts = [...days.rows().map((day) => ({ ...day, notified_on: null })), ...waits.rows().map(deltaOf)];
  const deltas = parts.map((part) => ({ id: newAppendedId(tx), ...part }));
  await insertRows(tx, DELTAS.table, deltas);
}

/** What an event says, or several that say the same. */
type Fact = Omit<CounterKey, 'measure'> & {
  kind: ActivationMeasure;
  /** The day on which it was learned, in time or not. */
  recorded_on: CalendarDate;
  notified_on: CalendarDate | null;
  due_on: CalendarDate | null;
  total: number;
};
type CounterPart = CounterKey & { total: number };

function countersOf(fact: Fact): CounterPart[] {
  return [counterOf(fact), ...lateCountersOf(fact)];
}

function counterOf(fact: Omit<Fact, 'notified_on' | 'due_on'>): CounterPart {
  const { day, unit_code, account_level, channel, kind: measure, total } = fact;
  return { day, unit_code, account_level, channel, measure, recorded_on: learnedAfter(day, fact.recorded_on), total };
}

/** How the fact changes, on later days, what is late. */
function lateCountersOf(fact: Omit<Fact, 'channel'>): CounterPart[] {
  const { unit_code, account_level, total } = fact;
  return lateFactsOf(fact)
    .flatMap(lateSteps)
    .map(({ day, measure, quantity }) => {
      const recorded_on = learnedAfter(day, fact.recorded_on);
      return { day, unit_code, account_level, channel: '', measure, recorded_on, total: quantity * total };
    });
}

function lateFactsOf({ kind, day, notified_on, due_on }: Omit<Fact, 'channel'>): LateFact[] {
  if (kind === 'notified') return [{ kind, day, notifiedOn: day }];
  if ((kind !== 'activated' && kind !== 'reopened') || notified_on === null) return [];
  return [{ kind, day, notifiedOn: notified_on, dueOn: due_on ?? undefined }];
}

function waitsOf(fact: Omit<Fact, 'channel'>): WaitPart[] {
  const { kind, day, notified_on, unit_code, account_level, total } = fact;
  const part = { unit_code, account_level, recorded_on: learnedAfter(day, fact.recorded_on), total };
  if (kind === 'notified') return [{ ...part, notified_on: day, activated_on: '' }];
  return kind === 'activated' && notified_on !== null ? [{ ...part, notified_on, activated_on: day }] : [];
}

function deltaOf({ activated_on: day, ...rest }: WaitPart) {
  return { ...rest, day, channel: '', measure: WAITED };
}

/** Adds what was appended to the counters, a bounded batch a call, and takes it away from where it was appended: a reader sees it in one of the two.
 *  Several may fold at once. @returns how many rows; fewer than `limit` when nothing is left. */
export async function foldCounters(db: Db, limit = 5_000): Promise<number> {
  if (!(await hasRows(db, DELTAS.table))) return 0;
  return inTransaction(db, async (tx) => {
    const rows = await takeRows<DeltaRow>(tx, DELTAS, limit);
    const days = daySums();
    const waits: WaitPart[] = [];
    for (const row of rows) {
      if (row.measure === WAITED) waits.push(waitOf(row as WaitDelta));
      else days.add(row as CounterPart);
    }
    await addToCounters(tx, days.rows());
    await addToWaits(tx, waits);
    return rows.length;
  });
}

function waitOf({ day: activated_on, unit_code, account_level, notified_on, recorded_on, total }: WaitDelta): WaitPart {
  return { unit_code, account_level, notified_on, activated_on, recorded_on, total };
}

async function addToCounters(tx: Db, days: readonly CounterPart[]): Promise<void> {
  await changeCounterVersions(tx, days);
  await insertRows(tx, 'activation_counters', days, { columns: DAY_COLUMNS, update: ADD.activation_counters });
  await insertRows(tx, 'activation_month_counters', monthsOf(days), {
    columns: MONTH_COLUMNS,
    update: ADD.activation_month_counters,
  });
}

const DAY_COLUMNS = ['day', 'unit_code', 'account_level', 'channel', 'measure', 'recorded_on'] as const;
const DELTAS = { table: 'activation_counter_deltas', columns: [...DAY_COLUMNS, 'notified_on', 'total'] } as const;
const MONTH_COLUMNS = ['unit_code', 'account_level', 'measure', 'month', 'channel', 'recorded_on'] as const;
const ADD = {
  activation_counters: { total: 'activation_counters.total + excluded.total' },
  activation_month_counters: { total: 'activation_month_counters.total + excluded.total' },
} as const;

type WaitDelta = Omit<CounterKey, 'measure'> & { measure: typeof WAITED; notified_on: CalendarDate; total: number };
type DeltaRow = CounterPart | WaitDelta;

function daySums(): Sums<CounterPart> {
  return createSums<CounterPart>(DAY_COLUMNS, ['total']);
}

function monthsOf(days: readonly CounterPart[]): (MonthCounterKey & { total: number })[] {
  const sums = createSums<MonthCounterKey & { total: number }>(MONTH_COLUMNS, ['total']);
  for (const { unit_code, account_level, measure, day, channel, recorded_on: learnedOn, total } of days) {
    const month = day.slice(0, 7);
    const recorded_on = learnedOn.slice(0, 7) > month ? learnedOn : '';
    sums.add({ unit_code, account_level, measure, month, channel, recorded_on, total });
  }
  return sums.rows();
}

function learnedAfter(day: string, recordedOn: string): string {
  return recordedOn > day ? recordedOn : '';
}

type EventRow = {
  kind: ActivationMeasure;
  quantity: number;
  account_id: string;
  grant_id: string | null;
  account_level: AccountLevel | 0;
  unit_code: string;
  channel: ActivationChannel | '';
  occurred_at: number;
  notified_on: CalendarDate | null;
  due_on: CalendarDate | null;
};

/** What the events of these accounts say now, corrections taken off: of each `kind`, the ones that still stand. Written again with the quantity -1
 *  they are taken back. */
export async function listStandingEvents(
  tx: Db,
  accountIds: readonly string[],
  kinds: readonly ActivationMeasure[],
): Promise<Omit<ActivationEvent, 'recordedAt'>[]> {
  const rows = await listRowsIn<EventRow>(tx, { table: 'activation_events', column: 'account_id' }, accountIds);
  const standing = new Map<string, { event: Omit<ActivationEvent, 'recordedAt'>; total: number }>();
  for (const row of rows.filter(({ kind }) => kinds.includes(kind))) {
    const event = {
      kind: row.kind,
      accountId: row.account_id,
      accountLevel: row.account_level,
      occurredAt: new Date(row.occurred_at),
      ...(row.grant_id === null ? {} : { grantId: row.grant_id }),
      ...(row.unit_code === '' ? {} : { unitCode: row.unit_code }),
      ...(row.channel === '' ? {} : { channel: row.channel }),
      ...(row.notified_on === null ? {} : { notifiedOn: row.notified_on }),
      ...(row.due_on === null ? {} : { dueOn: row.due_on }),
    };
    const key = JSON.stringify(event);
    const known = standing.get(key) ?? { event, total: 0 };
    known.total += row.quantity;
    standing.set(key, known);
  }
  return [...standing.values()].filter(({ total }) => total > 0).map(({ event }) => event);
}

export type CounterDifference = Omit<CounterKey, 'measure'> & {
  measure: CounterMeasure | typeof WAITED;
  notified_on?: CalendarDate;
  counted: number;
  recounted: number;
};

/** Counts the events again and compares: the days, the months and the waits. `repair` writes the recount, in one transaction.
 *  @returns the counters that differed; a month's has the month in place of the day, a wait's the day of the activation. */
export async function checkCounters(db: Db, options: { repair: boolean }): Promise<CounterDifference[]> {
  return inTransaction(db, async (tx) => {
    // One state of the events, the counters and what is yet to be added to them.
    await seeOneMoment(tx);
    while ((await foldCounters(tx)) > 0);
    const facts = await recountFacts(tx);
    const sums = daySums();
    for (const part of await recountEvents(tx)) sums.add(part);
    for (const part of facts.flatMap(lateCountersOf)) sums.add(part);
    const recounted = sums.rows();
    const monthly = monthsOf(recounted);
    const days = differences(
      await readCounters<CounterKey>(tx, 'activation_counters', DAY_COLUMNS),
      recounted,
      DAY_COLUMNS,
    );
    const months = differences(
      await readCounters<MonthCounterKey>(tx, 'activation_month_counters', MONTH_COLUMNS),
      monthly,
      MONTH_COLUMNS,
    );
    if (options.repair) {
      await changeCounterVersions(tx, [...days, ...months.map(({ month }) => ({ day: `${month}-01` }))]);
      await insertRows(tx, 'activation_counters', days.map(repaired), { columns: DAY_COLUMNS, update: ['total'] });
      await insertRows(tx, 'activation_month_counters', months.map(repaired), {
        columns: MONTH_COLUMNS,
        update: ['total'],
      });
    }
    const waits = await listWaitDifferences(tx, facts.flatMap(waitsOf), options);
    return [
      ...days,
      ...months.map(({ month, ...rest }) => ({ day: month, ...rest })),
      ...waits.map(({ activated_on: day, ...rest }) => ({ day, channel: '', measure: WAITED, ...rest })),
    ];
  });
}

/** The day counters of the events themselves, as they should stand. */
async function recountEvents(tx: Db): Promise<CounterPart[]> {
  const key = ['channel', 'kind'] as const;
  const rows = await sumEvents<Omit<Fact, 'notified_on' | 'due_on'>>(tx, key, ACTIVATION_MEASURES);
  return rows.map(counterOf);
}

/** What says which grants were late when, and how long activations took. */
function recountFacts(tx: Db): Promise<Omit<Fact, 'channel'>[]> {
  return sumEvents(tx, ['kind', 'notified_on', 'due_on'], ['notified', 'activated', 'reopened']);
}

async function sumEvents<Fact extends { total: number }>(
  tx: Db,
  by: readonly (keyof Fact)[],
  kinds: readonly ActivationMeasure[],
): Promise<Fact[]> {
  const key = ['day', 'unit_code', 'account_level', ...by.map(String)];
  const rows = (await tx('activation_events')
    .select(...key, { recorded_on: tx.raw(recordedDayExpression(tx)) })
    .sum({ total: 'quantity' })
    .whereIn('kind', kinds)
    .groupBy(...key, 'recorded_on')) as (Omit<Fact, 'total'> & { total: number | string })[];
  return rows.map((row) => ({ ...row, total: Number(row.total) }) as Fact);
}

/** The day in Viet Nam (UTC+7) of `recorded_at`. */
function recordedDayExpression(tx: Db): string {
  const seconds = '(recorded_at + 25200000) / 1000';
  return isPostgres(tx)
    ? `to_char(to_timestamp(${seconds}) at time zone 'UTC', 'YYYY-MM-DD')`
    : `strftime('%Y-%m-%d', ${seconds}, 'unixepoch')`;
}

async function readCounters<Key extends object>(
  tx: Db,
  table: 'activation_counters' | 'activation_month_counters',
  columns: readonly string[],
): Promise<(Key & { total: number })[]> {
  return (await tx(table).select(...columns, 'total')) as (Key & { total: number })[];
}
