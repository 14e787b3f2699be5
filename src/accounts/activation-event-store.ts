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

  const totals = new Map<string, CounterKey & { total: number }>();
  for (const row of rows) {
    const key = `${row.day}|${row.unit_code}|${row.account_level}|${row.channel}|${row.kind}`;
    const counter = totals.get(key) ?? {
      day: row.day,
      unit_code: row.unit_code,
      account_level: row.account_level,
      channel: row.channel,
      measure: row.kind,
      total: 0,
    };
    counter.total += row.quantity;
    totals.set(key, counter);
  }
  // In key order, so that two transactions never wait for each other's rows.
  const counters = [...totals.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, counter]) => counter);
  await insertRows(tx, 'activation_counters', counters, {
    columns: COUNTER_COLUMNS,
    update: { total: 'activation_counters.total + excluded.total' },
  });
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
  const rows = await listRowsIn<EventRow>(tx, 'activation_events', 'account_id', accountIds);
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

const COUNTER_COLUMNS = ['day', 'unit_code', 'account_level', 'channel', 'measure'] as const;

/** Counts the events again and compares. `repair` writes the recount, in one transaction. @returns the counters that differed. */
export async function checkCounters(
  db: Db,
  options: { repair: boolean },
): Promise<(CounterKey & { counted: number; recounted: number })[]> {
  return inTransaction(db, async (tx) => {
    const recount = (await tx('activation_events')
      .select('day', 'unit_code', 'account_level', 'channel', { measure: 'kind' })
      .sum({ total: 'quantity' })
      .groupBy('day', 'unit_code', 'account_level', 'channel', 'kind')) as (CounterKey & { total: number })[];
    const counted = (await tx('activation_counters').select(...COUNTER_COLUMNS, 'total')) as (CounterKey & {
      total: number;
    })[];
    const keyOf = (row: CounterKey): string => COUNTER_COLUMNS.map((column) => row[column]).join('|');
    const expected = new Map(recount.map((row) => [keyOf(row), row]));
    const actual = new Map(counted.map((row) => [keyOf(row), row]));
    const differing = [...new Set([...expected.keys(), ...actual.keys()])].flatMap((key) => {
      const row = expected.get(key) ?? actual.get(key);
      const recounted = expected.get(key)?.total ?? 0;
      const total = actual.get(key)?.total ?? 0;
      return row === undefined || total === recounted ? [] : [{ ...row, counted: total, recounted }];
    });
    if (options.repair) {
      for (const row of differing) {
        const key = Object.fromEntries(COUNTER_COLUMNS.map((column) => [column, row[column]])) as CounterKey;
        await tx('activation_counters')
          .insert({ ...key, total: row.recounted })
          .onConflict([...COUNTER_COLUMNS])
          .merge(['total']);
      }
    }
    return differing.map(({ day, unit_code, account_level, channel, measure, counted: was, recounted }) => ({
      day,
      unit_code,
      account_level,
      channel,
      measure,
      counted: was,
      recounted,
    }));
  });
}
