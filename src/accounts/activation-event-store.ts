import type { ActivationChannel } from '../domain/activation.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { vietNamDay } from '../domain/viet-nam-time.ts';
import { insertRows, listRowsIn } from '../platform/bulk-rows.ts';
import { type Db, inTransaction } from '../platform/database.ts';
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
  unit_code: string;
  account_level: number;
  channel: string;
  measure: ActivationMeasure;
};
type MonthCounterKey = Omit<CounterKey, 'day' | 'channel'> & { month: string };

/** Writes events and adds them to the counters in the caller's transaction, so that the counters, as read, always equal a recount. */
export async function recordActivationEvents(tx: Db, events: readonly ActivationEvent[]): Promise<void> {
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
  }));
  await insertRows(tx, 'activation_events', rows);

  const days = addedUp(
    rows.map(({ kind, quantity, ...row }) => ({ key: dayKey({ ...row, measure: kind }), quantity })),
  );
  await insertRows(tx, 'activation_counters', days, { columns: DAY_COLUMNS, update: ADD.activation_counters });
  const months = addedUp(days.map(({ total, ...key }) => ({ key: monthKey(key), quantity: total })));
  await insertRows(tx, 'activation_month_counters', months, {
    columns: MONTH_COLUMNS,
    update: ADD.activation_month_counters,
  });
}

const DAY_COLUMNS = ['day', 'unit_code', 'account_level', 'channel', 'measure'] as const;
const MONTH_COLUMNS = ['unit_code', 'account_level', 'measure', 'month'] as const;
const ADD = {
  activation_counters: { total: 'activation_counters.total + excluded.total' },
  activation_month_counters: { total: 'activation_month_counters.total + excluded.total' },
} as const;

function dayKey({ day, unit_code, account_level, channel, measure }: CounterKey): CounterKey {
  return { day, unit_code, account_level, channel, measure };
}

function monthKey({ day, unit_code, account_level, measure }: CounterKey): MonthCounterKey {
  return { month: day.slice(0, 7), unit_code, account_level, measure };
}

/** One row a key, in key order, so that two transactions never wait for each other's rows. */
function addedUp<Key extends object>(parts: readonly { key: Key; quantity: number }[]): (Key & { total: number })[] {
  const totals = new Map<string, Key & { total: number }>();
  for (const { key, quantity } of parts) {
    const text = JSON.stringify(key);
    const known = totals.get(text) ?? { ...key, total: 0 };
    known.total += quantity;
    totals.set(text, known);
  }
  return [...totals.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
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
 *  @returns the counters that differed; a month's has the month in place of the day, and no channel. */
export async function checkCounters(db: Db, options: { repair: boolean }): Promise<CounterDifference[]> {
  return inTransaction(db, async (tx) => {
    const recount = (await tx('activation_events')
      .select('day', 'unit_code', 'account_level', 'channel', { measure: 'kind' })
      .sum({ total: 'quantity' })
      .groupBy('day', 'unit_code', 'account_level', 'channel', 'kind')) as (CounterKey & { total: number | string })[];
    const recounted = recount.map(({ total, ...key }) => ({ ...key, total: Number(total) }));
    const monthly = addedUp(recounted.map(({ total, ...key }) => ({ key: monthKey(key), quantity: total })));
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
    return [...days, ...months.map(({ month, ...rest }) => ({ day: month, channel: '', ...rest }))];
  });
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
