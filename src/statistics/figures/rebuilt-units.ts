import type { ActivationMeasure } from '../../accounts/activation-counters.ts';
import type { AccountLevel } from '../../domain/assurance.ts';
import { type Geography, TWO_TIER_FROM, type Unit, unitsOf } from '../../domain/place.ts';
import { apportion, geographyOfUnit, type RebuiltCount, rebuildCounts, sharesIn } from '../../domain/rebuilt-series.ts';
import { publicationDay } from '../../domain/suppression.ts';
import { addDays, type CalendarDate, lastDayOf, monthBefore } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { listMonthTotals, listTotalsByUnit } from '../stores/counter-store.ts';
import { type Moment, momentOf, type RatesQuery } from './activation-rates.ts';

/** What is counted here and so can be drawn over another geography; what is loaded for a district (a population, a target) cannot. Grants notified and activated, and
 *  persons activated. */
const REBUILT = { notified: 'notified', activated: 'activated', persons: 'person_activated' } as const satisfies Record<
  string,
  ActivationMeasure
>;
type RebuiltMeasure = keyof typeof REBUILT;
const NAMES = Object.keys(REBUILT) as RebuiltMeasure[];
const MEASURES = Object.values(REBUILT);

export type RebuiltFigures = Readonly<Record<RebuiltMeasure, RebuiltCount>>;
const NOTHING: RebuiltFigures = { notified: none(), activated: none(), persons: none() };

type Query = Pick<RatesQuery, 'now' | 'asOfDay' | 'knownOnDay' | 'accountLevel'>;

export type RebuiltTable = {
  readonly moment: Moment;
  readonly geography: Geography;
  readonly accountLevel: AccountLevel | undefined;
  readonly whole: Readonly<Record<RebuiltMeasure, number>>;
  /** Units of the geography; then codes that belong to no unit of it, which keep their counts. They add up to the whole. */
  readonly rows: readonly {
    readonly code: string;
    readonly unit: Unit | undefined;
    readonly figures: RebuiltFigures;
  }[];
};

/** All counts up to a day over one geography, whichever of the two they happened in. Not for the public: beside the table of the other geography it would tell more than
 *  either. */
export async function rebuiltTable(db: Db, geography: Geography, query: Query): Promise<RebuiltTable> {
  const moment = momentOf(query);
  const byUnit = await listTotalsByUnit(db, { ...moment, measures: MEASURES });
  const levels: readonly AccountLevel[] = query.accountLevel === undefined ? [1, 2] : [query.accountLevel];
  const rebuilt = new Map<string, RebuiltFigures>();
  const whole = { notified: 0, activated: 0, persons: 0 };
  // Each level by itself, so that a level is never more than all levels.
  for (const name of NAMES) {
    for (const level of levels) {
      const counts = new Map([...byUnit].map(([code, totals]) => [code, totals.get(REBUILT[name])?.[level] ?? 0]));
      for (const [code, count] of rebuildCounts(geography, counts)) {
        const known = rebuilt.get(code) ?? NOTHING;
        rebuilt.set(code, { ...known, [name]: added(known[name], count) });
        whole[name] += count.count;
      }
    }
  }
  const units = unitsOf(geography).map((unit) => ({ code: unit.code, unit }));
  const listed = new Set(units.map(({ code }) => code));
  const others = [...rebuilt.keys()].filter((code) => !listed.has(code)).map((code) => ({ code, unit: undefined }));
  return {
    moment,
    geography,
    accountLevel: query.accountLevel,
    whole,
    rows: [...units, ...others].map((row) => ({ ...row, figures: rebuilt.get(row.code) ?? NOTHING })),
  };
}

export type RebuiltSeries = {
  readonly unitCode: string;
  readonly geography: Geography;
  readonly accountLevel: AccountLevel | undefined;
  readonly points: readonly { readonly day: CalendarDate; readonly figures: RebuiltFigures }[];
  /** Units of the other geography on which it draws, with their weights. */
  readonly draws: readonly { readonly code: string; readonly weight: number; readonly ofWeight: number }[];
};

/** One unit at the ends of months that are over, from a year before the change on: what happened in it, and its part of what happened in the units of the other geography.
 *  Undefined for the city, and for codes of no unit. */
export async function rebuiltSeries(db: Db, unitCode: string, query: Query): Promise<RebuiltSeries | undefined> {
  const geography = geographyOfUnit(unitCode);
  if (geography === undefined) return undefined;
  const moment = momentOf(query);
  const months = monthsAcross(publicationDay(moment.isDayOver ? moment.day : addDays(moment.day, -1)));
  const sources = (sharesIn(otherOf(geography), unitCode) ?? []).map(({ code }) => code);
  const running = new Map<string, number>();
  const keyOf = (code: string, name: RebuiltMeasure, level: AccountLevel): string =>
    `${code} ${REBUILT[name]} ${level}`;
  const levels: readonly AccountLevel[] = query.accountLevel === undefined ? [1, 2] : [query.accountLevel];
  const totals = [];
  for (const code of [unitCode, ...sources]) {
    const range = { from: months.at(0) ?? '', to: months.at(-1) ?? '', measures: MEASURES, knownOn: moment.knownOn };
    totals.push(...(await listMonthTotals(db, { ...range, unitCode: code })));
  }
  const byMonth = Map.groupBy(totals, ({ month }) => month);
  const addMonth = (month: string): void => {
    for (const one of byMonth.get(month) ?? []) {
      const key = `${one.unitCode} ${one.measure} ${one.accountLevel}`;
      running.set(key, (running.get(key) ?? 0) + one.total);
    }
  };
  const countOf = (name: RebuiltMeasure): RebuiltCount =>
    levels
      .flatMap((level) => [
        { count: running.get(keyOf(unitCode, name, level)) ?? 0, drawnOver: 0 },
        ...sources.map((code) => partOf(geography, { code, unitCode }, running.get(keyOf(code, name, level)) ?? 0)),
      ])
      .reduce(added, none());
  addMonth('');
  return {
    unitCode,
    geography,
    accountLevel: query.accountLevel,
    points: months.map((month) => {
      addMonth(month);
      const figures = { notified: countOf('notified'), activated: countOf('activated'), persons: countOf('persons') };
      return { day: lastDayOf(month), figures };
    }),
    draws: sources.map((code) => {
      const shares = sharesIn(geography, code) ?? [];
      const weight = shares.find((share) => share.code === unitCode)?.weight ?? 0;
      return { code, weight, ofWeight: shares.reduce((sum, share) => sum + share.weight, 0) };
    }),
  };
}

/** This unit's part of what happened in `code`. */
function partOf(
  geography: Geography,
  { code, unitCode }: { code: string; unitCode: string },
  total: number,
): RebuiltCount {
  const shares = sharesIn(geography, code) ?? [];
  const part = apportion(total, shares)[shares.findIndex((share) => share.code === unitCode)] ?? 0;
  return { count: part, drawnOver: part };
}

function otherOf(geography: Geography): Geography {
  return geography === 'hanoi_units_2025' ? 'hanoi_districts_2023' : 'hanoi_units_2025';
}

/** The months from a year before the change to that of `lastDay`; the last one alone where it is earlier. */
function monthsAcross(lastDay: CalendarDate): string[] {
  const first = addDays(TWO_TIER_FROM, -365).slice(0, 7);
  const months = [lastDay.slice(0, 7)];
  while ((months[0] ?? '') > first) months.unshift(monthBefore(months[0] ?? ''));
  return months;
}

function added(a: RebuiltCount, b: RebuiltCount): RebuiltCount {
  return { count: a.count + b.count, drawnOver: a.drawnOver + b.drawnOver };
}

function none(): RebuiltCount {
  return { count: 0, drawnOver: 0 };
}
