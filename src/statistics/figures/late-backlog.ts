import { bandsOf, LATE_BANDS, LATE_MEASURES, type LateBand, type LateMeasure } from '../../domain/late-backlog.ts';
import { geographyOn } from '../../domain/place.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { type BacklogEdition, backlogEdition } from '../editions/public-editions.ts';
import { listTotalsByUnit, type Totals } from '../stores/counter-store.ts';
import { type Moment, momentOf, publishedMoment, type RatesQuery } from './activation-rates.ts';
import { type UnitRow, unitsByPlace } from './unit-rows.ts';

/** Late grants by age and all together; null where they are too few to be published. */
export type LateCounts = Readonly<Record<LateBand | 'all', number | null>>;

export type LateBacklog = {
  readonly moment: Moment;
  readonly isMonthly: boolean;
  /** The unit whose grants they are; undefined for the whole. */
  readonly unitCode: string | undefined;
  readonly accountLevel: RatesQuery['accountLevel'];
  readonly counts: LateCounts;
  /** The day as of which a band is, where the public last saw it earlier than the moment. */
  readonly asOfDays: Readonly<Partial<Record<LateBand, CalendarDate>>>;
  /** Each unit's own, for who sees everything; else none. They add up to the whole. */
  readonly units: readonly (UnitRow & { readonly counts: LateCounts })[];
};

/** Grants that are late at a moment, by days since the notice: a running total of counters, whatever the number of accounts. A unit sees its own; the
 *  public the whole, over all levels and as of the end of a month, an age anew only when ten more or less are of it (`backlogEdition`). */
export async function lateBacklog(db: Db, query: RatesQuery): Promise<LateBacklog> {
  const { viewer = { kind: 'full' } } = query;
  const isPublic = viewer.kind === 'public';
  const now = momentOf(query);
  const moment = isPublic ? publishedMoment(now) : now;
  const accountLevel = isPublic ? undefined : query.accountLevel;
  const unitCode = viewer.kind === 'unit' ? viewer.unitCode : undefined;
  const byUnit = await listTotalsByUnit(db, { ...moment, measures: LATE_MEASURES });
  const countsOf = (units: readonly Totals[]): LateCounts => {
    const total = (measure: LateMeasure): number =>
      units.reduce((sum, totals) => {
        const levels = totals.get(measure) ?? { 1: 0, 2: 0 };
        return sum + (accountLevel === undefined ? levels[1] + levels[2] : levels[accountLevel]);
      }, 0);
    const totals = { late_from_8: total('late_from_8'), late_from_31: total('late_from_31') };
    return { ...bandsOf({ ...totals, late_from_91: total('late_from_91') }), all: totals.late_from_8 };
  };
  const counted = countsOf(unitCode === undefined ? [...byUnit.values()] : [byUnit.get(unitCode) ?? new Map()]);
  const edition = isPublic ? await backlogEdition(db, moment) : undefined;
  return {
    moment,
    isMonthly: isPublic,
    unitCode,
    accountLevel,
    counts: edition === undefined ? counted : publishedCounts(edition, counted.all),
    asOfDays: edition === undefined ? {} : publishedDays(edition, moment.day),
    units:
      viewer.kind === 'full'
        ? unitsByPlace(geographyOn(moment.day), [...byUnit.keys()]).map((row) => {
            return { ...row, counts: countsOf([byUnit.get(row.code) ?? new Map()]) };
          })
        : [],
  };
}

function publishedCounts({ isWholeShown, rows }: BacklogEdition, all: number | null): LateCounts {
  const bands = LATE_BANDS.map((band) => [band, rows.get(band)?.count ?? null] as const);
  return { ...(Object.fromEntries(bands) as Record<LateBand, number | null>), all: isWholeShown ? all : null };
}

function publishedDays({ rows }: BacklogEdition, day: CalendarDate): Partial<Record<LateBand, CalendarDate>> {
  return Object.fromEntries([...rows].flatMap(([band, last]) => (last.day === day ? [] : [[band, last.day]])));
}
