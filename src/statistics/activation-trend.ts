import type { ActivationMeasure, CounterMeasure } from '../accounts/activation-event-store.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { addDays, type CalendarDate } from '../domain/viet-nam-time.ts';
import type { Db } from '../platform/database.ts';
import { type Figure, momentOf, type RatesQuery, wholeFigures } from './activation-rates.ts';
import { listDayTotals, listTotalsByUnit } from './counter-store.ts';

const TREND_DAYS = 30;

const MEASURES: readonly ActivationMeasure[] = ['notified', 'activated'];

export type TrendPoint = { readonly day: CalendarDate; readonly figure: Figure };

/** `activation_of_granted` of the whole as it stood at the end of each of the last `TREND_DAYS` days, the last one as of now when it is not over. */
export async function activationTrend(db: Db, query: RatesQuery): Promise<readonly TrendPoint[]> {
  const { accountLevel, viewer = { kind: 'full' } } = query;
  const { day: lastDay, knownOn } = momentOf(query);
  const firstDay = addDays(lastDay, 1 - TREND_DAYS);
  const dayBefore = addDays(firstDay, -1);
  const before = await listTotalsByUnit(db, { day: dayBefore, dueDay: dayBefore, measures: MEASURES, knownOn });
  const added = await listDayTotals(db, { from: firstDay, to: lastDay, measures: MEASURES, knownOn });

  const running = new Map<CounterMeasure, Record<AccountLevel, number>>(
    MEASURES.map((measure) => [measure, { 1: 0, 2: 0 }]),
  );
  const add = (measure: CounterMeasure, level: AccountLevel, count: number): void => {
    const levels = running.get(measure);
    if (levels !== undefined) levels[level] += count;
  };
  for (const totals of before.values())
    for (const [measure, levels] of totals) for (const level of [1, 2] as const) add(measure, level, levels[level]);

  const byDay = Map.groupBy(added, ({ day }) => day);
  return Array.from({ length: TREND_DAYS }, (_, index) => {
    const day = addDays(firstDay, index);
    for (const { measure, accountLevel: level, total } of byDay.get(day) ?? []) add(measure, level, total);
    return { day, figure: wholeFigures(running, accountLevel, viewer).activation_of_granted };
  });
}
