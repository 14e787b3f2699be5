import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CountLayers,
  LEAST_PUBLIC_COUNT,
  protectTable,
  publicationDay,
  ratioCounts,
} from '../../src/domain/suppression.ts';
import { determinedCells, type Equation } from '../support/linear-attack.ts';

const LEAST = LEAST_PUBLIC_COUNT;

/** One ratio in two layers: all account levels, then level 1 and level 2 apart. */
type Levels = { activated: [number, number]; granted: [number, number] };

function layersOf({ activated: [a1, a2], granted: [g1, g2] }: Levels): CountLayers {
  return [ratioCounts(a1 + a2, g1 + g2), [...ratioCounts(a1, g1), ...ratioCounts(a2, g2)]];
}

function totalOf(units: readonly Levels[]): Levels {
  const add = (pick: (unit: Levels) => number): number => units.reduce((sum, unit) => sum + pick(unit), 0);
  return {
    activated: [add((unit) => unit.activated[0]), add((unit) => unit.activated[1])],
    granted: [add((unit) => unit.granted[0]), add((unit) => unit.granted[1])],
  };
}

const protect = (units: readonly Levels[]) => protectTable(layersOf(totalOf(units)), units.map(layersOf));
const one = (activated: number, granted: number): CountLayers => [ratioCounts(activated, granted)];

describe('the public view', () => {
  it('shows a unit with many people on either side of the rate', () => {
    expect(protectTable(one(200, 400), [one(100, 200), one(100, 200)])).toEqual({ total: 1, rows: [1, 1] });
  });

  it('hides counts under 10, zero included, and rates that tell on the few others', () => {
    const rows = [one(9, 100), one(0, 50), one(95, 100), one(100, 100), one(100, 200)];
    expect(protectTable(one(304, 550), rows).rows).toEqual([0, 0, 0, 0, 1]);
  });

  it('hides the next smallest unit where one alone could be had from the total', () => {
    expect(protectTable(one(153, 350), [one(3, 50), one(50, 100), one(100, 200)]).rows).toEqual([0, 0, 1]);
  });

  it('does not count a unit without anybody as cover for another', () => {
    const rows = [one(0, 0), one(95, 100), one(50, 100), one(60, 120)];
    expect(protectTable(one(205, 320), rows).rows).toEqual([0, 0, 0, 1]);
  });

  it('shows all levels together where the split by level would tell too much', () => {
    const units: Levels[] = [
      { activated: [2, 60], granted: [20, 90] },
      { activated: [30, 60], granted: [60, 90] },
      { activated: [40, 60], granted: [80, 90] },
    ];
    expect(protect(units)).toEqual({ total: 2, rows: [1, 1, 2] });
  });

  it('shows no unit when the whole is too small', () => {
    expect(protectTable(one(9, 40), [one(4, 20), one(5, 20)])).toEqual({ total: 0, rows: [0, 0] });
  });

  it('shows a target surpassed, unless by a few', () => {
    expect(protectTable(one(1061, 1000), []).total).toBe(1);
    expect(protectTable(one(1003, 1000), []).total).toBe(0);
    expect(protectTable([ratioCounts(50, undefined)], []).total).toBe(1);
  });
});

const unitArbitrary: fc.Arbitrary<Levels> = fc
  .tuple(fc.nat(40), fc.nat(40), fc.nat(40), fc.nat(40))
  .map(([a1, a2, rest1, rest2]) => ({ activated: [a1, a2], granted: [a1 + rest1, a2 + rest2] }));
const unitsArbitrary = fc.array(unitArbitrary, { minLength: 1, maxLength: 7 });

/** What an attacker writes down: an equation for each figure of the answer. The unknowns are, a unit: activated and not activated, of either level. */
function publishedEquations(units: readonly Levels[]): Equation[] {
  const { total, rows } = protect(units);
  const width = units.length * 4;
  const equation = (unitIndexes: readonly number[], parts: readonly number[]): Equation => {
    const coefficients = Array.from({ length: width }, () => 0);
    let value = 0;
    for (const unit of unitIndexes) {
      for (const part of parts) {
        coefficients[unit * 4 + part] = 1;
        value += cellsOf(units[unit] as Levels)[part] ?? 0;
      }
    }
    return { coefficients, value };
  };
  const figures = (unitIndexes: readonly number[], layers: number): Equation[] => [
    ...(layers >= 1 ? [equation(unitIndexes, [0, 2]), equation(unitIndexes, [0, 1, 2, 3])] : []),
    ...(layers >= 2 ? [[0], [0, 1], [2], [2, 3]].map((parts) => equation(unitIndexes, parts)) : []),
  ];
  return [...figures([...units.keys()], total), ...rows.flatMap((layers, unit) => figures([unit], layers))];
}

function cellsOf({ activated: [a1, a2], granted: [g1, g2] }: Levels): [number, number, number, number] {
  return [a1, g1 - a1, a2, g2 - a2];
}

/** Every count of a single unit that anyone could care for, as sums of the unknowns: each part, each level and all levels. */
const TARGETS = [[0], [1], [2], [3], [0, 2], [1, 3], [0, 1], [2, 3], [0, 1, 2, 3]];

describe('an attacker with the whole public answer', () => {
  it('finds no count under 10 of a unit by adding and subtracting figures, totals and levels', () => {
    fc.assert(
      fc.property(unitsArbitrary, (units) => {
        const known = determinedCells(
          publishedEquations(units),
          [...units.keys()].flatMap((unit) => TARGETS.map((parts) => parts.map((part) => unit * 4 + part))),
        );
        // A single unit, or the only one in which there is anybody, is the whole city: what the total may say, it says of that unit.
        const inhabited = units.filter((unit) => cellsOf(unit).some((count) => count > 0)).length;
        for (const value of known)
          if (value !== undefined && inhabited > 1) expect(value).toBeGreaterThanOrEqual(LEAST);
      }),
      { numRuns: 300 },
    );
  });

  it('cannot tell a hidden unit from another one: a person moved between them leaves the answer as it is', () => {
    fc.assert(
      fc.property(unitsArbitrary, (units) => {
        const { rows } = protect(units);
        const hidden = [...rows.keys()].filter((index) => rows[index] === 0);
        if (hidden.length === units.length) return;
        for (const part of [0, 1, 2, 3]) {
          const counts = hidden.map((index) => cellsOf(units[index] as Levels)[part] ?? 0);
          const largest = Math.max(0, ...counts);
          // Where somebody is in the block, somebody could as well be in another unit of it.
          if (hidden.length > 0 && largest > 0) expect(hidden.length).toBeGreaterThan(1);
        }
        const sumOf = (parts: readonly number[]): number =>
          hidden.reduce(
            (sum, index) => sum + parts.reduce((all, part) => all + (cellsOf(units[index] as Levels)[part] ?? 0), 0),
            0,
          );
        if (hidden.length > 0) {
          expect(sumOf([0, 2])).toBeGreaterThanOrEqual(LEAST);
          expect(sumOf([1, 3])).toBeGreaterThanOrEqual(LEAST);
        }
      }),
    );
  });

  it('never sees a figure that is small itself', () => {
    fc.assert(
      fc.property(unitsArbitrary, (units) => {
        const { total, rows } = protect(units);
        for (const [index, layers] of [...rows.entries(), [-1, total] as const]) {
          const shown = layersOf(index === -1 ? totalOf(units) : (units[index] as Levels)).slice(0, layers);
          for (const count of shown.flat()) expect(count).toBeGreaterThanOrEqual(LEAST);
          expect(layers).toBeLessThanOrEqual(total);
        }
      }),
    );
  });
});

describe('the day as of which units are published', () => {
  it('is the last day of a month that is over', () => {
    expect(publicationDay('2026-03-15')).toBe('2026-02-28');
    expect(publicationDay('2026-03-31')).toBe('2026-03-31');
    expect(publicationDay('2026-03-30')).toBe('2026-02-28');
    expect(publicationDay('2024-02-29')).toBe('2024-02-29');
    expect(publicationDay('2026-01-01')).toBe('2025-12-31');
  });
});
