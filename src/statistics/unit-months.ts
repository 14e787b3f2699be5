import type { ActivationMeasure } from '../accounts/activation-event-store.ts';
import { geographyOn, TWO_TIER_FROM } from '../domain/place.ts';
import { protectTable, publicationDay, ratioCounts } from '../domain/suppression.ts';
import { addDays, type CalendarDate } from '../domain/viet-nam-time.ts';
import type { Db } from '../platform/database.ts';
import type { ActivationRates, Figure } from './activation-rates.ts';
import { lastDayOf, monthBefore } from './activation-trend.ts';
import { listMonthTotals, type MonthTotal } from './counter-store.ts';
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

type Counts = { notified: number; activated: number };
const NONE: Counts = { notified: 0, activated: 0 };

/** Each month is published as the table of that month is (`activationRates`): the same rows, hidden for the same reasons. */
export async function unitMonths(db: Db, rates: ActivationRates): Promise<UnitMonths> {
  const { viewer, moment } = rates;
  const lastDay = publicationDay(moment.isDayOver ? moment.day : addDays(moment.day, -1));
  const months = lastMonths(lastDay.slice(0, 7), rates.units.geography === 'hanoi_units_2025' ? TWO_TIER_FROM : '');
  const [from, to] = [months.at(0), months.at(-1)];
  if (from === undefined || to === undefined) return { days: [], whole: [], byUnit: new Map() };
  const added = await listMonthTotals(db, { from, to, measures: MEASURES, knownOn: moment.knownOn });
  const byMonth = Map.groupBy(added, ({ month }) => month);
  const running = new Map<string, Counts>();
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

function addTo(running: Map<string, Counts>, { unitCode, measure, total }: MonthTotal): void {
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
  running: ReadonlyMap<string, Counts>,
  day: CalendarDate,
  viewer: ActivationRates['viewer'],
): { whole: Figure; rows: readonly (readonly [string, Figure])[] } {
  const rows = unitsByPlace(geographyOn(day), [...running.keys()]).map(({ code }) => ({
    code,
    ...(running.get(code) ?? NONE),
  }));
  const sum = (of: (counts: Counts) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const whole = { notified: sum((row) => row.notified), activated: sum((row) => row.activated) };
  const layers = (counts: Counts) => [ratioCounts(counts.activated, counts.notified)];
  const shown = viewer.kind === 'full' ? undefined : protectTable(layers(whole), rows.map(layers));
  const figure = ({ activated, notified }: Counts, isShown: boolean): Figure =>
    isShown ? { kind: 'shown', numerator: activated, denominator: notified } : { kind: 'suppressed' };
  const isOwn = (code: string): boolean => viewer.kind === 'unit' && viewer.unitCode === code;
  return {
    whole: figure(whole, shown === undefined || shown.total > 0),
    rows: rows.flatMap((row, index) => {
      if (viewer.kind === 'unit' && !isOwn(row.code)) return [];
      return [[row.code, figure(row, shown === undefined || isOwn(row.code) || shown.rows[index] === 1)] as const];
    }),
  };
}
