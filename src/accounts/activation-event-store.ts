import type { ActivationChannel } from '../domain/activation.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import type { ResidentEntry } from '../domain/resident-ledger.ts';
import { type CalendarDate, vietNamDay } from '../domain/viet-nam-time.ts';
import { hasRows, insertRows, listRowsIn, newAppendedId, rowsAppended, takeRows } from '../platform/bulk-rows.ts';
import { type Db, inTransaction, isPostgres, seeOneMoment } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { runShort, type Statements } from '../platform/prepared-queries.ts';
import {
  ACTIVATION_MEASURES,
  type ActivationMeasure,
  type CounterKey,
  type CounterMeasure,
  type CounterPart,
  counterOf,
  countersOf,
  type Fact,
  factOf,
  lateCountersOf,
  waitsOf,
} from './activation-counters.ts';
import {
  ALL_UNITS,
  addToWaits,
  listWaitDifferences,
  WAITED,
  type WaitPart,
  waitSums,
} from './activation-wait-store.ts';
import { type Newcomers, residentChanges } from './count-residents.ts';
import { changeCounterVersions } from './counter-version-store.ts';
import { createSums, differences, repaired, type Sums } from './counting.ts';
import { addResidentEntries, residentEntriesAppended, residentSums } from './resident-counter-store.ts';
import { addToWhole, listWholeDifferences } from './whole-counter-store.ts';

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

type MonthCounterKey = Omit<CounterKey, 'day'> & { month: string };

/** More than a citizen's own step ever writes: a batch of an import, which takes the counter rows it needs at once and waits for other batches alone. */
const LEAST_BATCH = 100;

/** Writes events and adds them to the counters in the caller's transaction, so that the counters, as read, always equal a recount. A step appends what is to
 *  be added (`foldCounters` adds it, readers add it up themselves): a thousand activations in one unit do not queue on one counter row, and change it once. */
export async function recordActivationEvents(tx: Db, events: readonly ActivationEvent[]): Promise<void> {
  if (events.length < LEAST_BATCH) return runShort(tx, () => eventsRecorded(tx, events));
  const counts = noCounts();
  await insertEvents(tx, { events }, counts);
  await addCounts(tx, counts);
}

function* eventsRecorded(tx: Db, events: readonly ActivationEvent[]): Statements<void> {
  const rows = events.map(eventRow);
  // Before the events are there.
  const residents = yield* residentChanges(tx, rows);
  yield* rowsAppended(tx, EVENTS, rows);
  const facts = rows.map(factOf);
  yield* rowsAppended(tx, APPENDED, deltasOf(tx, { days: facts.flatMap(countersOf), waits: facts.flatMap(waitsOf) }));
  yield* residentEntriesAppended(tx, residents);
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
  const rows = events.map(eventRow);
  for (const entry of await runShort(tx, () => residentChanges(tx, rows, newcomers))) counts.residents.add(entry);
  await insertRows(tx, EVENTS.table, rows);
  for (const row of rows) addFact(counts, factOf(row));
  counts.events += rows.length;
}

function addFact({ days, waits }: BatchCounts, fact: Fact): void {
  days.add(counterOf(fact));
  for (const part of lateCountersOf(fact)) days.add(part);
  for (const part of waitsOf(fact)) waits.add(part);
}

/** Adds what the events of the caller's transaction say to the counters. */
export async function addCounts(tx: Db, { days, waits, residents, events }: BatchCounts): Promise<void> {
  await addResidentEntries(tx, residents.rows());
  if (events >= LEAST_BATCH) {
    await addToCounters(tx, days.rows());
    await addToWaits(tx, waits.rows());
    return;
  }
  const deltas = deltasOf(tx, { days: days.rows(), waits: waits.rows() });
  await runShort(tx, () => rowsAppended(tx, APPENDED, deltas));
}

function deltasOf(tx: Db, { days, waits }: { days: readonly CounterPart[]; waits: readonly WaitPart[] }) {
  const parts = [...days.map((day) => ({ ...day, notified_on: null })), ...waits.map(deltaOf)];
  return parts.map((part) => ({ id: newAppendedId(tx), ...part }));
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
      if (row.measure === WAITED) waits.push(waitOf(row));
      else days.add(row);
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
  await addToWhole(tx, days);
}

const DAY_COLUMNS = ['day', 'unit_code', 'account_level', 'channel', 'measure', 'recorded_on'] as const;
const DELTAS = { table: 'activation_counter_deltas', columns: [...DAY_COLUMNS, 'notified_on', 'total'] } as const;
const APPENDED = { table: DELTAS.table, columns: ['id', ...DELTAS.columns] } as const;
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

/** The row of an event. */
export function eventRow(event: ActivationEvent) {
  return {
    id: newId(),
    kind: event.kind,
    quantity: event.quantity ?? (1 as const),
    account_id: event.accountId,
    grant_id: event.grantId ?? null,
    account_level: event.accountLevel,
    unit_code: event.unitCode ?? '',
    channel: event.channel ?? ('' as const),
    day: vietNamDay(event.occurredAt),
    occurred_at: event.occurredAt.getTime(),
    recorded_at: event.recordedAt.getTime(),
    notified_on: event.notifiedOn ?? null,
    due_on: event.dueOn ?? null,
  };
}
type EventRow = ReturnType<typeof eventRow>;

export const EVENTS = {
  table: 'activation_events',
  columns: [
    'id',
    'kind',
    'quantity',
    'account_id',
    'grant_id',
    'account_level',
    'unit_code',
    'channel',
    'day',
    'occurred_at',
    'recorded_at',
    'notified_on',
    'due_on',
  ],
} as const;

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

/** Counts the events again and compares: the days, the months, the days of the whole and the waits. `repair` writes the recount, in one transaction.
 *  @returns the counters that differed; a month's has the month in place of the day, a wait's the day of the activation, one of the whole `ALL_UNITS`. */
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
    const whole = await listWholeDifferences(tx, recounted, options);
    if (options.repair) {
      await changeCounterVersions(tx, [...days, ...months.map(({ month }) => ({ day: `${month}-01` })), ...whole]);
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
      ...whole.map((one) => ({ ...one, unit_code: ALL_UNITS, channel: '' })),
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
