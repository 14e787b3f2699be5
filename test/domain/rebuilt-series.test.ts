import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Geography, unitsOf } from '../../src/domain/place.ts';
import { apportion, geographyOfUnit, rebuildCounts, sharesIn } from '../../src/domain/rebuilt-series.ts';

const UNITS: Geography = 'hanoi_units_2025';
const DISTRICTS: Geography = 'hanoi_districts_2023';
const total = (counts: Iterable<number>): number => [...counts].reduce((sum, count) => sum + count, 0);
const shares = fc
  .array(fc.integer({ min: 1, max: 240 }), { minLength: 1, maxLength: 12 })
  .map((weights) => weights.map((weight, index) => ({ code: String(index), weight })));

/** Webster's method as it is told: one thing after another. */
function oneByOne(count: number, of: readonly { weight: number }[]): number[] {
  const parts = of.map(() => 0);
  for (let n = 0; n < count; n += 1) {
    const claims = of.map(({ weight }, index) => weight / (2 * (parts[index] ?? 0) + 1));
    const next = claims.indexOf(Math.max(...claims));
    parts[next] = (parts[next] ?? 0) + 1;
  }
  return parts;
}

describe('what is divided by weight', () => {
  it('adds up to what there was, near its weight, and as if given out one by one', () => {
    fc.assert(
      fc.property(fc.nat(400), shares, (count, of) => {
        const parts = apportion(count, of);
        expect(total(parts)).toBe(count);
        expect(parts.every((part) => part >= 0)).toBe(true);
        expect(parts).toEqual(oneByOne(count, of));
      }),
    );
  });

  it('never takes from anybody because there is more: a growing series grows, and a part stays a part', () => {
    fc.assert(
      fc.property(fc.nat(7_000_000), fc.nat(5_000), shares, (count, more, of) => {
        const [before, after] = [apportion(count, of), apportion(count + more, of)];
        for (const [index, part] of before.entries()) expect(after[index]).toBeGreaterThanOrEqual(part);
      }),
    );
  });
});

describe('a series across the change of 1 July 2025', () => {
  it('goes from every district to units of today and back; nine units draw on several districts', () => {
    for (const { code } of unitsOf(DISTRICTS)) expect(sharesIn(UNITS, code)?.length, code).toBeGreaterThan(0);
    const several = unitsOf(UNITS).filter(({ code }) => {
      expect(sharesIn(DISTRICTS, code)?.length, code).toBeGreaterThan(0);
      return (sharesIn(DISTRICTS, code) ?? []).length > 1;
    });
    expect(several.map(({ code }) => code)).toEqual([
      '00097',
      '00160',
      '00283',
      '00322',
      '00337',
      '00619',
      '04930',
      '10015',
      '10273',
    ]);
    // Hồng Hà was made of wards of four districts.
    expect(sharesIn(DISTRICTS, '00097')?.map(({ code }) => code)).toEqual(['001', '002', '003', '007']);
  });

  it('counts nothing twice: the sum over the 126 units is the sum over the 30 districts, and back', () => {
    const counts = (of: Geography) =>
      fc
        .array(fc.nat(500_000), { minLength: unitsOf(of).length, maxLength: unitsOf(of).length })
        .map((all) => new Map(unitsOf(of).map(({ code }, index) => [code, all[index] ?? 0])));
    for (const [from, to] of [
      [DISTRICTS, UNITS],
      [UNITS, DISTRICTS],
    ] as const) {
      fc.assert(
        fc.property(counts(from), (given) => {
          const rebuilt = rebuildCounts(to, given);
          expect(total([...rebuilt.values()].map(({ count }) => count))).toBe(total(given.values()));
          const codes = new Set(unitsOf(to).map(({ code }) => code));
          expect([...rebuilt.keys()].every((code) => codes.has(code))).toBe(true);
        }),
        { numRuns: 40 },
      );
    }
  });

  it('keeps what is exact apart from what is drawn over, and what belongs nowhere where it is', () => {
    const given = new Map([
      ['00097', 100],
      ['001', 7],
      ['', 3],
      ['99', 2],
    ]);
    const rebuilt = rebuildCounts(UNITS, given);
    const hongHa = rebuilt.get('00097');
    expect(hongHa && hongHa.count - hongHa.drawnOver).toBe(100);
    expect([rebuilt.get(''), rebuilt.get('99')]).toEqual([
      { count: 3, drawnOver: 0 },
      { count: 2, drawnOver: 0 },
    ]);
    expect(total([...rebuilt.values()].map(({ count }) => count))).toBe(112);
    expect(['01', '001', '00097', 'x'].map(geographyOfUnit)).toEqual([undefined, DISTRICTS, UNITS, undefined]);
  });
});
