import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RESIDENT_MEASURES } from '../../src/domain/resident-ledger.ts';
import { LEAST_PUBLIC_COUNT } from '../../src/domain/suppression.ts';
import { type PublishedCounts, protectCells } from '../../src/statistics/protect-residents.ts';
import type { PersonCounts } from '../../src/statistics/resident-counts.ts';

type Cell = { isAged14: boolean; counts: PersonCounts };
/** `left · unknowns = right`; an unknown is a measure of a cell. */
type Equation = { left: number[]; right: number };

const EVERYBODY = 1_000_000;
const share = fc.oneof(
  fc.constantFrom(0, EVERYBODY / 2, EVERYBODY),
  fc.integer({ min: 0, max: EVERYBODY }),
  fc.integer({ min: EVERYBODY - 30_000, max: EVERYBODY }),
);
const counts = fc
  .tuple(fc.oneof(fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 3_000 })), share, share, share)
  .map(([activated, ...shares]): PersonCounts => {
    const [level2 = 0, used = 0, usable = 0] = shares.map((one) => Math.round((activated * one) / EVERYBODY));
    return { activated, level2, used, usable };
  });
/** Women and men aged 14, 15 to 17, 18 to 59, 60 and over. */
const city = fc
  .array(counts, { minLength: 8, maxLength: 8 })
  .map((all) => all.map((one, index): Cell => ({ isAged14: index < 2, counts: one })));

const MEASURES = RESIDENT_MEASURES.length;
const at = (cell: number, measure: (typeof RESIDENT_MEASURES)[number]): number =>
  cell * MEASURES + RESIDENT_MEASURES.indexOf(measure);

/** All that is published of these people: the table, its whole, and what the rates from 14 on and from 15 on say of them. */
function knownOf(cells: readonly Cell[], table: { whole: PublishedCounts; cells: readonly PublishedCounts[] }) {
  const known: Equation[] = [];
  const told = (of: readonly Cell[], measure: (typeof RESIDENT_MEASURES)[number]): void => {
    const left = Array.from({ length: cells.length * MEASURES }, () => 0);
    for (const cell of of) left[at(cells.indexOf(cell), measure)] = 1;
    known.push({ left, right: of.reduce((sum, one) => sum + one.counts[measure], 0) });
  };
  for (const measure of RESIDENT_MEASURES) {
    if (table.whole[measure] !== null) told(cells, measure);
    for (const [index, cell] of cells.entries()) if (table.cells[index]?.[measure] !== null) told([cell], measure);
  }
  const parts = [true, false].map((isAged14) => cells.filter((cell) => cell.isAged14 === isAged14));
  const isTold = (part: readonly Cell[]): boolean =>
    part.reduce((sum, one) => sum + one.counts.activated, 0) >= LEAST_PUBLIC_COUNT;
  if (parts.every(isTold)) told(parts[1] ?? [], 'activated');
  return known;
}

/** What the equations say of a sum of unknowns; undefined where they leave it open. */
function derived(known: readonly Equation[], wanted: readonly number[]): number | undefined {
  const rows = known.map(({ left, right }) => ({ left: [...left], right }));
  let rest = { left: [...wanted], right: 0 };
  const less = (a: Equation, b: Equation, factor: number): Equation => ({
    left: a.left.map((one, index) => one - factor * (b.left[index] ?? 0)),
    right: a.right - factor * b.right,
  });
  for (let column = 0; column < wanted.length; column += 1) {
    const index = rows.findIndex(({ left }) => Math.abs(left[column] ?? 0) > 1e-9);
    const [pivot] = index === -1 ? [] : rows.splice(index, 1);
    if (pivot === undefined) continue;
    const by = pivot.left[column] ?? 1;
    for (const [other, row] of rows.entries()) rows[other] = less(row, pivot, (row.left[column] ?? 0) / by);
    rest = less(rest, pivot, (rest.left[column] ?? 0) / by);
  }
  return rest.left.every((one) => Math.abs(one) < 1e-9) ? -rest.right : undefined;
}

/** What may be wanted: each measure of each group of cells, and who is not among it. */
function* targets(cells: readonly Cell[]): Generator<{ wanted: number[]; name: string }> {
  for (let group = 1; group < 2 ** cells.length; group += 1) {
    const members = cells.flatMap((_, index) => ((group >> index) % 2 === 1 ? [index] : []));
    for (const measure of RESIDENT_MEASURES) {
      const wanted = Array.from({ length: cells.length * MEASURES }, () => 0);
      for (const index of members) wanted[at(index, measure)] = 1;
      yield { wanted, name: `${measure} of ${members.join('+')}` };
      if (measure === 'activated') continue;
      const others = wanted.map((one) => -one);
      for (const index of members) others[at(index, 'activated')] = 1;
      yield { wanted: others, name: `not ${measure} of ${members.join('+')}` };
    }
  }
}

it('no count under ten of any group of cells comes out, whatever is added and subtracted', () => {
  const seen = { shown: 0, partly: 0, derived: 0 };
  fc.assert(
    fc.property(city, (cells) => {
      const table = protectCells(cells);
      const known = knownOf(cells, table);
      for (const one of table.cells) {
        const hidden = RESIDENT_MEASURES.filter((measure) => one[measure] === null).length;
        if (hidden === 0) seen.shown += 1;
        else if (hidden < MEASURES) seen.partly += 1;
      }
      for (const { wanted, name } of targets(cells)) {
        const count = derived(known, wanted);
        if (count === undefined) continue;
        seen.derived += 1;
        if (Math.round(count) < LEAST_PUBLIC_COUNT) throw new Error(`${name} is ${count}`);
      }
    }),
    { numRuns: 25 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

it('hides who is not usable, and tells how many activated', () => {
  const cells = [900, 800, 700, 600, 5_000, 4_800, 700, 650].map(
    (activated, index): Cell => ({
      isAged14: index < 2,
      counts: { activated, level2: activated / 2, used: activated / 2, usable: activated - index },
    }),
  );
  const table = protectCells(cells);
  expect(table.whole).toEqual({ activated: 14_150, level2: 7_075, used: 7_075, usable: 14_122 });
  for (const [index, one] of table.cells.entries()) expect(one).toEqual({ ...cells[index]?.counts, usable: null });
});
