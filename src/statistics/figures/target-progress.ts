import { listResidentAdditions } from '../../accounts/resident-counter-store.ts';
import {
  FORECAST_WEEKS,
  type Forecast,
  forecastCount,
  type PaceNeeded,
  paceNeeded,
} from '../../domain/target-progress.ts';
import { addDays, type CalendarDate, daysBetween } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import type { Denominator } from '../stores/denominator-store.ts';
import { type ActivationRates, activationRates, type Figure, type Moment } from './activation-rates.ts';
import { whileUnchanged } from './kept-readings.ts';

export type TargetProgress = {
  readonly moment: Moment;
  readonly dueOn: CalendarDate;
  /** The day of the count not among them, unless it is not over. */
  readonly daysLeft: number;
  /** `activation_of_target` of the whole. */
  readonly figure: Figure;
  readonly target: Denominator | undefined;
  /** Undefined while no target is loaded. */
  readonly pace: PaceNeeded | undefined;
  readonly forecast: Forecast;
  /** The count at the end of each week that the forecast goes by, and before the first of them. */
  readonly weeks: readonly { readonly day: CalendarDate; readonly count: number }[];
};

/** How far the city is from its target, what each day must add until `dueOn`, and where the count would be then. Counted to the end of `asOfDay`. */
export async function targetProgress(
  db: Db,
  { now, asOfDay, dueOn }: { now: Date; asOfDay: CalendarDate; dueOn: CalendarDate },
): Promise<TargetProgress> {
  return progressOf(db, await activationRates(db, { now, asOfDay }), dueOn);
}

/** The same of rates already read. Who may not see the figure sees nothing of this either. What a week added is what it added to the figure itself: to the
 *  residents of that age who ever activated, by whose ledger both are counted; the dead and those who are old enough now among them.
 *  Whole weeks are those that end with the last day that is over. */
export async function progressOf(
  db: Db,
  { moment, whole, bases, persons }: Pick<ActivationRates, 'moment' | 'whole' | 'bases' | 'persons'>,
  dueOn: CalendarDate,
): Promise<TargetProgress> {
  const figure = whole.activation_of_target;
  const target = bases.assigned_target;
  const lastDay = moment.isDayOver ? moment.day : addDays(moment.day, -1);
  const daysLeft = Math.max(0, daysBetween(lastDay, dueOn));
  if (figure.kind === 'suppressed') {
    const forecast = { kind: 'too_little_history' } as const;
    return { moment, dueOn, daysLeft, figure, target: undefined, pace: undefined, forecast, weeks: [] };
  }
  const count = figure.numerator;
  const firstDay = addDays(lastDay, 1 - 7 * FORECAST_WEEKS);
  const { knownOn } = moment;
  const asked = { from: firstDay, to: moment.day, knownOn, ageMin: persons.targetAgeMin };
  const added = await whileUnchanged(db, { of: 'additions', day: asked.to, ...asked }, () =>
    listResidentAdditions(db, asked),
  );
  const weeks = Array.from({ length: FORECAST_WEEKS }, () => 0);
  let today = 0;
  for (const { day, activated } of added) {
    const week = Math.floor(daysBetween(firstDay, day) / 7);
    if (day > lastDay) today += activated;
    else weeks[week] = (weeks[week] ?? 0) + activated;
  }
  const countBefore = count - today - weeks.reduce((sum, one) => sum + one, 0);
  let running = countBefore;
  return {
    moment,
    dueOn,
    daysLeft,
    figure,
    target,
    pace: target && paceNeeded({ count, target: target.quantity, daysLeft }),
    forecast: forecastCount({ count, countBefore, weeks, daysLeft }),
    weeks: [
      { day: addDays(firstDay, -1), count: countBefore },
      ...weeks.map((week, index) => {
        running += week;
        return { day: addDays(firstDay, 7 * index + 6), count: running };
      }),
    ],
  };
}
