import type { CurvePoint } from '../../domain/kaplan-meier.ts';
import { LEAST_PUBLIC_COUNT } from '../../domain/suppression.ts';
import { addDays, type CalendarDate } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { waitsEdition } from '../editions/waits-edition.ts';
import { listDayCohorts } from '../stores/cohort-store.ts';
import { closedMoment, type Moment, momentOf, publishedMoment, type RatesQuery } from './activation-rates.ts';
import { whileUnchanged } from './kept-readings.ts';
import { curveOf, figuresOf, mondaysOf, noticeDays, type WaitFigures } from './notice-weeks.ts';

export type WaitsQuery = RatesQuery & {
  /** First and last day of the notices; the last 13 weeks, the one of the moment included, unless told. The public sees those 13 alone. */
  readonly noticesFrom?: CalendarDate | undefined;
  readonly noticesTo?: CalendarDate | undefined;
  /** One unit for who sees everything; all of them when undefined. */
  readonly unitCode?: string | undefined;
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
  readonly weeks: readonly {
    readonly monday: CalendarDate;
    readonly figures: WaitFigures;
    /** The day as of which they are, where the public last saw them earlier than the moment. */
    readonly asOfDay?: CalendarDate;
  }[];
  /** The share not yet activated by day since the notice, of all of these notices; days on which nothing changes are left out. */
  readonly curve: readonly PublicCurvePoint[];
};

/** How long it takes from the notice to the first activation. Who has not activated is known to have waited until the moment (censored), so that late comers do
 *  not look faster than they are. A unit sees its own; the public the whole, over all levels and as of the end of a month, a week anew only when ten more of it
 *  activated (`waitsEdition`).
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
  const edition = await waitsEdition(db, moment);
  return {
    ...base,
    whole: edition.isWholeShown ? figuresOf(whole) : SUPPRESSED,
    weeks: mondays.map((monday) => {
      const last = edition.weeks.get(monday);
      if (last === undefined) return { monday, figures: SUPPRESSED };
      return { monday, figures: last.figures, ...(last.day === moment.day ? {} : { asOfDay: last.day }) };
    }),
    curve: edition.isWholeShown ? publicPoints(whole.points) : [],
  };
}

const SUPPRESSED: WaitFigures = { kind: 'suppressed' };

function unitOf(viewer: NonNullable<RatesQuery['viewer']>, asked: string | undefined): string | undefined {
  if (viewer.kind === 'unit') return viewer.unitCode;
  return viewer.kind === 'full' ? asked : undefined;
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
