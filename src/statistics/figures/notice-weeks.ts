import { kaplanMeier, type WaitCurve } from '../../domain/kaplan-meier.ts';
import { addDays, type CalendarDate, daysBetween, weekStart } from '../../domain/viet-nam-time.ts';
import type { DayCohort } from '../stores/cohort-store.ts';

/** Weeks of notices that are shown unless others are asked for: a quarter of a year. */
const COHORT_WEEKS = 13;
/** More days of notices would make an answer as long as a register. */
export const MOST_COHORT_DAYS = 371;

/** A quantile in whole days after the day of the notice (0: on the same day). `not_reached`: more than that share was still waiting when last seen. */
export type WaitQuantile = { readonly kind: 'days'; readonly days: number } | { readonly kind: 'not_reached' };

export type WaitFigures =
  | { readonly kind: 'suppressed' }
  | {
      readonly kind: 'shown';
      readonly notified: number;
      readonly activated: number;
      readonly p50: WaitQuantile;
      readonly p90: WaitQuantile;
    };

/** As asked for, or the last 13 weeks. */
export function noticeDays(
  lastDay: CalendarDate,
  { noticesFrom, noticesTo }: { noticesFrom?: CalendarDate | undefined; noticesTo?: CalendarDate | undefined } = {},
): { from: CalendarDate; to: CalendarDate } {
  const to = noticesTo ?? lastDay;
  const from = noticesFrom ?? addDays(weekStart(to), -7 * (COHORT_WEEKS - 1));
  if (to > lastDay) throw new RangeError('Notices of a day that is not over, or after the moment, have no time yet.');
  if (from > to) throw new RangeError('The first day of the notices lies after the last.');
  if (daysBetween(from, to) >= MOST_COHORT_DAYS)
    throw new RangeError(`The notices of at most ${MOST_COHORT_DAYS} days are read at once.`);
  return { from, to };
}

export function mondaysOf({ from, to }: { from: CalendarDate; to: CalendarDate }): CalendarDate[] {
  const first = weekStart(from);
  const count = Math.floor(daysBetween(first, to) / 7) + 1;
  return Array.from({ length: count }, (_, index) => addDays(first, 7 * index));
}

/** The curve of the grants notified from `from` to `to`, as seen at the end of `lastDay`. */
export function curveOf(
  cohorts: ReadonlyMap<CalendarDate, DayCohort>,
  from: CalendarDate,
  to: CalendarDate,
  lastDay: CalendarDate,
): WaitCurve {
  const ended = new Map<number, number>();
  const censored = new Map<number, number>();
  const add = (counts: Map<number, number>, days: number, count: number): void => {
    if (count > 0) counts.set(days, (counts.get(days) ?? 0) + count);
  };
  for (const [notifiedOn, { notified, activated }] of cohorts) {
    if (notifiedOn < from || notifiedOn > to) continue;
    let open = notified;
    for (const [activatedOn, count] of activated) {
      open -= count;
      add(ended, daysBetween(notifiedOn, activatedOn), count);
    }
    add(censored, daysBetween(notifiedOn, lastDay), open);
  }
  return kaplanMeier({ ended, censored });
}

export function figuresOf(curve: WaitCurve): WaitFigures {
  const { total: notified, p50, p90 } = curve;
  return { kind: 'shown', notified, activated: activatedOf(curve), p50: quantile(p50), p90: quantile(p90) };
}

export function activatedOf({ points }: WaitCurve): number {
  return points.reduce((sum, { ended }) => sum + ended, 0);
}

function quantile(days: number | undefined): WaitQuantile {
  return days === undefined ? { kind: 'not_reached' } : { kind: 'days', days };
}
