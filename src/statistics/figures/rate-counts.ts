import type { ActivationMeasure, CounterMeasure } from '../../accounts/activation-counters.ts';
import type { AccountLevel } from '../../domain/assurance.ts';
import type { LoadedBasis } from '../../domain/denominator.ts';
import { existsOn, geographyOn, HANOI_CODE, type Unit } from '../../domain/place.ts';
import type { Ratio } from '../../domain/rate.ts';
import type { BandAge } from '../../domain/resident-ledger.ts';
import { type CountLayers, protectEdition, ratioCounts } from '../../domain/suppression.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { newsOf } from '../editions/table-editions.ts';
import { listTotalsByUnit, type Totals } from '../stores/counter-store.ts';
import { type BasesInForce, type Denominator, findBasesInForce } from '../stores/denominator-store.ts';
import {
  ageCuts,
  type PersonCounts,
  personsFrom,
  publicAgeMin,
  RESIDENTS_AGE_MIN,
  type ResidentCell,
  residentsByUnit,
} from './resident-counts.ts';
import { unitsByPlace } from './unit-rows.ts';

/** What the rates are made of. */
export const RATE_MEASURES: readonly ActivationMeasure[] = ['applied', 'notified', 'activated', 'due', 'on_time'];

/** Least ages of those who are counted, and of those who are divided by the target: its own, or 0 where no age band begins at it. */
export type AgeCuts = { readonly ageMin: BandAge; readonly targetAgeMin: BandAge };

type Read = { day: CalendarDate; dueDay: CalendarDate; knownOn: CalendarDate | undefined; knownAt: Date };

type AgedPersons = PersonCounts & Pick<ResidentCell, 'ageFrom'>;
/** Where persons are not asked for. */
export const NOBODY: PersonCounts = personsFrom([], RESIDENTS_AGE_MIN);

export type Counts = {
  readonly totals: Totals;
  /** Residents of the age that is divided by residents, and of the age that the target is about. */
  readonly persons: PersonCounts;
  readonly targeted: PersonCounts;
  readonly residents: number | undefined;
  readonly target: number | undefined;
};
export type Row = Counts & { readonly code: string; readonly unit: Unit | undefined };
export type Table = {
  readonly whole: Counts;
  /** What the whole is divided by where that is counted elsewhere; undefined while it is not loaded. */
  readonly bases: Readonly<Record<LoadedBasis, Denominator | undefined>>;
  readonly cuts: AgeCuts;
  readonly rows: readonly Row[];
};

/** @param cut the age asked for; or `one` age for all, as the public sees persons (`publicAgeMin`). */
export async function readTable(db: Db, moment: Read, cut: number | 'one' | undefined): Promise<Table> {
  const { day, knownAt } = moment;
  const totals = await listTotalsByUnit(db, { ...moment, measures: RATE_MEASURES });
  const persons = await residentsByUnit(db, moment);
  const targets = await findBasesInForce(db, { basis: 'assigned_target', day, knownAt });
  const ageMin = cut === 'one' ? publicAgeMin(targets?.ageMin) : (cut ?? RESIDENTS_AGE_MIN);
  const residents = await findBasesInForce(db, { basis: 'eligible_residents', ageMin, day, knownAt });
  const cuts =
    cut === 'one'
      ? oneCut(targets)
      : ageCuts(cut, { ofTarget: targets?.ageMin, hasResidents: residents !== undefined });
  return tableOf(day, { totals, persons, residents, targets, cuts });
}

export function oneCut(targets: BasesInForce | undefined): AgeCuts {
  const ageMin = publicAgeMin(targets?.ageMin);
  return { ageMin, targetAgeMin: ageMin };
}

export type TableParts = {
  readonly totals: ReadonlyMap<string, Totals>;
  readonly persons: ReadonlyMap<string, readonly AgedPersons[]>;
  readonly residents: BasesInForce | undefined;
  readonly targets: BasesInForce | undefined;
  readonly cuts: AgeCuts;
};

/** The table of a day, from what there is at its end. */
export function tableOf(day: CalendarDate, { totals, persons, residents, targets, cuts }: TableParts): Table {
  const bases = {
    eligible_residents: residents?.byUnit.get(HANOI_CODE),
    assigned_target: targets?.byUnit.get(HANOI_CODE),
  };
  const personsOf = (cells: readonly AgedPersons[]): Pick<Counts, 'persons' | 'targeted'> => ({
    persons: personsFrom(cells, cuts.ageMin),
    targeted: personsFrom(cells, cuts.targetAgeMin),
  });
  const codes = new Set([...totals.keys(), ...persons.keys()]);
  const rows = unitsByPlace(geographyOn(day), [...codes]).map(({ code, unit }) => {
    // What was said about a district ended with it.
    const loaded = unit !== undefined && existsOn(unit, day);
    return {
      code,
      unit,
      totals: totals.get(code) ?? new Map(),
      ...personsOf(persons.get(code) ?? []),
      residents: loaded ? residents?.byUnit.get(code)?.quantity : undefined,
      target: loaded ? targets?.byUnit.get(code)?.quantity : undefined,
    };
  });
  const whole = {
    totals: added([...totals.values()]),
    ...personsOf([...persons.values()].flat()),
    residents: bases.eligible_residents?.quantity,
    target: bases.assigned_target?.quantity,
  };
  return { whole, bases, cuts, rows };
}

function added(all: readonly Totals[]): Totals {
  const sum = new Map<CounterMeasure, Record<AccountLevel, number>>();
  for (const totals of all) {
    for (const [measure, levels] of totals) {
      const known = sum.get(measure) ?? { 1: 0, 2: 0 };
      sum.set(measure, { 1: known[1] + levels[1], 2: known[2] + levels[2] });
    }
  }
  return sum;
}

function countOf(totals: Totals, measure: ActivationMeasure, level?: AccountLevel): number {
  const levels = totals.get(measure) ?? { 1: 0, 2: 0 };
  return level === undefined ? levels[1] + levels[2] : levels[level];
}

type RatioId =
  | 'activation_of_granted'
  | 'on_time'
  | 'activation_of_target'
  | 'activation_of_population'
  | 'activated_and_used'
  | 'level2_share'
  | 'intake';

/** What a rate divides by what. */
export const RATIOS: Readonly<Record<RatioId, (counts: Counts, level: AccountLevel | undefined) => Ratio>> = {
  activation_of_granted: ({ totals }, level) => ({
    numerator: countOf(totals, 'activated', level),
    denominator: countOf(totals, 'notified', level),
  }),
  on_time: ({ totals }, level) => ({
    numerator: countOf(totals, 'on_time', level),
    denominator: countOf(totals, 'due', level),
  }),
  activation_of_target: ({ targeted, target }) => ({ numerator: targeted.activated, denominator: target }),
  activation_of_population: ({ persons, residents }) => ({ numerator: persons.activated, denominator: residents }),
  activated_and_used: ({ persons, residents }) => ({ numerator: persons.used, denominator: residents }),
  level2_share: ({ persons }) => ({ numerator: persons.level2, denominator: persons.activated }),
  intake: ({ totals, target }) => ({ numerator: countOf(totals, 'applied'), denominator: target }),
};

/** Layers that may be shown of a row's tables (`protectTable`). */
export type Shown = Readonly<Record<'granted' | 'due' | 'used' | 'targeted' | 'taken', number>>;
export const EVERYTHING: Shown = { granted: 3, due: 2, used: 1, targeted: 1, taken: 1 };

/** Activations are in one table with the share of level 2, whose numerator is a part of them: all levels; then the share, which tells level 1 from level 2,
 *  and the other rates of the same persons; then the grants of each level. */
const LAYERS: Readonly<Record<keyof Shown, (counts: Counts) => CountLayers>> = {
  granted: (counts) => {
    const [level1, level2] = [1, 2].map((level) => RATIOS.activation_of_granted(counts, level as AccountLevel));
    return [
      countsOf(RATIOS.activation_of_granted(counts, undefined)),
      [level1?.numerator ?? 0, ...personCounts(counts)],
      [level1, level2].flatMap((ratio) => (ratio === undefined ? [] : countsOf(ratio))),
    ];
  },
  due: (counts) => [
    countsOf(RATIOS.on_time(counts, undefined)),
    [...countsOf(RATIOS.on_time(counts, 1)), ...countsOf(RATIOS.on_time(counts, 2))],
  ],
  // Who activated and never signed in is found by subtraction.
  used: (counts) => {
    const used = RATIOS.activated_and_used(counts, undefined);
    return [[...countsOf(used), counts.persons.activated - used.numerator]];
  },
  targeted: (counts) => [countsOf(RATIOS.activation_of_target(counts, undefined))],
  taken: (counts) => [countsOf(RATIOS.intake(counts, undefined))],
};

/** What the rates of the same persons give away. */
function personCounts(counts: Counts): number[] {
  if (counts.persons === NOBODY) return [];
  const rates = ['level2_share', 'activation_of_population'] as const;
  return rates.flatMap((id) => countsOf(RATIOS[id](counts, undefined)));
}

function countsOf({ numerator, denominator }: Ratio): readonly number[] {
  return ratioCounts(numerator, denominator);
}

/** Running totals of each layer's persons and grants. What lies between two of them that only grow (on time, fallen due) is one too. */
const TOTALS: Readonly<Record<keyof Shown, (counts: Counts) => CountLayers>> = {
  granted: ({ totals, persons }) => [
    [countOf(totals, 'notified'), countOf(totals, 'activated')],
    [countOf(totals, 'activated', 1), countOf(totals, 'activated', 2), persons.activated, persons.level2],
    [countOf(totals, 'notified', 1), countOf(totals, 'notified', 2)],
  ],
  due: ({ totals }) => [dueTotals(totals, undefined), [...dueTotals(totals, 1), ...dueTotals(totals, 2)]],
  used: ({ persons }) => [[persons.used]],
  targeted: ({ targeted }) => [[targeted.activated]],
  taken: ({ totals }) => [[countOf(totals, 'applied')]],
};

function dueTotals(totals: Totals, level: AccountLevel | undefined): number[] {
  const [due, onTime] = [countOf(totals, 'due', level), countOf(totals, 'on_time', level)];
  return [due, onTime, due - onTime];
}

export type RowTotals = Readonly<Record<keyof Shown, CountLayers>>;

export function totalsOf(counts: Counts): RowTotals {
  return eachTable((name) => TOTALS[name](counts));
}

/** What the public knows of a row: running totals as it last saw them, layer by layer. */
export type KnownRow = {
  readonly layersKnown: Readonly<Record<keyof Shown, number>>;
  readonly seen: RowTotals;
  /** Those of the whole at the same time. */
  readonly wholeSeen: RowTotals;
  /** Those of the edition before, its own and the whole's. */
  readonly before: RowTotals;
  readonly wholeBefore: RowTotals;
  /** What it showed. */
  readonly shownBefore: Shown;
};

/** What may be shown of the whole and of each row, beside what is known of it from earlier editions. A row of which the grants are not shown shows nothing. */
export function protect(
  { whole, rows }: Pick<Table, 'whole' | 'rows'>,
  known: (row: Row) => KnownRow | undefined = () => undefined,
): { whole: Shown; rows: readonly Shown[] } {
  const knownRows = rows.map(known);
  const table = (name: keyof Shown, hidden: ReadonlySet<number>) => {
    const editionRows = rows.map((row, index) => {
      const of = knownRows[index];
      return {
        counts: LAYERS[name](row),
        news: newsOf(TOTALS[name](row), of?.seen[name]),
        totalNews: newsOf(TOTALS[name](whole), of?.wholeSeen[name]),
        grown: newsOf(TOTALS[name](row), of?.before[name]),
        totalGrown: newsOf(TOTALS[name](whole), of?.wholeBefore[name]),
        layersKnown: of?.layersKnown[name] ?? 0,
        layersBefore: of?.shownBefore[name],
      };
    });
    return protectEdition(LAYERS[name](whole), editionRows, { hidden });
  };
  const granted = table('granted', new Set());
  const hidden = new Set([...rows.keys()].filter((index) => granted.rows[index] === 0));
  const tables = eachTable((name) => (name === 'granted' ? granted : table(name, hidden)));
  return {
    whole: eachTable((name) => tables[name].total),
    rows: rows.map((_, index) => eachTable((name) => tables[name].rows[index] ?? 0)),
  };
}

function eachTable<T>(of: (name: keyof Shown) => T): Record<keyof Shown, T> {
  const granted = of('granted');
  return { granted, due: of('due'), used: of('used'), targeted: of('targeted'), taken: of('taken') };
}
