import type { ActivationMeasure } from '../../accounts/activation-counters.ts';
import { LATE_BANDS } from '../../domain/late-backlog.ts';
import type { ReportPeriod } from '../../domain/report-period.ts';
import { LEAST_PUBLIC_COUNT } from '../../domain/suppression.ts';
import { type CalendarDate, vietNamDay } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { listTotalsByUnit, type Totals } from '../stores/counter-store.ts';
import {
  type ActivationRates,
  activationRates,
  type Figure,
  type Figures,
  momentOf,
  NOTHING_SHOWN,
  type UnitFigures,
  type Viewer,
} from './activation-rates.ts';
import { type ChannelShares, channelShares } from './channel-shares.ts';
import { type LateBacklog, lateBacklog } from './late-backlog.ts';

/** What was done in the period, in the order in which it is reported. */
export const REPORTED_MEASURES = [
  'applied',
  'granted',
  'notified',
  'activated',
  'person_activated',
  'first_login',
  'late',
] as const satisfies readonly ActivationMeasure[];
export type ReportedMeasure = (typeof REPORTED_MEASURES)[number];

export type Activity = {
  readonly measure: ReportedMeasure;
  /** Null where it is too small to be published. Corrections of earlier periods lie in those, so it is never negative. */
  readonly total: number | null;
  /** Undefined for the public. */
  readonly byLevel: Readonly<Record<1 | 2, number>> | undefined;
};

export type PeriodReport = {
  readonly period: ReportPeriod;
  readonly viewer: Viewer;
  /** Undefined for the whole. */
  readonly unit: Pick<UnitFigures, 'code' | 'unit'> | undefined;
  /** False while days of it are still to come: figures are as of the moment of reading. */
  readonly isOver: boolean;
  readonly rates: ActivationRates;
  /** At the end of the day before the period. */
  readonly before: ActivationRates;
  readonly figures: Figures;
  readonly figuresBefore: Figures | undefined;
  readonly activity: readonly Activity[];
  /** Of the whole: each unit's figures and, for the full view, how many grants were activated in it in the period. */
  readonly units: readonly (UnitFigures & { readonly activated: number | undefined })[];
  /** These two of the whole or of the unit; undefined where the public asks for a unit. */
  readonly channels: ChannelShares | undefined;
  readonly backlog: LateBacklog | undefined;
};

export type ReportQuery = {
  readonly now: Date;
  readonly period: ReportPeriod;
  readonly unitCode?: string | undefined;
  readonly viewer: Viewer;
  /** Only what was known at the end of this day; for the full view. */
  readonly knownOnDay?: CalendarDate | undefined;
};

/** The report of a day, week or month: figures at its end beside those at its beginning, what was done in it, and where. From counters alone.
 *  @returns undefined for a unit that there was not.
 *  @throws RangeError for a period that has not begun, and where `momentOf` does */
export async function periodReport(db: Db, query: ReportQuery): Promise<PeriodReport | undefined> {
  const { now, period, viewer, knownOnDay } = query;
  const unitCode = viewer.kind === 'unit' ? viewer.unitCode : query.unitCode;
  const today = vietNamDay(now);
  if (period.from > today) throw new RangeError('There is no report of a period that has not begun.');
  const to = period.to > today ? today : period.to;
  const [rates, before] = [
    await activationRates(db, { now, asOfDay: to, knownOnDay, viewer }),
    await activationRates(db, { now, asOfDay: period.before, knownOnDay, viewer }),
  ];
  const common = { period, viewer, rates, before, isOver: period.to < today };
  const done = await countActivity(db, query, to);
  if (unitCode === undefined) {
    const query = { now, asOfDay: to, knownOnDay, viewer };
    return {
      ...common,
      unit: undefined,
      figures: rates.whole,
      figuresBefore: before.whole,
      activity: activityOf([...done.values()], viewer),
      units: rates.units.rows.map((row) => ({
        ...row,
        figures: figuresAtEnd(rates, row),
        activated: viewer.kind === 'full' ? sumOf(done.get(row.code), 'activated') : undefined,
      })),
      channels: channelsOfThen(await channelShares(db, query)),
      backlog: backlogOfThen(await lateBacklog(db, query)),
    };
  }
  const unit = rowOf(rates, unitCode);
  if (unit === undefined) return undefined;
  const rowBefore = rowOf(before, unitCode);
  const ofUnit = {
    ...common,
    unit,
    figures: figuresAtEnd(rates, unit),
    figuresBefore: rowBefore && figuresAtEnd(before, rowBefore),
    units: [],
  };
  if (viewer.kind === 'public') return { ...ofUnit, activity: [], channels: undefined, backlog: undefined };
  // One unit, asked for by who sees all of them, is what its own officials see.
  const own = { now, asOfDay: to, knownOnDay, viewer: { kind: 'unit', unitCode } } as const;
  return {
    ...ofUnit,
    activity: activityOf([done.get(unitCode)], viewer),
    channels: await channelShares(db, own),
    backlog: await lateBacklog(db, own),
  };
}

function rowOf({ units }: ActivationRates, unitCode: string): UnitFigures | undefined {
  return units.rows.find(({ code }) => code === unitCode);
}

/** What the public last saw at the end of an earlier month is in the report of that one. */
function channelsOfThen(channels: ChannelShares): ChannelShares {
  const rows = channels.rows.map((row) => (row.asOfDay === undefined ? row : { ...row, figure: SUPPRESSED }));
  return { ...channels, rows };
}

function backlogOfThen(backlog: LateBacklog): LateBacklog {
  const { counts, asOfDays } = backlog;
  const ofThen = LATE_BANDS.map((band) => [band, asOfDays[band] === undefined ? counts[band] : null] as const);
  return { ...backlog, counts: { ...counts, ...Object.fromEntries(ofThen) } };
}

const SUPPRESSED: Figure = { kind: 'suppressed' };

/** What the public saw at the end of another month is in the report of that one. */
function figuresAtEnd({ units }: ActivationRates, { day, figures }: UnitFigures): Figures {
  return day === units.moment.day ? figures : NOTHING_SHOWN;
}

/** What each unit has at the end, less what it had before. */
async function countActivity(
  db: Db,
  { now, period, knownOnDay }: ReportQuery,
  to: CalendarDate,
): Promise<ReadonlyMap<string, Map<ReportedMeasure, Record<1 | 2, number>>>> {
  const read = (asOfDay: CalendarDate) =>
    listTotalsByUnit(db, { ...momentOf({ now, asOfDay, knownOnDay }), measures: REPORTED_MEASURES });
  const [after, before] = [await read(to), await read(period.before)];
  return new Map(
    [...after].map(([code, totals]) => [
      code,
      new Map(REPORTED_MEASURES.map((measure) => [measure, difference(totals, before.get(code), measure)])),
    ]),
  );
}

function difference(after: Totals, before: Totals | undefined, measure: ReportedMeasure): Record<1 | 2, number> {
  const [now, then] = [after.get(measure), before?.get(measure)];
  return { 1: (now?.[1] ?? 0) - (then?.[1] ?? 0), 2: (now?.[2] ?? 0) - (then?.[2] ?? 0) };
}

function activityOf(
  units: readonly (ReadonlyMap<ReportedMeasure, Readonly<Record<1 | 2, number>>> | undefined)[],
  viewer: Viewer,
): Activity[] {
  // The public learns nothing here that two publications would not tell: what it can subtract itself.
  const measures = viewer.kind === 'public' ? (['notified', 'activated'] as const) : REPORTED_MEASURES;
  return measures.map((measure) => {
    const byLevel = { 1: 0, 2: 0 };
    for (const unit of units) for (const level of [1, 2] as const) byLevel[level] += unit?.get(measure)?.[level] ?? 0;
    const total = byLevel[1] + byLevel[2];
    if (viewer.kind !== 'public') return { measure, total, byLevel };
    return { measure, total: total > 0 && total < LEAST_PUBLIC_COUNT ? null : total, byLevel: undefined };
  });
}

function sumOf(
  unit: ReadonlyMap<ReportedMeasure, Readonly<Record<1 | 2, number>>> | undefined,
  measure: ReportedMeasure,
): number {
  const levels = unit?.get(measure);
  return (levels?.[1] ?? 0) + (levels?.[2] ?? 0);
}
