import { addDays, type CalendarDate } from './viet-nam-time.ts';

/** Least count that the public view shows (design). The full view needs a role or a token. */
export const LEAST_PUBLIC_COUNT = 10;

/** Counts of one row of a published table, coarse to fine: the first layer is what a reader sees first (all account levels), each further one adds
 *  detail (a share, a split by level). A layer lists every count that its publication gives away, those found by subtraction too: numerator,
 *  denominator and what lies between them. */
export type CountLayers = readonly (readonly number[])[];

/** How many layers may be shown: 0 for none of the row. */
export type LayersShown = number;

export type ProtectedTable = { readonly total: LayersShown; readonly rows: readonly LayersShown[] };

/** What the public may see of rows that are published beside their total. Every count that can be had from the answer, by reading or by adding and
 *  subtracting rows, layers and the total, is at least `least` or lies in no single row:
 *  - a layer of a row is shown when all its counts, and those of the layers before it, are large enough. Zero is small: "nobody in this unit" tells
 *    on everybody in it. So is a numerator near its denominator;
 *  - the rows in which a layer is hidden are a block whose sums anyone can compute. The block holds at least two rows in which there is somebody,
 *    and each of its sums is at least `least`; else the smallest row shown joins it;
 *  - what the total does not show, no row shows.
 *  Why a row is hidden (small, or hidden to cover another) is never told: it would narrow down the count.
 *
 *  Of one table. Who publishes it again later uses `protectEdition`, or gives away the growth between the two. */
export function protectTable(
  total: CountLayers,
  rows: readonly CountLayers[],
  least: number = LEAST_PUBLIC_COUNT,
): ProtectedTable {
  const none = { totalNews: [], totalGrown: [], layersKnown: 0, layersBefore: undefined };
  const first = rows.map((counts) => ({ counts, news: counts.map(() => []), grown: counts.map(() => []), ...none }));
  return protectEdition(total, first, { least });
}

/** A row of a table that is published again and again. */
export type EditionRow = {
  readonly counts: CountLayers;
  /** How far each running total has gone since the public last saw it, or could last add it up with others: layer by layer; may be negative. */
  readonly news: CountLayers;
  /** How far the total has gone in the same time. */
  readonly totalNews: CountLayers;
  /** How far they have gone since the edition before, whoever saw it: the sums of hidden rows in both can be subtracted. */
  readonly grown: CountLayers;
  readonly totalGrown: CountLayers;
  /** How many layers the public has ever seen. */
  readonly layersKnown: LayersShown;
  /** How many the edition before showed; undefined when it had no such row. */
  readonly layersBefore: LayersShown | undefined;
};

/** As `protectTable`, of a table of which the public knows earlier editions: a row is shown anew only where everything that it told before has grown by at
 *  least `least`, or the total has not grown either; and so it is with what is new in the hidden rows together. Their sums can be had from the
 *  total, and what a row had when it was last seen is known: only what is new in it hides anything. A row that has not grown while others have is not shown anew: it
 *  would say so of every month since, in which it hid another. @param hidden rows that are not shown whatever they hold. */
export function protectEdition(
  total: CountLayers,
  rows: readonly EditionRow[],
  {
    least = LEAST_PUBLIC_COUNT,
    hidden: hiddenFirst = new Set(),
  }: { least?: number; hidden?: ReadonlySet<number> } = {},
): ProtectedTable {
  const totalShown = leadingLayers(total, least);
  const shown = rows.map(() => total.length);
  let hidden = hiddenFirst;
  for (let layer = 0; layer < total.length; layer += 1) {
    hidden =
      layer < totalShown
        ? hiddenBlock(
            rows.map((row) => layerOf(row, layer)),
            hidden,
            least,
          )
        : new Set(rows.keys());
    for (const index of hidden) shown[index] = Math.min(shown[index] ?? 0, layer);
  }
  return { total: totalShown, rows: shown };
}

function leadingLayers(layers: CountLayers, least: number): LayersShown {
  const small = layers.findIndex((counts) => counts.some((count) => count < least));
  return small === -1 ? layers.length : small;
}

type LayerRow = {
  readonly counts: readonly number[];
  readonly news: readonly number[];
  readonly totalNews: readonly number[];
  readonly grown: readonly number[];
  readonly totalGrown: readonly number[];
  readonly isKnown: boolean;
  readonly wasHidden: boolean;
};

function layerOf(row: EditionRow, layer: number): LayerRow {
  const of = (layers: CountLayers): readonly number[] => layers[layer] ?? [];
  return {
    counts: of(row.counts),
    news: of(row.news),
    totalNews: of(row.totalNews),
    grown: of(row.grown),
    totalGrown: of(row.totalGrown),
    isKnown: layer < row.layersKnown,
    wasHidden: row.layersBefore !== undefined && row.layersBefore <= layer,
  };
}

function hiddenBlock(
  rows: readonly LayerRow[],
  alreadyHidden: ReadonlySet<number>,
  least: number,
): ReadonlySet<number> {
  const hidden = new Set(alreadyHidden);
  for (const [index, row] of rows.entries())
    if (row.counts.some((count) => count < least) || !isNewEnough(row, least)) hidden.add(index);
  if (hidden.size === 0 && !rows.some(({ wasHidden }) => wasHidden)) return hidden;
  const size = (index: number): number => sum(rows[index]?.counts ?? []);
  // Of a row that was never shown, everything hides.
  const isKnown = (index: number): number => (rows[index]?.isKnown === true ? 1 : 0);
  const cover = [...rows.keys()]
    .filter((index) => !hidden.has(index))
    .toSorted((a, b) => isKnown(a) - isKnown(b) || size(a) - size(b) || a - b);
  for (const index of cover) {
    if (isCover(rows, hidden, least)) break;
    hidden.add(index);
  }
  return hidden;
}

function isNewEnough({ news, totalNews, isKnown }: LayerRow, least: number): boolean {
  return (
    !isKnown || news.every((count, column) => Math.abs(count) >= least || (count === 0 && totalNews[column] === 0))
  );
}

/** Whether nothing small can be had of the hidden rows, from their sums; nor of those that were hidden in the edition before, whose sum is known of then: with rows that
 *  are still hidden it is known of both, and without any it is known what they are now. */
function isCover(rows: readonly LayerRow[], hidden: ReadonlySet<number>, least: number): boolean {
  const block = [...hidden].flatMap((index) => rows[index] ?? []);
  const before = rows.filter(({ wasHidden }) => wasHidden);
  const known = block.some(({ wasHidden }) => wasHidden) ? [...new Set([...block, ...before])] : before;
  return (
    (block.length === 0 || coversItself(block, least)) && hasGrownEnough(block, least) && hasGrownEnough(known, least)
  );
}

function coversItself(block: readonly LayerRow[], least: number): boolean {
  const inhabited = block.filter(({ counts }) => counts.some((count) => count > 0)).length;
  const news = columnSums(block.map((row) => row.news));
  return (
    inhabited >= 2 &&
    columnSums(block.map(({ counts }) => counts)).every((one) => one >= least) &&
    news.every((one, column) => Math.abs(one) >= least || block.every(({ totalNews }) => totalNews[column] === 0))
  );
}

function hasGrownEnough(block: readonly LayerRow[], least: number): boolean {
  const grown = columnSums(block.map((row) => row.grown));
  return grown.every(
    (one, column) => Math.abs(one) >= least || block.every(({ totalGrown }) => totalGrown[column] === 0),
  );
}

function columnSums(rows: readonly (readonly number[])[]): number[] {
  const width = rows[0]?.length ?? 0;
  return Array.from({ length: width }, (_, column) => sum(rows.map((counts) => counts[column] ?? 0)));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** The counts that publishing a ratio gives away: the numerator and its distance from the denominator. The denominator is no smaller than they are. */
export function ratioCounts(numerator: number, denominator: number | undefined): readonly [number, number] {
  return [numerator, denominator === undefined ? numerator : Math.abs(denominator - numerator)];
}

/** The day as of which the public sees units: the last day of a month that is over. A table of every day would give away, by subtraction, how many
 *  there were on each day. `lastClosedDay` is the latest day that is over and that the reader asks for. */
export function publicationDay(lastClosedDay: CalendarDate): CalendarDate {
  const firstOfNextDaysMonth = `${addDays(lastClosedDay, 1).slice(0, 7)}-01`;
  return addDays(firstOfNextDaysMonth, -1);
}
