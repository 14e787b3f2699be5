import { type CurvePoint, kaplanMeier, type WaitCurve } from '../domain/kaplan-meier.ts';
import { LEAST_PUBLIC_COUNT, protectTable, ratioCounts } from '../domain/suppression.ts';
import { addDays, type CalendarDate, daysBetween, weekStart } from '../domain/viet-nam-time.ts';
import type { Db } from '../platform/database.ts';
import { closedMoment, type Moment, momentOf, publishedMoment, type RatesQuery } from './activation-rates.ts';
import { type DayCohort, listDayCohorts } from './cohort-store.ts';
import { whileUnchanged } from './kept-readings.ts';

/** Weeks of notices that are shown unless others are asked for: a quarter of a year. */
const COHORT_WEEKS = 13;
/** More days of notices would make an answer as long as a register. */
export const MOST_COHORT_DAYS = 371;

export type WaitsQuery = RatesQuery & {
  /** First and last day of the notices; the last 13 weeks, the one of the moment included, unless told. The public sees those 13 alone. */
  readonly noticesFrom?: CalendarDate | undefined;
  readonly noticesTo?: CalendarDate | undefined;
  /** One unit for who sees everything; all of them when undefined. */
  readonly unitCode?: string | undefined;
};

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

/** Without counts where they would tell on a few: then the share alone, in whole percents. */
export type PublicCurvePoint = Pick<CurvePoint, 'days' | 'waitingMillionths'> & Partial<CurvePoint>;

export type TimeToActivate = {
  /** The end of a day that is over: on a day that lasts nobody's wait is over yet. */
  readonly moment: Moment;
  readonly isMonthly: boolean;
  readonly unitCode: string | undefined;
  readonly accountLevel: RatesQuery['accountLevel'];
  readonly notices: { readonly from: CalendarDate; readonly to: CalendarDate };
  readonly whole: WaitFigures;
  /** By week of the notice, from its Monday; the first and the last may be cut by the days asked for. */
  readonly weeks: readonly { readonly monday: CalendarDate; readonly figures: WaitFigures }[];
  /** The share not yet activated by day since the notice, of all of these notices; days on which nothing changes are left out. */
  readonly curve: readonly PublicCurvePoint[];
};

/** How long it takes from the notice to the first activation. Who has not activated is known to have waited until the moment (censored), so that late comers do
 *  not look faster than they are. A unit sees its own; the public the whole, over all levels and as of the end of a month.
 *  @throws RangeError for notices after the moment, before their beginning, or of more than `MOST_COHORT_DAYS` days. */
export async function timeToActivate(db: Db, query: WaitsQuery): Promise<TimeToActivate> {
  const { viewer = { kind: 'full' } } = query;
  const isPublic = viewer.kind === 'public';
  const now = momentOf(query);
  const moment = isPublic ? publishedMoment(now) : closedMoment(now);
  const accountLevel = isPublic ? undefined : query.accountLevel;
  const unitCode = unitOf(viewer, query.unitCode);
  const notices = noticeDays(moment.day, isPublic ? {} : query);
  const mondays = mondaysOf(notices);
  const { day, knownOn } = moment;
  const asked = { ...notices, day, knownOn, unitCode, accountLevel };
  const { weeks, whole } = await whileUnchanged(db, { of: 'waits', ...asked }, async () => {
    const cohorts = await listDayCohorts(db, asked);
    return {
      weeks: mondays.map((monday) => curveOf(cohorts, monday, addDays(monday, 6), day)),
      whole: curveOf(cohorts, notices.from, notices.to, day),
    };
  });
  const figures = weeks.map(figuresOf);
  const base = { moment, isMonthly: isPublic, unitCode, accountLevel, notices };
  if (!isPublic) {
    return {
      ...base,
      whole: figuresOf(whole),
      weeks: mondays.map((monday, index) => ({ monday, figures: figures[index] ?? SUPPRESSED })),
      curve: whole.points,
    };
  }
  const shown = protectTable(layersOf(whole), weeks.map(layersOf));
  return {
    ...base,
    whole: shown.total === 1 ? figuresOf(whole) : SUPPRESSED,
    weeks: mondays.map((monday, index) => {
      return { monday, figures: shown.rows[index] === 1 ? (figures[index] ?? SUPPRESSED) : SUPPRESSED };
    }),
    curve: shown.total === 1 ? publicPoints(whole.points) : [],
  };
}

const SUPPRESSED: WaitFigures = { kind: 'suppressed' };

function unitOf(viewer: NonNullable<RatesQuery['viewer']>, asked: string | undefined): string | undefined {
  if (viewer.kind === 'unit') return viewer.unitCode;
  return viewer.kind === 'full' ? asked : undefined;
}

function noticeDays(
  lastDay: CalendarDate,
  { noticesFrom, noticesTo }: Pick<WaitsQuery, 'noticesFrom' | 'noticesTo'>,
): { from: CalendarDate; to: CalendarDate } {
  const to = noticesTo ?? lastDay;
  const from = noticesFrom ?? addDays(weekStart(to), -7 * (COHORT_WEEKS - 1));
  if (to > lastDay) throw new RangeError('Notices of a day that is not over, or after the moment, have no time yet.');
  if (from > to) throw new RangeError('The first day of the notices lies after the last.');
  if (daysBetween(from, to) >= MOST_COHORT_DAYS)
    throw new RangeError(`The notices of at most ${MOST_COHORT_DAYS} days are read at once.`);
  return { from, to };
}

function mondaysOf({ from, to }: { from: CalendarDate; to: CalendarDate }): CalendarDate[] {
  const first = weekStart(from);
  const count = Math.floor(daysBetween(first, to) / 7) + 1;
  return Array.from({ length: count }, (_, index) => addDays(first, 7 * index));
}

/** The curve of the grants notified from `from` to `to`, as seen at the end of `lastDay`. */
function curveOf(
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

function figuresOf(curve: WaitCurve): WaitFigures {
  const { total: notified, p50, p90 } = curve;
  return { kind: 'shown', notified, activated: activatedOf(curve), p50: quantile(p50), p90: quantile(p90) };
}

function activatedOf({ points }: WaitCurve): number {
  return points.reduce((sum, { ended }) => sum + ended, 0);
}

function quantile(days: number | undefined): WaitQuantile {
  return days === undefined ? { kind: 'not_reached' } : { kind: 'days', days };
}

function layersOf(curve: WaitCurve): readonly (readonly number[])[] {
  return [ratioCounts(activatedOf(curve), curve.total)];
}

/** The curve as the public sees it: in whole percents, without counts, and only on days by which at least ten more had activated than on the day shown before.
 *  The last few who activated are in no step of their own. */
function publicPoints(points: readonly CurvePoint[]): PublicCurvePoint[] {
  const steps: CurvePoint[][] = [];
  let since = 0;
  let step: CurvePoint[] = [];
  for (const point of points) {
    step.push(point);
    since += point.ended;
    if (since < LEAST_PUBLIC_COUNT) continue;
    steps.push(step);
    [step, since] = [[], 0];
  }
  if (since > 0) steps.push([...(steps.pop() ?? []), ...step]);
  return steps.flatMap((one) => {
    const last = one.at(-1);
    if (last === undefined) return [];
    return [{ days: last.days, waitingMillionths: Math.round(last.waitingMillionths / 10_000) * 10_000 }];
  });
}
