import { RESIDENT_MEASURES, type ResidentMeasure } from '../domain/resident-ledger.ts';
import { protectTable } from '../domain/suppression.ts';
import type { CalendarDate } from '../domain/viet-nam-time.ts';
import { addedPersons, type PersonCounts } from './resident-counts.ts';
import { editions, type Tally } from './table-editions.ts';

/** What a reader sees of them. Null where there are too few, or where they would tell of others who are. */
export type PublishedCounts = Readonly<Record<ResidentMeasure, number | null>>;

/** Persons of one sex in one age band. */
export type Cell = PersonCounts & { readonly isAged14: boolean };

export type ProtectedCells = {
  readonly whole: PublishedCounts;
  /** By cell, as it was last published, with the end of that month; a cell that never was is missing. */
  readonly cells: ReadonlyMap<string, PublishedCounts & { readonly day: CalendarDate }>;
};

/** Which counts of cells are published beside their sum, month after month: called with each month's cells, in their order. Whoever activated is what a reader sees
 *  first; each other measure is a layer of its own over that, which gives away what lies between (activated, not usable) too. So a measure that sets nearly
 *  everybody apart from few is hidden, and the others are not. A cell is published anew when who activated in it has changed by enough, and with it each measure of
 *  which that is so too.
 *  Other rates tell how many of those who activated are 15 or older: cells of those aged 14 are a table of their own, and so are the older, unless either
 *  are too few, when no other rate tells it. */
export function protectCells(): (cells: ReadonlyMap<string, Cell>, day: CalendarDate) => ProtectedCells {
  const publish = new Map(RESIDENT_MEASURES.map((measure) => [measure, editions()]));
  const last = new Map<string, PublishedCounts & { day: CalendarDate }>();
  const shownOf = (
    cells: ReadonlyMap<string, Cell>,
    measure: ResidentMeasure,
    hidden: ReadonlySet<string>,
  ): ReadonlySet<string> => {
    const whole = layersOf(addedPersons(cells.values()), measure);
    const shown = partsOf(cells, measure).flatMap((part) => {
      const total = layersOf(addedPersons(part.map(([, cell]) => cell)), measure);
      const rows = new Map(part.map(([key, cell]) => [key, tallyOf(layersOf(cell, measure))]));
      const answer = publish.get(measure)?.({ total: { counts: total, totals: whole }, rows }, hidden);
      return part.flatMap(([key]) => (answer?.rows.get(key) === total.length ? [key] : []));
    });
    return new Set(shown);
  };
  return (cells, day) => {
    const anew = shownOf(cells, 'activated', new Set());
    const hidden = new Set([...cells.keys()].filter((key) => !anew.has(key)));
    const shown = new Map(
      RESIDENT_MEASURES.map((measure) => [measure, measure === 'activated' ? anew : shownOf(cells, measure, hidden)]),
    );
    for (const key of anew) {
      const cell = cells.get(key);
      if (cell !== undefined)
        last.set(key, { ...published(cell, (measure) => shown.get(measure)?.has(key) === true), day });
    }
    const sum = addedPersons(cells.values());
    return { whole: published(sum, (measure) => isLarge(sum, measure)), cells: new Map(last) };
  };
}

function published(counts: PersonCounts, isShown: (measure: ResidentMeasure) => boolean): PublishedCounts {
  const count = (measure: ResidentMeasure): number | null => (isShown(measure) ? counts[measure] : null);
  return { activated: count('activated'), level2: count('level2'), used: count('used'), usable: count('usable') };
}

type Part = readonly (readonly [key: string, cell: Cell])[];

function partsOf(cells: ReadonlyMap<string, Cell>, measure: ResidentMeasure): readonly Part[] {
  const parts = [true, false].map((isAged14) => [...cells].filter(([, cell]) => cell.isAged14 === isAged14));
  const areLarge = parts.every((part) => isLarge(addedPersons(part.map(([, cell]) => cell)), measure));
  return areLarge ? parts : [[...cells]];
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
