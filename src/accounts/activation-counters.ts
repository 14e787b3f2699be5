import { type LateFact, type LateMeasure, lateSteps } from '../domain/late-backlog.ts';
import type { CalendarDate } from '../domain/viet-nam-time.ts';
import type { WaitPart } from './activation-wait-store.ts';
import { learnedOn } from './resident-fact-store.ts';

/** What is counted. Grants: `applied`, `granted`, `notified`, `activated` (the grant's first activation), `reactivated`, `late`, `reopened`, `first_login`;
 *  `due` and `on_time` lie on the day of the grant's *first* due time (`on_time`: activated by then), so that a rate as of a day holds only what had
 *  fallen due. Persons: `person_activated` (first activation of any level), `person_first_login`. Accounts: `locked`, `unlocked` (level 0). */
export const ACTIVATION_MEASURES = [
  'applied',
  'granted',
  'notified',
  'due',
  'late',
  'reopened',
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

/** All that counters hold: events, and how many grants begin or cease to be late of some age on each day (`lateSteps`), which lies in the future too. */
export type CounterMeasure = ActivationMeasure | LateMeasure;

export type CounterKey = {
  day: string;
  /** The day on which it was learned, when that is a later one; else ''. So it is told what was known at the end of any day, by the counters alone. */
  recorded_on: string;
  unit_code: string;
  account_level: number;
  channel: string;
  measure: CounterMeasure;
};

/** What an event says, or several that say the same. */
export type Fact = Omit<CounterKey, 'measure'> & {
  kind: ActivationMeasure;
  /** The day on which it was learned, in time or not. */
  recorded_on: CalendarDate;
  notified_on: CalendarDate | null;
  due_on: CalendarDate | null;
  total: number;
};
export type CounterPart = CounterKey & { total: number };

/** What an event's row says. */
export function factOf({
  kind,
  day,
  unit_code,
  account_level,
  channel,
  notified_on,
  due_on,
  quantity,
  recorded_at,
}: FactRow): Fact {
  const recorded_on = learnedOn(recorded_at);
  return { kind, day, unit_code, account_level, channel, recorded_on, notified_on, due_on, total: quantity };
}

type FactRow = Omit<Fact, 'recorded_on' | 'total'> & { quantity: 1 | -1; recorded_at: number };

export function countersOf(fact: Fact): CounterPart[] {
  return [counterOf(fact), ...lateCountersOf(fact)];
}

export function counterOf(fact: Omit<Fact, 'notified_on' | 'due_on'>): CounterPart {
  const { day, unit_code, account_level, channel, kind: measure, total } = fact;
  return { day, unit_code, account_level, channel, measure, recorded_on: learnedAfter(day, fact.recorded_on), total };
}

/** How the fact changes, on later days, what is late. */
export function lateCountersOf(fact: Omit<Fact, 'channel'>): CounterPart[] {
  const late = lateFactOf(fact);
  if (late === undefined) return [];
  const { unit_code, account_level, total } = fact;
  return lateSteps(late).map(({ day, measure, quantity }) => {
    const recorded_on = learnedAfter(day, fact.recorded_on);
    return { day, unit_code, account_level, channel: '', measure, recorded_on, total: quantity * total };
  });
}

function lateFactOf({ kind, day, notified_on, due_on }: Omit<Fact, 'channel'>): LateFact | undefined {
  if (kind === 'notified') return { kind, day, notifiedOn: day };
  if ((kind !== 'activated' && kind !== 'reopened') || notified_on === null) return undefined;
  return { kind, day, notifiedOn: notified_on, dueOn: due_on ?? undefined };
}

export function waitsOf(fact: Omit<Fact, 'channel'>): WaitPart[] {
  const { kind, day, unit_code, account_level, total } = fact;
  const isNotice = kind === 'notified';
  const notified_on = isNotice ? day : fact.notified_on;
  if ((!isNotice && kind !== 'activated') || notified_on === null) return [];
  const recorded_on = learnedAfter(day, fact.recorded_on);
  return [{ unit_code, account_level, notified_on, activated_on: isNotice ? '' : day, recorded_on, total }];
}

function learnedAfter(day: string, recordedOn: string): string {
  return recordedOn > day ? recordedOn : '';
}
