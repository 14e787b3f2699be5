import { RESIDENT_MEASURES, type ResidentMeasure } from '../domain/resident-ledger.ts';
import { protectTable } from '../domain/suppression.ts';
import { addedPersons, type PersonCounts } from './resident-counts.ts';

/** What a reader sees of them. Null where there are too few, or where they would tell of others who are. */
export type PublishedCounts = Readonly<Record<ResidentMeasure, number | null>>;

/** Persons of one sex in one age band. */
type Cell = { readonly isAged14: boolean; readonly counts: PersonCounts };

/** Which counts of cells are published beside their sum. Whoever activated is what a reader sees first; each other measure is a layer of its own over that, which
 *  gives away what lies between (activated, not usable) too. So a measure that sets nearly everybody apart from few is hidden, and the others are not.
 *  Other rates tell how many of those who activated are 15 or older: cells of those aged 14 are a table of their own, and so are the older, unless either
 *  are too few, when no other rate tells it. */
export function protectCells(cells: readonly Cell[]): { whole: PublishedCounts; cells: PublishedCounts[] } {
  const sum = addedPersons(cells.map(({ counts }) => counts));
  const activated = shownOf(cells, 'activated');
  const shown = new Map(RESIDENT_MEASURES.map((measure) => [measure, shownOf(cells, measure)]));
  const published = (counts: PersonCounts, isShown: (measure: ResidentMeasure) => boolean): PublishedCounts => {
    const count = (measure: ResidentMeasure): number | null => (isShown(measure) ? counts[measure] : null);
    return { activated: count('activated'), level2: count('level2'), used: count('used'), usable: count('usable') };
  };
  return {
    whole: published(sum, (measure) => isLarge(sum, measure)),
    cells: cells.map((cell) =>
      published(cell.counts, (measure) => activated.has(cell) && shown.get(measure)?.has(cell) === true),
    ),
  };
}

function shownOf(cells: readonly Cell[], measure: ResidentMeasure): ReadonlySet<Cell> {
  const parts = [cells.filter(({ isAged14 }) => isAged14), cells.filter(({ isAged14 }) => !isAged14)];
  const areLarge = parts.every((part) => isLarge(addedPersons(part.map(({ counts }) => counts)), measure));
  const tables = areLarge ? parts : [cells];
  return new Set(
    tables.flatMap((table) => {
      const total = layersOf(addedPersons(table.map(({ counts }) => counts)), measure);
      const { rows } = protectTable(
        total,
        table.map(({ counts }) => layersOf(counts, measure)),
      );
      return table.filter((_, index) => rows[index] === total.length);
    }),
  );
}

function isLarge(counts: PersonCounts, measure: ResidentMeasure): boolean {
  const layers = layersOf(counts, measure);
  return protectTable(layers, []).total === layers.length;
}

function layersOf(counts: PersonCounts, measure: ResidentMeasure): number[][] {
  const { activated } = counts;
  return measure === 'activated' ? [[activated]] : [[activated], [counts[measure], activated - counts[measure]]];
}
