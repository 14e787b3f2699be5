import { addDays, type CalendarDate } from './viet-nam-time.ts';

/** Ages of late grants in whole days since the day of the notice. 8 is the first day after the due day. */
export const LATE_BANDS = ['8_30', '31_90', 'over_90'] as const;
export type LateBand = (typeof LATE_BANDS)[number];

/** Late grants are counted by the least age they have reached: the grants of a band are those of its own measure less those of the next. */
export const LATE_FROM_DAYS = { late_from_8: 8, late_from_31: 31, late_from_91: 91 } as const;
export type LateMeasure = keyof typeof LATE_FROM_DAYS;
export const LATE_MEASURES = Object.keys(LATE_FROM_DAYS) as readonly LateMeasure[];

/** What decides whether a grant that was notified on `notifiedOn` is late: the notice; its first activation; a window opened again. Days of Viet Nam. */
export type LateFact = {
  readonly kind: 'notified' | 'activated' | 'reopened';
  readonly day: CalendarDate;
  readonly notifiedOn: CalendarDate;
  /** The last day of the window that a reopening opened, or in which the activation fell; undefined for the first window of the grant. */
  readonly dueOn?: CalendarDate | undefined;
};

/** What `measure` grows by on `day`. The sum of all steps up to a day is the number of grants that are late at its end. */
export type LateStep = { readonly day: CalendarDate; readonly measure: LateMeasure; readonly quantity: 1 | -1 };

/** A notice makes its grant late from the 8th, 31st and 91st day on; an activation takes that back from its own day on, and a reopening until its window
 *  is over. A grant's age is always counted from its first notice. An activation within a reopened window meets a grant that is not late before the
 *  window ends, so it takes nothing back until then. An activation that turns out to lie before a reopening needs that reopening taken back. */
export function lateSteps(fact: LateFact): LateStep[] {
  const { day, notifiedOn } = fact;
  const dueOn = fact.dueOn ?? notifiedOn;
  switch (fact.kind) {
    case 'notified':
      return stepsFrom(day, notifiedOn, 1);
    case 'activated':
      return stepsFrom(later(day, addDays(dueOn, 1)), notifiedOn, -1);
    case 'reopened':
      return [...stepsFrom(day, notifiedOn, -1), ...stepsFrom(addDays(dueOn, 1), notifiedOn, 1)];
  }
}

function stepsFrom(day: CalendarDate, notifiedOn: CalendarDate, quantity: 1 | -1): LateStep[] {
  return LATE_MEASURES.map((measure) => {
    return { day: later(day, addDays(notifiedOn, LATE_FROM_DAYS[measure])), measure, quantity };
  });
}

function later(one: CalendarDate, other: CalendarDate): CalendarDate {
  return one > other ? one : other;
}

/** How many late grants there are of each age, from the sums of the steps. */
export function bandsOf(totals: Readonly<Record<LateMeasure, number>>): Readonly<Record<LateBand, number>> {
  return {
    '8_30': totals.late_from_8 - totals.late_from_31,
    '31_90': totals.late_from_31 - totals.late_from_91,
    over_90: totals.late_from_91,
  };
}
