import type { WaitCurve } from '../../domain/kaplan-meier.ts';
import { LEAST_PUBLIC_COUNT, ratioCounts } from '../../domain/suppression.ts';
import { addDays, type CalendarDate, lastDayOf, monthAfter, weekStart } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { whileUnchanged } from '../figures/kept-readings.ts';
import { activatedOf, curveOf, figuresOf, mondaysOf, noticeDays, type WaitFigures } from '../figures/notice-weeks.ts';
import { type DayCohort, listDayCohorts } from '../stores/cohort-store.ts';
import { editions, type Tally } from './table-editions.ts';

export type WaitsEdition = {
  readonly isWholeShown: boolean;
  /** By Monday: the week's notices as the public last saw them, with the end of that month; a week that never was published is missing. */
  readonly weeks: ReadonlyMap<CalendarDate, { readonly figures: WaitFigures; readonly day: CalendarDate }>;
};

/** How long all units and levels took, at the end of a month that is over. Each month publishes the weeks of its own last quarter of a year. */
export function waitsEdition(
  db: Db,
  at: { readonly day: CalendarDate; readonly knownAt: Date },
): Promise<WaitsEdition> {
  return whileUnchanged(db, { of: 'public waits', day: at.day, knownAt: at.knownAt }, async () => {
    const all = { from: FIRST_DAY, to: at.day, day: at.day, knownOn: undefined };
    const cohorts = await listDayCohorts(db, { ...all, unitCode: undefined, accountLevel: undefined });
    const first = [...cohorts.keys()].toSorted()[0] ?? at.day;
    const added = monthly(cohorts);
    const isOlderHidden = olderNotices(cohorts);
    const publish = editions();
    const weeks = new Map<CalendarDate, { figures: WaitFigures; day: CalendarDate }>();
    let isWholeShown = false;
    let [activated, open] = [0, 0];
    for (let day = lastDayOf(first.slice(0, 7)); day <= at.day; day = lastDayOf(monthAfter(day.slice(0, 7)))) {
      const month = added.get(day.slice(0, 7)) ?? { notified: 0, activated: 0 };
      activated += month.activated;
      open += month.notified - month.activated;
      const notices = noticeDays(day);
      const known = asOf(cohorts, { ...notices, day });
      const curves = new Map(
        mondaysOf(notices).map((monday) => [monday, curveOf(known, monday, addDays(monday, 6), day)]),
      );
      const shown = publish({
        total: { counts: tallyOf(curveOf(known, notices.from, notices.to, day)).counts, totals: [[activated, open]] },
        rows: new Map([...curves].map(([monday, curve]) => [monday, tallyOf(curve)])),
      });
      isWholeShown = shown.total === 1 && isOlderHidden(notices.from, day.slice(0, 7));
      for (const [monday, curve] of curves)
        if (shown.rows.get(monday) === 1) weeks.set(monday, { figures: figuresOf(curve), day });
    }
    return { isWholeShown, weeks };
  });
}

/** Before any notice of this system. */
const FIRST_DAY = '2000-01-01';

type Cohorts = ReadonlyMap<CalendarDate, DayCohort>;

/** Notices, and activations of any notice, of each month. */
function monthly(cohorts: Cohorts): ReadonlyMap<string, { notified: number; activated: number }> {
  const months = new Map<string, { notified: number; activated: number }>();
  const monthOf = (day: CalendarDate): { notified: number; activated: number } => {
    const month = day.slice(0, 7);
    const known = months.get(month) ?? { notified: 0, activated: 0 };
    months.set(month, known);
    return known;
  };
  for (const [notifiedOn, { notified, activated }] of cohorts) {
    monthOf(notifiedOn).notified += notified;
    for (const [day, count] of activated) monthOf(day).activated += count;
  }
  return months;
}

/** Those of the weeks before the ones that are published are what is left of all of the city, of which every day tells how many were notified and activated. Called
 *  with each month, in order: whether the sum of its weeks may be told, because older ones who activated, who did not, and who did since it was last told, are enough. */
function olderNotices(cohorts: Cohorts): (from: CalendarDate, month: string) => boolean {
  const weeks = byWeek(cohorts);
  let toldIn = '';
  return (from, month) => {
    const older = { notified: 0, activated: 0, news: 0, wholeNews: 0 };
    for (const [monday, { notified, activated }] of weeks) {
      const isOlder = monday < from;
      if (isOlder) older.notified += notified;
      for (const [one, count] of activated) {
        if (one > month) continue;
        if (one > toldIn) older.wholeNews += count;
        if (isOlder) older.activated += count;
        if (isOlder && one > toldIn) older.news += count;
      }
    }
    const mayBeTold = older.notified === 0 || isEnough(older);
    if (mayBeTold) toldIn = month;
    return mayBeTold;
  };
}

function isEnough(older: { notified: number; activated: number; news: number; wholeNews: number }): boolean {
  const { notified, activated, news, wholeNews } = older;
  const least = Math.min(activated, notified - activated, wholeNews === 0 ? LEAST_PUBLIC_COUNT : news);
  return least >= LEAST_PUBLIC_COUNT;
}

/** The notices of each week, and how many of them activated in which month (YYYY-MM). */
function byWeek(cohorts: Cohorts): Map<CalendarDate, { notified: number; activated: Map<string, number> }> {
  const weeks = new Map<CalendarDate, { notified: number; activated: Map<string, number> }>();
  for (const [notifiedOn, { notified, activated }] of cohorts) {
    const monday = weekStart(notifiedOn);
    const week = weeks.get(monday) ?? { notified: 0, activated: new Map<string, number>() };
    weeks.set(monday, week);
    week.notified += notified;
    for (const [day, count] of activated) {
      const month = day.slice(0, 7);
      week.activated.set(month, (week.activated.get(month) ?? 0) + count);
    }
  }
  return weeks;
}

/** The notices from one day to another, and what had come of them at the end of `day`. */
function asOf(
  cohorts: Cohorts,
  { from, to, day }: { from: CalendarDate; to: CalendarDate; day: CalendarDate },
): Cohorts {
  const known = new Map<CalendarDate, DayCohort>();
  for (const [notifiedOn, { notified, activated }] of cohorts) {
    if (notifiedOn < from || notifiedOn > to) continue;
    known.set(notifiedOn, { notified, activated: new Map([...activated].filter(([on]) => on <= day)) });
  }
  return known;
}

/** How many were notified in a week every day's figures of the whole tell; who of them activated by then, and who did not, they do not. */
function tallyOf(curve: WaitCurve): Tally {
  const activated = activatedOf(curve);
  return { counts: [ratioCounts(activated, curve.total)], totals: [[activated, curve.total - activated]] };
}
