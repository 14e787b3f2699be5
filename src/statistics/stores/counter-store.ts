import type { CounterMeasure } from '../../accounts/activation-counters.ts';
import type { DayMeasure } from '../../accounts/whole-counter-store.ts';
import type { ActivationChannel } from '../../domain/activation.ts';
import type { AccountLevel } from '../../domain/assurance.ts';
import { addDays, type CalendarDate, vietNamDay } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { readRows } from '../../platform/prepared-queries.ts';
import { whileUnchanged } from '../figures/kept-readings.ts';
import { type DaySum, listDaySums } from './day-sum-store.ts';
import { listSums } from './settled-sum-store.ts';

/** How many of each there are up to a day, in one unit or in all of them, by account level. Absent is zero. */
export type Totals = ReadonlyMap<CounterMeasure, Readonly<Record<AccountLevel, number>>>;

/** Measures that lie on the day of a due time, which may be in the future: they are read up to a day of their own. */
const DUE_MEASURES: readonly CounterMeasure[] = ['due', 'on_time'];

export type ReadTo = {
  /** Last day that is read. */
  readonly day: CalendarDate;
  /** Last day whose due times have passed. */
  readonly dueDay: CalendarDate;
  readonly measures: readonly CounterMeasure[];
  /** What was known at the end of this day; not before `day`. Everything known now when undefined. */
  readonly knownOn?: CalendarDate | undefined;
  /** This unit alone; all of them when undefined. */
  readonly unitCode?: string | undefined;
};

/** Totals of each unit in which there is anything ('' for events without a unit). One statement, so that it is one state of the counters. */
export async function listTotalsByUnit(
  db: Db,
  { day, dueDay, measures, knownOn, unitCode }: ReadTo,
): Promise<ReadonlyMap<string, Totals>> {
  const inUnit = unitCode === undefined ? '' : ' and unit_code = ?';
  const rows = await listSums<{ unit_code: string; account_level: AccountLevel; measure: CounterMeasure }>(db, {
    key: ['unit_code', 'account_level', 'measure'],
    where: `measure in (${measures.map(() => '?').join(', ')})${inUnit}`,
    values: [...measures, ...(unitCode === undefined ? [] : [unitCode])],
    liveWhere: `measure not in (${DUE_MEASURES.map((one) => `'${one}'`).join(', ')})`,
    settledDay: dueDay,
    day,
    knownOn,
  });
  const byUnit = new Map<string, Map<CounterMeasure, Record<AccountLevel, number>>>();
  for (const row of rows) {
    const unit = byUnit.get(row.unit_code) ?? new Map<CounterMeasure, Record<AccountLevel, number>>();
    byUnit.set(row.unit_code, unit);
    const levels = unit.get(row.measure) ?? { 1: 0, 2: 0 };
    levels[row.account_level] += row.total;
    unit.set(row.measure, levels);
  }
  // What was taken back leaves nothing behind, whether its counters have been folded into one or not.
  const isSomething = (totals: Totals): boolean =>
    [...totals.values()].some((levels) => levels[1] !== 0 || levels[2] !== 0);
  return new Map([...byUnit].filter(([, totals]) => isSomething(totals)));
}

export type ChannelTotal = {
  readonly unitCode: string;
  /** '' for activations of which the channel is not known. */
  readonly channel: ActivationChannel | '';
  readonly accountLevel: AccountLevel;
  readonly total: number;
};

/** Activations of each unit by the channel they came through, read as `listTotalsByUnit` reads. */
export async function listChannelTotals(
  db: Db,
  { day, dueDay, knownOn }: Pick<ReadTo, 'day' | 'dueDay' | 'knownOn'>,
): Promise<readonly ChannelTotal[]> {
  const rows = await listSums<{ unit_code: string; channel: ActivationChannel | ''; account_level: AccountLevel }>(db, {
    key: ['unit_code', 'channel', 'account_level'],
    where: `measure = 'activated'`,
    values: [],
    liveWhere: 'true',
    settledDay: dueDay,
    day,
    knownOn,
  });
  return rows.map(({ unit_code: unitCode, account_level: accountLevel, channel, total }) => {
    return { unitCode, channel, accountLevel, total };
  });
}

/** First activations of all units and levels by month (YYYY-MM) up to one and the channel they came through; a month may come in several parts. */
export async function listChannelMonths(
  db: Db,
  { to }: { to: string },
): Promise<{ month: string; channel: ActivationChannel | ''; total: number }[]> {
  const part = (month: string, from: string): string =>
    `select ${month} as month, channel, sum(total) as total from ${from} and measure = 'activated' group by 1, 2`;
  const sql = [
    part('month', 'activation_month_counters where month <= ?'),
    part('substr(day, 1, 7)', 'activation_counter_deltas where day <= ?'),
  ].join(' union all ');
  return readRows(db, sql, [to, `${to}-31`]);
}

/** What was added on each day from `from` to `to`, in these units together (in all unless told), in no order; a day may come in several parts. */
export async function listDayTotals(
  db: Db,
  {
    from,
    to,
    knownAt,
    measures,
    knownOn,
    unitCodes,
  }: Pick<ReadTo, 'knownOn'> & {
    measures: readonly DayMeasure[];
    from: CalendarDate;
    to: CalendarDate;
    knownAt: Date;
    unitCodes?: readonly string[] | undefined;
  },
): Promise<DaySum[]> {
  const inUnits = unitCodes === undefined ? '' : ` and unit_code in (${unitCodes.map(() => '?').join(', ')})`;
  return listDaySums(db, {
    table: unitCodes === undefined ? 'activation_whole_counters' : 'activation_counters',
    where: `measure in (${measures.map(() => '?').join(', ')})${inUnits}`,
    values: [...measures, ...(unitCodes ?? [])],
    from,
    to,
    overDay: addDays(vietNamDay(knownAt), -1),
    knownOn,
  });
}

/** Before any month of this system: where who reads all months begins. */
export const FIRST_MONTH = '2000-01';

export type MonthTotal = Omit<DaySum, 'day'> & {
  readonly unitCode: string;
  /** YYYY-MM; '' for everything before the first one asked for. */
  readonly month: string;
};

/** What was added in each unit in each month from `from` to `to` (YYYY-MM), and all that was before, in no order; a month may come in several parts.
 *  Not for what lies on due days: it is read to the end of the month. */
export function listMonthTotals(db: Db, query: MonthTotalsQuery): Promise<readonly MonthTotal[]> {
  return whileUnchanged(db, { of: 'months', day: `${query.to}-31`, ...query }, () => readMonthTotals(db, query));
}

type MonthTotalsQuery = Pick<ReadTo, 'measures' | 'knownOn' | 'unitCode'> & {
  readonly from: string;
  readonly to: string;
};

async function readMonthTotals(
  db: Db,
  { from, to, measures, knownOn, unitCode }: MonthTotalsQuery,
): Promise<MonthTotal[]> {
  const key = ['unit_code', 'measure', 'account_level'] as const;
  const chosen = (table: 'activation_month_counters' | 'activation_counter_deltas') =>
    db(table).sum({ total: 'total' }).whereIn('measure', measures).andWhere(known(knownOn)).andWhere(inUnit(unitCode));
  const [firstDay, endDay] = [`${from}-01`, `${to}-31`];
  const parts = [
    chosen('activation_month_counters')
      .select(...key, db.raw(`'' as month`))
      .where('month', '<', from)
      .groupBy(key),
    chosen('activation_month_counters')
      .select(...key, 'month')
      .whereBetween('month', [from, to])
      .groupBy(...key, 'month'),
    chosen('activation_counter_deltas')
      .select(...key, db.raw(`'' as month`))
      .where('day', '<', firstDay)
      .groupBy(key),
    chosen('activation_counter_deltas')
      .select(...key, db.raw('substr(day, 1, 7) as month'))
      .whereBetween('day', [firstDay, endDay])
      .groupBy(...key, 'day'),
  ];
  const rows = (await db.queryBuilder().unionAll(parts)) as {
    unit_code: string;
    month: string;
    measure: CounterMeasure;
    account_level: AccountLevel;
    total: number | string;
  }[];
  return rows.map((row) => ({
    unitCode: row.unit_code,
    month: row.month,
    measure: row.measure,
    accountLevel: row.account_level,
    total: Number(row.total),
  }));
}

/** A condition: of this unit, or of all. */
function inUnit(unitCode: string | undefined): (query: ReturnType<Db['queryBuilder']>) => void {
  return (query) => void (unitCode === undefined || query.where('unit_code', unitCode));
}

/** A condition: what was learned in time is '' and sorts before every day. */
function known(knownOn: CalendarDate | undefined): (query: ReturnType<Db['queryBuilder']>) => void {
  return (query) => void query.where('recorded_on', '<=', knownOn ?? ALWAYS);
}

/** After every day there is. */
const ALWAYS: CalendarDate = '9999-12-31';
