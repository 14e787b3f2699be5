import {
  FORECAST_WEEKS,
  type Forecast,
  forecastCount,
  type PaceNeeded,
  paceNeeded,
} from '../domain/target-progress.ts';
import { addDays, type CalendarDate, daysBetween } from '../domain/viet-nam-time.ts';
import type { Db } from '../platform/database.ts';
import { activationRates, type Figure, type Moment } from './activation-rates.ts';
import { listDayTotals } from './counter-store.ts';
import type { Denominator } from './denominator-store.ts';

export type TargetProgress = {
  readonly moment: Moment;
  readonly dueOn: CalendarDate;
  readonly daysLeft: number;
  /** `activation_of_target` of the whole. */
  readonly figure: Figure;
  readonly target: Denominator | undefined;
  /** Undefined while no target is loaded. */
  readonly pace: PaceNeeded | undefined;
  readonly forecast: Forecast;
};

/** How far the city is from its target, what each day must add until `dueOn`, and where the count would be then. For the full view: it tells every day.
 *  Counted to the end of a day that is over. */
export async function targetProgress(
  db: Db,
  { now, asOfDay, dueOn }: { now: Date; asOfDay: CalendarDate; dueOn: CalendarDate },
): Promise<TargetProgress> {
  const { moment, whole, bases } = await activationRates(db, { now, asOfDay });
  const figure = whole.activation_of_target;
  const count = figure.kind === 'suppressed' ? 0 : figure.numerator;
  const daysLeft = Math.max(0, daysBetween(asOfDay, dueOn));
  const firstDay = addDays(asOfDay, 1 - 7 * FORECAST_WEEKS);
  const added = await listDayTotals(db, { from: firstDay, to: asOfDay, measures: ['person_activated'] });
  const weeks = Array.from({ length: FORECAST_WEEKS }, () => 0);
  for (const { day, total } of added) {
    const week = Math.floor(daysBetween(firstDay, day) / 7);
    weeks[week] = (weeks[week] ?? 0) + total;
  }
  const countBefore = count - weeks.reduce((sum, one) => sum + one, 0);
  const target = bases.assigned_target;
  return {
    moment,
    dueOn,
    daysLeft,
    figure,
    target,
    pace: target && paceNeeded({ count, target: target.quantity, daysLeft }),
    forecast: forecastCount({ count, countBefore, weeks, daysLeft }),
  };
}
