import { type BandAge, RESIDENT_MEASURES, type ResidentMeasure } from '../../domain/resident-ledger.ts';
import { LEAST_PUBLIC_COUNT, protectTable } from '../../domain/suppression.ts';
import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import { addedPersons, type PersonCounts, RESIDENTS_AGE_MIN } from '../figures/resident-counts.ts';
import { editions, type Tally } from './table-editions.ts';

/** What a reader sees of them. Null where there are too few, or where they would tell of others who are. */
export type PublishedCounts = Readonly<Record<ResidentMeasure, number | null>>;

/** Persons of one sex in one age band. */
export type Cell = PersonCounts & { readonly ageFrom: BandAge };

export type ProtectedCells = {
  /** All cells together. */
  readonly whole: PublishedCounts;
  /** By cell, as it was last published, with the end of that month; a cell that never was is missing. */
  readonly cells: ReadonlyMap<string, PublishedCounts & { readonly day: CalendarDate }>;
};

/** What other figures tell each day: of those who are of this age and older, cells or not; and grants of any age, all and of level 2. */
export type Daily = {
  readonly from: BandAge;
  readonly counts: PersonCounts;
  readonly grants: Readonly<Record<'activated' | 'level2', number>>;
};

/** Which counts of cells are published beside their sum, month after month: called with each month's cells, in their order. Whoever activated is what a reader sees
 *  first; each other measure is a layer of its own over that, which gives away what lies between (activated, not usable) too. So a measure that sets nearly
 *  everybody apart from few is hidden, and the others are not. A cell is published anew when who activated in it has changed by enough, and with it each measure of
 *  which that is so too.
 *  Other figures tell the same each day of those of one age and older (`Daily`): their cells are a table of their own, and so are the younger ones, unless either are too
 *  few. Who is younger is found by subtraction where the sum of all cells is told: it is told when they are enough, and enough more (or fewer) than when it last was, and so
 *  are the grants that are not of these persons (of which, where there are none, every day tells who is younger); till then the younger ones are not published anew. */
export function protectCells(): (
  cells: ReadonlyMap<string, Cell>,
  month: { readonly day: CalendarDate; readonly daily: Daily },
) => ProtectedCells {
  const publish = new Map(RESIDENT_MEASURES.map((measure) => [measure, editions()]));
  const mayTellWhole = new Map(RESIDENT_MEASURES.map((measure) => [measure, betweenAges()]));
  const last = new Map<string, PublishedCounts & { day: CalendarDate }>();
  const shownOf = (
    cells: ReadonlyMap<string, Cell>,
    measure: ResidentMeasure,
    { parts, hidden }: { parts: readonly Part[]; hidden: ReadonlySet<string> },
  ): ReadonlySet<string> => {
    const whole = layersOf(addedPersons(cells.values()), measure);
    const shown = parts.flatMap((part) => {
      const total = layersOf(addedPersons(part.map(([, cell]) => cell)), measure);
      const rows = new Map(part.map(([key, cell]) => [key, tallyOf(layersOf(cell, measure))]));
      const answer = publish.get(measure)?.({ total: { counts: total, totals: whole }, rows }, hidden);
      return part.flatMap(([key]) => (answer?.rows.get(key) === total.length ? [key] : []));
    });
    return new Set(shown);
  };
  return (cells, { day, daily }) => {
    const sum = addedPersons(cells.values());
    const isTold = new Map(
      RESIDENT_MEASURES.map((measure) => [
        measure,
        mayTellWhole.get(measure)?.(besideDaily(sum, measure, daily)) === true,
      ]),
    );
    // Who is usable is told here alone.
    isTold.set('usable', isTold.get('activated') === true);
    const mayTell = (measure: ResidentMeasure): boolean =>
      isTold.get('activated') === true && isTold.get(measure) === true;
    const parts = (measure: ResidentMeasure): readonly Part[] => partsOf(cells, measure, daily.from, mayTell(measure));
    const anew = shownOf(cells, 'activated', { parts: parts('activated'), hidden: new Set() });
    const hidden = new Set([...cells.keys()].filter((key) => !anew.has(key)));
    const shown = new Map(
      RESIDENT_MEASURES.map((measure) => [
        measure,
        measure === 'activated' ? anew : shownOf(cells, measure, { parts: parts(measure), hidden }),
      ]),
    );
    for (const key of anew) {
      const cell = cells.get(key);
      if (cell !== undefined)
        last.set(key, { ...published(cell, (measure) => shown.get(measure)?.has(key) === true), day });
    }
    return { whole: published(sum, (measure) => mayTell(measure) && isLarge(sum, measure)), cells: new Map(last) };
  };
}

/** A sum over all cells, and what is found by subtracting it from what is told each day. */
type Beside = { readonly all: number; readonly between: number };

function besideDaily(sum: PersonCounts, measure: ResidentMeasure, { from, counts, grants }: Daily): readonly Beside[] {
  const daily = layersOf(counts, measure).flat();
  const sums = layersOf(sum, measure).flat();
  const beside = sums.map((all, at) => ({ all, between: Math.abs(all - (daily[at] ?? 0)) }));
  const isNobody = beside.every(({ between }) => between === 0);
  if (isNobody || from <= RESIDENTS_AGE_MIN || (measure !== 'activated' && measure !== 'level2')) return beside;
  return [...beside, { all: grants[measure], between: Math.abs(grants[measure] - sum[measure]) }];
}

/** Whether sums over all cells may be told beside what is told each day: called with each month's, in their order. That there is nobody in between may be: nobody is told of. */
function betweenAges(): (sums: readonly Beside[]) => boolean {
  let last: readonly Beside[] | undefined;
  return (sums) => {
    const isNobody = sums.every(({ between }) => between === 0);
    const mayBeTold = sums.every(({ all, between }, at) => {
      if (!isNobody && between < LEAST_PUBLIC_COUNT) return false;
      const before = last?.[at];
      const grown = Math.abs(between - (before?.between ?? between));
      if (grown > 0) return grown >= LEAST_PUBLIC_COUNT;
      return before === undefined || isNobody || all === before.all;
    });
    if (mayBeTold) last = sums;
    return mayBeTold;
  };
}

function published(counts: PersonCounts, isShown: (measure: ResidentMeasure) => boolean): PublishedCounts {
  const count = (measure: ResidentMeasure): number | null => (isShown(measure) ? counts[measure] : null);
  return { activated: count('activated'), level2: count('level2'), used: count('used'), usable: count('usable') };
}

type Part = readonly (readonly [key: string, cell: Cell])[];

/** Tables of which the sum is told. */
function partsOf(
  cells: ReadonlyMap<string, Cell>,
  measure: ResidentMeasure,
  from: BandAge,
  isWholeTold: boolean,
): readonly Part[] {
  const older = [...cells].filter(([, { ageFrom }]) => ageFrom >= from);
  const younger = [...cells].filter(([, { ageFrom }]) => ageFrom < from);
  if (!isWholeTold) return younger.length === 0 ? [] : [older];
  const areLarge = [older, younger].every((part) => isLarge(addedPersons(part.map(([, cell]) => cell)), measure));
  return areLarge ? [older, younger] : [[...cells]];
}

function tallyOf(layers: number[][]): Tally {
  return { counts: layers, totals: layers };
}

function isLarge(counts: PersonCounts, measure: ResidentMeasure): boolean {
  const layers = layersOf(counts, measure);
  return protectTable(layers, []).total === layers.length;
}

function layersOf(counts: PersonCounts, measure: ResidentMeasure): number[][] {
  const { activated } = counts;
  return measure === 'activated' ? [[activated]] : [[activated], [counts[measure], activated - counts[measure]]];
}
