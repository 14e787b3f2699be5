import { expect, it } from 'vitest';
import { type EditionTable, editions } from '../../src/statistics/editions/table-editions.ts';

function table(counts: Readonly<Record<string, number>>): EditionTable {
  const tally = (count: number) => ({ counts: [[count]], totals: [[count]] });
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { total: tally(total), rows: new Map(Object.entries(counts).map(([key, count]) => [key, tally(count)])) };
}

const shownOf = (publish: ReturnType<typeof editions>, counts: Readonly<Record<string, number>>): string[] => {
  return [...publish(table(counts)).rows].flatMap(([key, layers]) => (layers === 1 ? [key] : []));
};

it('a row is published anew when ten more are in it', () => {
  const publish = editions();
  expect(shownOf(publish, { a: 50, b: 60, c: 200 })).toEqual(['a', 'b', 'c']);
  expect(shownOf(publish, { a: 54, b: 67, c: 250 })).toEqual(['c']);
  expect(shownOf(publish, { a: 61, b: 72, c: 300 })).toEqual(['a', 'b', 'c']);
});

it('nobody subtracts the sum of the rows that are hidden twice: it has grown by ten as well', () => {
  const publish = editions();
  shownOf(publish, { a: 50, b: 60, c: 200, d: 400 });
  // Eleven together, of whom it is not told in which of the two.
  expect(shownOf(publish, { a: 54, b: 67, c: 250, d: 450 })).toEqual(['c', 'd']);
  // Sixteen since they were seen, but five since their sum was.
  expect(shownOf(publish, { a: 58, b: 68, c: 300, d: 500 })).toEqual(['d']);
});

it('nor the sum of rows that were hidden from what they are when they are shown', () => {
  const publish = editions();
  // It is known that there are 29 in the two that are hidden.
  expect(shownOf(publish, { a: 7, b: 22, c: 200, d: 400 })).toEqual(['c', 'd']);
  // Three more: shown both, they would tell it.
  expect(shownOf(publish, { a: 10, b: 22, c: 250, d: 450 })).toEqual(['d']);
});
