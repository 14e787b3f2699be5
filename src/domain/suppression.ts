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
 *  Limits: figures of different tables in one row (notified and fallen due) can be subtracted from each other; who publishes the table of another
 *  day gives away the growth between the two days, which is why units are published once a month (`publicationDay`). */
export function protectTable(
  total: CountLayers,
  rows: readonly CountLayers[],
  least: number = LEAST_PUBLIC_COUNT,
): ProtectedTable {
  const totalShown = leadingLayers(total, least);
  const shown = rows.map(() => total.length);
  let hidden: ReadonlySet<number> = new Set();
  for (let layer = 0; layer < total.length; layer += 1) {
    hidden =
      layer < totalShown
        ? hiddenBlock(
            rows.map((row) => row[layer] ?? []),
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

function hiddenBlock(
  rows: readonly (readonly number[])[],
  alreadyHidden: ReadonlySet<number>,
  least: number,
): ReadonlySet<number> {
  const hidden = new Set(alreadyHidden);
  for (const [index, counts] of rows.entries()) if (counts.some((count) => count < least)) hidden.add(index);
  if (hidden.size === 0) return hidden;
  const size = (index: number): number => sum(rows[index] ?? []);
  const shownBySize = [...rows.keys()]
    .filter((index) => !hidden.has(index))
    .toSorted((a, b) => size(a) - size(b) || a - b);
  for (const index of shownBySize) {
    if (isCover(rows, hidden, least)) break;
    hidden.add(index);
  }
  return hidden;
}

function isCover(rows: readonly (readonly number[])[], hidden: ReadonlySet<number>, least: number): boolean {
  const block = [...hidden].map((index) => rows[index] ?? []);
  const inhabited = block.filter((counts) => counts.some((count) => count > 0)).length;
  const width = block[0]?.length ?? 0;
  const sums = Array.from({ length: width }, (_, column) => sum(block.map((counts) => counts[column] ?? 0)));
  return inhabited >= 2 && sums.every((one) => one >= least);
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
