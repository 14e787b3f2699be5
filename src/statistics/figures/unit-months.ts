import type { ActivationMeasure } from '../../accounts/activation-counters.ts';
import { geographyOn, TWO_TIER_FROM } from '../../domain/place.ts';
import { protectTable, publicationDay, ratioCounts } from '../../domain/suppression.ts';
import { addDays, type CalendarDate, lastDayOf, monthBefore } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { listEditions, type UnitEdition } from '../editions/unit-editions.ts';
import { listMonthTotals, type MonthTotal } from '../stores/counter-store.ts';
import type { ActivationRates, Figure } from './activation-rates.ts';
import { type Counts, RATIOS, type Shown } from './rate-counts.ts';
import { unitsByPlace } from './unit-rows.ts';

const MONTHS = 12;
const MEASURES: readonly ActivationMeasure[] = ['notified', 'activated'];

/** `activation_of_granted` of each unit at the end of each of the last twelve months that are over, all levels together. */
export type UnitMonths = {
  /** The last day of each month; no more than there are of this geography. */
  readonly days: readonly CalendarDate[];
  readonly whole: readonly Figure[];
  /** By unit code, one figure a month. */
  readonly byUnit: ReadonlyMap<string, readonly Figure[]>;
};

type Grants = { notified: number; activated: number };
const NONE: Grants = { notified: 0, activated: 0 };

/** For the public each month is what was published anew of it (`listEditions`). */
export async function unitMonths(db: Db, rates: ActivationRates): Promise<UnitMonths> {
  const { viewer, moment } = rates;
  const lastDay = publicationDay(moment.isDayOver ? moment.day : addDays(moment.day, -1));
  const months = lastMonths(lastDay.slice(0, 7), rates.units.geography === 'hanoi_units_2025' ? TWO_TIER_FROM : '');
  const [from, to] = [months.at(0), months.at(-1)];
  if (from === undefined || to === undefined) return { days: [], whole: [], byUnit: new Map() };
  if (viewer.kind === 'public') return publishedMonths(db, months.map(lastDayOf), moment);
  const added = await listMonthTotals(db, { from, to, measures: MEASURES, knownOn: moment.knownOn });
  const byMonth = Map.groupBy(added, ({ month }) => month);
  const running = new Map<string, Grants>();
  const whole: Figure[] = [];
  const byUnit = new Map<string, Figure[]>();
  for (const month of ['', ...months]) {
    for (const one of byMonth.get(month) ?? []) addTo(running, one);
    if (month === '') continue;
    const table = monthTable(running, lastDayOf(month), viewer);
    whole.push(table.whole);
    for (const [code, figure] of table.rows) byUnit.set(code, [...(byUnit.get(code) ?? []), figure]);
  }
  return { days: months.map(lastDayOf), whole, byUnit };
}

/** Of each month's edition what was published anew in it. A month in which nothing happened has no edition of its own: everything is as it was. */
async function publishedMonths(
  db: Db,
  days: readonly CalendarDate[],
  { knownAt }: ActivationRates['moment'],
): Promise<UnitMonths> {
  const made = await listEditions(db, { day: days.at(-1) ?? '', knownAt });
  const ofMonth = days.map((day) => made.findLast((edition) => edition.day <= day));
  const codes = new Set(ofMonth.flatMap((edition) => edition?.rows.map(({ code }) => code) ?? []));
  return {
    days,
    whole: ofMonth.map((edition) => (edition === undefined ? SUPPRESSED : grantedFigure(edition.whole))),
    byUnit: new Map([...codes].map((code) => [code, ofMonth.map((edition) => publishedAnew(edition, code))])),
  };
}

function publishedAnew(edition: UnitEdition | undefined, code: string): Figure {
  const last = edition?.rows.find((row) => row.code === code)?.last;
  return last === undefined || last.day !== edition?.day ? SUPPRESSED : grantedFigure(last);
}

const SUPPRESSED: Figure = { kind: 'suppressed' };

function grantedFigure({ counts, shown }: { counts: Counts; shown: Shown }): Figure {
  const { numerator, denominator } = RATIOS.activation_of_granted(counts, undefined);
  return shown.granted > 0 && denominator !== undefined ? { kind: 'shown', numerator, denominator } : SUPPRESSED;
}

function addTo(running: Map<string, Grants>, { unitCode, measure, total }: MonthTotal): void {
  const counts = running.get(unitCode) ?? { ...NONE };
  counts[measure === 'notified' ? 'notified' : 'activated'] += total;
  running.set(unitCode, counts);
}

function lastMonths(last: string, notBefore: CalendarDate): string[] {
  const first = notBefore.slice(0, 7);
  const months: string[] = [];
  for (let month = last; months.length < MONTHS && month >= first; month = monthBefore(month)) months.unshift(month);
  return months;
}

function monthTable(
  running: ReadonlyMap<string, Grants>,
  day: CalendarDate,
  viewer: ActivationRates['viewer'],
): { whole: Figure; rows: readonly (readonly [string, Figure])[] } {
  const rows = unitsByPlace(geographyOn(day), [...running.keys()]).map(({ code }) => ({
    code,
    ...(running.get(code) ?? NONE),
  }));
  const sum = (of: (counts: Grants) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const whole = { notified: sum((row) => row.notified), activated: sum((row) => row.activated) };
  const isWholeShown =
    viewer.kind === 'full' || protectTable([ratioCounts(whole.activated, whole.notified)], []).total > 0;
  const figure = ({ activated: numerator, notified: denominator }: Grants): Figure => {
    return { kind: 'shown', numerator, denominator };
  };
  return {
    whole: isWholeShown ? figure(whole) : SUPPRESSED,
    rows: rows
      .filter(({ code }) => viewer.kind !== 'unit' || viewer.unitCode === code)
      .map((row) => [row.code, figure(row)] as const),
  };
}
