import type { CounterMeasure } from '../../accounts/activation-counters.ts';
import type { DayMeasure } from '../../accounts/whole-counter-store.ts';
import type { AccountLevel } from '../../domain/assurance.ts';
import { addDays, type CalendarDate, lastDayOf, monthAfter, monthBefore } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { FIRST_MONTH, listDayTotals, listMonthTotals, listTotalsByUnit } from '../stores/counter-store.ts';
import { type Figure, type Moment, momentOf, type RatesQuery, wholeFigures } from './activation-rates.ts';

/** How far back a trend goes: so many days, or to the first month in which there is anything. */
export const TREND_RANGES = { '30d': 30, quarter: 91, year: 365, all: undefined } as const;
export type TrendRange = keyof typeof TREND_RANGES;
export const DEFAULT_TREND_RANGE: TrendRange = '30d';

const MEASURES: readonly DayMeasure[] = ['notified', 'activated'];

/** At the end of this day, the last one as of now when it is not over. */
export type TrendPoint = { readonly day: CalendarDate; readonly figure: Figure };

export type TrendQuery = RatesQuery & {
  readonly range?: TrendRange | undefined;
  /** Of this unit alone, for who may see everything of it. */
  readonly unitCode?: string | undefined;
};

/** `activation_of_granted` as it stood at the end of each day of the range; of each month in the range `all`. */
export async function activationTrend(db: Db, query: TrendQuery): Promise<readonly TrendPoint[]> {
  const moment = momentOf(query);
  const days = TREND_RANGES[query.range ?? DEFAULT_TREND_RANGE];
  return days === undefined ? trendByMonth(db, query, moment) : trendByDay(db, query, moment, days);
}

async function trendByDay(
  db: Db,
  query: TrendQuery,
  { day: lastDay, knownAt }: Moment,
  days: number,
): Promise<TrendPoint[]> {
  const { knownOnDay: knownOn, unitCode } = query;
  const firstDay = addDays(lastDay, 1 - days);
  const dayBefore = addDays(firstDay, -1);
  const of = { measures: MEASURES, knownOn, unitCode };
  const before = await listTotalsByUnit(db, { ...of, day: dayBefore, dueDay: dayBefore });
  const added = await listDayTotals(db, { ...of, unitCodes: codes(unitCode), from: firstDay, to: lastDay, knownAt });
  const running = runningFigures(query);
  for (const totals of before.values())
    for (const [measure, levels] of totals)
      for (const accountLevel of [1, 2] as const) running.add({ measure, accountLevel, total: levels[accountLevel] });
  const byDay = Map.groupBy(added, ({ day }) => day);
  return Array.from({ length: days }, (_, index) => {
    const day = addDays(firstDay, index);
    for (const one of byDay.get(day) ?? []) running.add(one);
    return { day, figure: running.figure() };
  });
}

function codes(unitCode: string | undefined): readonly string[] | undefined {
  return unitCode === undefined ? undefined : [unitCode];
}

async function trendByMonth(db: Db, query: TrendQuery, moment: Moment): Promise<TrendPoint[]> {
  const { knownOnDay: knownOn, unitCode } = query;
  const lastMonth = moment.day.slice(0, 7);
  const of = { measures: MEASURES, knownOn, unitCode };
  const wholeMonths = monthBefore(lastMonth);
  const added = (await listMonthTotals(db, { ...of, from: FIRST_MONTH, to: wholeMonths })).toSorted((a, b) =>
    a.month < b.month ? -1 : 1,
  );
  const rest = await listDayTotals(db, {
    ...of,
    unitCodes: codes(unitCode),
    from: `${lastMonth}-01`,
    to: moment.day,
    knownAt: moment.knownAt,
  });
  const running = runningFigures(query);
  const points: TrendPoint[] = [];
  const byMonth = Map.groupBy(added, ({ month }) => month);
  const first = added.find(({ month }) => month !== '')?.month ?? lastMonth;
  for (let month = first; month < lastMonth; month = monthAfter(month)) {
    for (const one of byMonth.get(month) ?? []) running.add(one);
    points.push({ day: lastDayOf(month), figure: running.figure() });
  }
  for (const one of rest) running.add(one);
  return [...points, { day: moment.day, figure: running.figure() }];
}

type Added = { readonly measure: CounterMeasure; readonly accountLevel: AccountLevel; readonly total: number };

function runningFigures({ accountLevel, viewer = { kind: 'full' } }: TrendQuery): {
  readonly add: (added: Added) => void;
  readonly figure: () => Figure;
} {
  const totals = new Map<CounterMeasure, Record<AccountLevel, number>>(
    MEASURES.map((measure) => [measure, { 1: 0, 2: 0 }]),
  );
  return {
    add: ({ measure, accountLevel: level, total }) => {
      const levels = totals.get(measure);
      if (levels !== undefined) levels[level] += total;
    },
    figure: () => wholeFigures(totals, accountLevel, viewer).activation_of_granted,
  };
}
