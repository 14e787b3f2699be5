import type { ActivationChannel } from '../domain/activation.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { VIET_NAM_OFFSET_MINUTES, vietNamDay } from '../domain/viet-nam-time.ts';
import { insertRows, listRowsIn } from '../platform/bulk-rows.ts';
import { type Db, inTransaction, isPostgres } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';

/** What is counted. Grants: `applied`, `granted`, `notified`, `activated` (the grant's first activation), `reactivated`, `late`, `first_login`;
 *  `due` and `on_time` lie on the day of the grant's *first* due time (`on_time`: activated by then), so that a rate as of a day holds only what had
 *  fallen due. Persons: `person_activated` (first activation of any level), `person_first_login`. Accounts: `locked`, `unlocked` (level 0). */
export const ACTIVATION_MEASURES = [
  'applied',
  'granted',
  'notified',
  'due',
  'late',
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
  measure: ActivationMeasure;
};
type MonthCounterKey = Omit<CounterKey, 'day'> & { month: string };

/** More than a citizen's own step ever writes: a batch of an import, which takes the counter rows it needs at once and waits for other batches alone. */
const LEAST_BATCH = 100;

/** Writes events and adds them to the counters in the caller's transaction, so that the counters, as read, always equal a recount. On PostgreSQL a step
 *  appends what is to be added (`foldCounters` adds it, readers add it up themselves): a thousand activations in one unit do not queue on one counter
 *  row. SQLite has one writer, and nobody to wait for. */
export async function recordActivationEvents(tx: Db, events: readonly ActivationEvent[]): Promise<void> {
  if (events.length === 0) return;
  const dayOf = rememberDays();
  const rows = events.map((event) => ({
    id: newId(),
    kind: event.kind,
    quantity: event.quantity ?? 1,
    account_id: event.accountId,
    grant_id: event.grantId ?? null,
    account_level: event.accountLevel,
    unit_code: event.unitCode ?? '',
    channel: event.channel ?? '',
    day: dayOf(event.occurredAt),
    occurred_at: event.occurredAt.getTime(),
    recorded_at: event.recordedAt.getTime(),
  }));
  await insertRows(tx, 'activation_events', rows);

  const days = addedUp(rows, DAILY);
  if (isPostgres(tx) && events.length < LEAST_BATCH) await insertRows(tx, 'activation_counter_deltas', days);
  else await addToCounters(tx, days);
}

/** Adds what was appended to the counters, a bounded batch a call, and takes it away from where it was appended: a reader sees it in one of the two.
 *  Several may fold at once. @returns how many rows; fewer than `limit` when nothing is left. */
export async function foldCounters(db: Db, limit = 5_000): Promise<number> {
  if (!isPostgres(db)) return 0;
  return inTransaction(db, async (tx) => {
    const next = tx('activation_counter_deltas').select('id').orderBy('id').limit(limit).forUpdate().skipLocked();
    const rows = (await tx('activation_counter_deltas')
      .whereIn('id', next)
      .delete([...DAY_COLUMNS, 'total'])) as (CounterKey & { total: number })[];
    await addToCounters(tx, addedUp(rows, BY_DAY));
    return rows.length;
  });
}

async function addToCounters(tx: Db, days: readonly (CounterKey & { total: number })[]): Promise<void> {
  await insertRows(tx, 'activation_counters', days, { columns: DAY_COLUMNS, update: ADD.activation_counters });
  const months = addedUp(days, MONTHLY);
  await insertRows(tx, 'activation_month_counters', months, {
    columns: MONTH_COLUMNS,
    update: ADD.activation_month_counters,
  });
}

const DAY_COLUMNS = ['day', 'unit_code', 'account_level', 'channel', 'measure', 'recorded_on'] as const;
const MONTH_COLUMNS = ['unit_code', 'account_level', 'measure', 'month', 'channel', 'recorded_on'] as const;
const ADD = {
  activation_counters: { total: 'activation_counters.total + excluded.total' },
  activation_month_counters: { total: 'activation_month_counters.total + excluded.total' },
} as const;

/** How parts are added up: under which key, written as text for each part and as columns once. */
type Sum<Part, Key> = {
  readonly textOf: (part: Part) => string;
  readonly keyOf: (part: Part) => Key;
  readonly quantityOf: (part: Part) => number;
};

type CountedRow = Omit<CounterKey, 'measure' | 'recorded_on'> & {
  kind: ActivationMeasure;
  quantity: number;
  recorded_at: number;
};

const DAILY: Sum<CountedRow, CounterKey> = {
  textOf: (row) =>
    `${row.day}|${row.unit_code}|${row.account_level}|${row.channel}|${row.kind}|${learnedAfter(row.day, recordedDay(row.recorded_at))}`,
  keyOf: ({ day, unit_code, account_level, channel, kind: measure, recorded_at }) => {
    const recorded_on = learnedAfter(day, recordedDay(recorded_at));
    return { day, unit_code, account_level, channel, measure, recorded_on };
  },
  quantityOf: (row) => row.quantity,
};

const BY_DAY: Sum<CounterKey & { total: number }, CounterKey> = {
  textOf: (row) => DAY_COLUMNS.map((column) => row[column]).join('|'),
  keyOf: ({ day, unit_code, account_level, channel, measure, recorded_on }) => {
    return { day, unit_code, account_level, channel, measure, recorded_on };
  },
  quantityOf: (row) => row.total,
};

const MONTHLY: Sum<CounterKey & { total: number }, MonthCounterKey> = {
  textOf: (row) =>
    `${row.unit_code}|${row.account_level}|${row.measure}|${row.day.slice(0, 7)}|${row.channel}|${learnedAfterMonth(row)}`,
  keyOf: (row) => {
    const { unit_code, account_level, measure, channel } = row;
    const month = row.day.slice(0, 7);
    return { month, unit_code, account_level, measure, channel, recorded_on: learnedAfterMonth(row) };
  },
  quantityOf: (row) => row.total,
};

/** `vietNamDay` for many moments that fall on few days. */
function rememberDays(): (instant: Date) => string {
  const days = new Map<number, string>();
  return (instant) => {
    const number = Math.floor((instant.getTime() / 60_000 + VIET_NAM_OFFSET_MINUTES) / 1_440);
    let day = days.get(number);
    if (day === undefined) {
      day = vietNamDay(instant);
      days.set(number, day);
    }
    return day;
  };
}

/** The events of a batch were all learned at one moment: its day is worked out once. */
const recordedDay = (() => {
  let known = { at: 0, day: vietNamDay(new Date(0)) };
  return (at: number): string => {
    if (known.at !== at) known = { at, day: vietNamDay(new Date(at)) };
    return known.day;
  };
})();

function learnedAfter(day: string, recordedOn: string): string {
  return recordedOn > day ? recordedOn : '';
}

function learnedAfterMonth({ day, recorded_on }: Pick<CounterKey, 'day' | 'recorded_on'>): string {
  return recorded_on.slice(0, 7) > day.slice(0, 7) ? recorded_on : '';
}

/** One row a key, in key order, so that two transactions never wait for each other's rows. */
function addedUp<Part, Key>(
  parts: readonly Part[],
  { textOf, keyOf, quantityOf }: Sum<Part, Key>,
): (Key & { total: number })[] {
  const totals = new Map<string, Key & { total: number }>();
  for (const part of parts) {
    const text = textOf(part);
    const known = totals.get(text);
    if (known === undefined) totals.set(text, { ...keyOf(part), total: quantityOf(part) });
    else known.total += quantityOf(part);
  }
  // The plain order of text, without a comparison of ours: several times as fast for the thousands of keys of a batch.
  const texts = [...totals.keys()].toSorted();
  return texts.flatMap((text) => totals.get(text) ?? []);
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
    };
    const key = JSON.stringify(event);
    const known = standing.get(key) ?? { event, total: 0 };
    known.total += row.quantity;
    standing.set(key, known);
  }
  return [...standing.values()].filter(({ total }) => total > 0).map(({ event }) => event);
}

export type CounterDifference = CounterKey & { counted: number; recounted: number };

/** Counts the events again and compares, the days and the months. `repair` writes the recount, in one transaction.
 *  @returns the counters that differed; a month's has the month in place of the day. */
export async function checkCounters(db: Db, options: { repair: boolean }): Promise<CounterDifference[]> {
  return inTransaction(db, async (tx) => {
    // One state of the events, the counters and what is yet to be added to them.
    if (isPostgres(tx)) await tx.raw('set transaction isolation level repeatable read');
    while ((await foldCounters(tx)) > 0);
    const recounted = await recountEvents(tx);
    const monthly = addedUp(recounted, MONTHLY);
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
      await insertRows(tx, 'activation_counters', days.map(repaired), { columns: DAY_COLUMNS, update: ['total'] });
      await insertRows(tx, 'activation_month_counters', months.map(repaired), {
        columns: MONTH_COLUMNS,
        update: ['total'],
      });
    }
    return [...days, ...months.map(({ month, ...rest }) => ({ day: month, ...rest }))];
  });
}

/** The day counters as they should stand. */
async function recountEvents(tx: Db): Promise<(CounterKey & { total: number })[]> {
  const rows = (await tx('activation_events')
    .select('day', 'unit_code', 'account_level', 'channel', 'kind', { recorded_on: tx.raw(recordedDayExpression(tx)) })
    .sum({ total: 'quantity' })
    .groupBy('day', 'unit_code', 'account_level', 'channel', 'kind', 'recorded_on')) as (Omit<CounterKey, 'measure'> & {
    kind: ActivationMeasure;
    total: number | string;
  })[];
  const counted = rows.map(({ kind: measure, recorded_on, total, ...rest }) => {
    return { ...rest, measure, recorded_on: learnedAfter(rest.day, recorded_on), total: Number(total) };
  });
  // Whatever was learned in time is one counter.
  return addedUp(counted, BY_DAY);
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

function differences<Key extends object>(
  counted: readonly (Key & { total: number })[],
  recounted: readonly (Key & { total: number })[],
  columns: readonly (keyof Key)[],
): (Key & { counted: number; recounted: number })[] {
  const keyOf = (row: Key): string => JSON.stringify(columns.map((column) => row[column]));
  const actual = new Map(counted.map((row) => [keyOf(row), row]));
  const expected = new Map(recounted.map((row) => [keyOf(row), row]));
  return [...new Map([...actual, ...expected])].flatMap(([text, row]) => {
    const was = actual.get(text)?.total ?? 0;
    const is = expected.get(text)?.total ?? 0;
    const key = Object.fromEntries(columns.map((column) => [column, row[column]])) as Key;
    return was === is ? [] : [{ ...key, counted: was, recounted: is }];
  });
}

/** The row as it should stand. */
function repaired(row: object & { counted: number; recounted: number }): Record<string, string | number> {
  const columns = Object.entries(row).filter(([name]) => name !== 'counted' && name !== 'recounted');
  return { ...(Object.fromEntries(columns) as Record<string, string | number>), total: row.recounted };
}
