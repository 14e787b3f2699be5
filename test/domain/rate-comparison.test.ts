import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findUnit, type Unit } from '../../src/domain/place.ts';
import { type ComparedSide, compareFigures, pointsText, signedText } from '../../src/domain/rate-comparison.ts';

const unit = (code: string): Unit => {
  const found = findUnit(code);
  if (found === undefined) throw new Error('no such unit');
  return found;
};
const side = (numerator: number, denominator: number, change: Partial<ComparedSide> = {}): ComparedSide => ({
  figure: { kind: 'shown', numerator, denominator },
  basis: undefined,
  unit: unit('00004'),
  day: '2026-01-31',
  ...change,
});
const FULL = { isPublic: false };
const obstacles = (a: ComparedSide, b: ComparedSide, how = FULL): unknown => {
  const comparison = compareFigures(a, b, how);
  return comparison.kind === 'difference' ? [] : comparison.obstacles;
};
const basis = { unitCode: '00004', asOfOn: '2026-01-01', ageMin: 14, version: 1 };

describe('two figures', () => {
  it('differ by the second less the first, in number and in percentage points', () => {
    const comparison = compareFigures(side(80, 125), side(100, 128), FULL);
    expect(comparison).toMatchObject({ kind: 'difference', count: 20 });
    // 78,125% less 64%
    expect(comparison.kind === 'difference' && pointsText(comparison.points, 'vi')).toBe('+14,1');
    const back = compareFigures(side(100, 128), side(80, 125), FULL);
    expect(back.kind === 'difference' && [signedText(back.count, 'vi'), pointsText(back.points, 'en')]).toEqual([
      '−20',
      '−14.1',
    ]);
  });

  it('are rounded from the whole fraction, never from rounded percents', () => {
    // 66,666…% less 33,333…%: 33,3; and no sign where nothing is left of it.
    const points = (a: ComparedSide, b: ComparedSide) => {
      const one = compareFigures(a, b, FULL);
      return one.kind === 'difference' ? pointsText(one.points, 'vi') : '';
    };
    expect(points(side(1, 3), side(2, 3))).toBe('+33,3');
    expect(points(side(4_220_601, 6_220_864), side(4_220_602, 6_220_864))).toBe('0');
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), fc.integer({ min: 1, max: 1_000_000 }), (a, b, whole) => {
        const [there, back] = [points(side(a, whole), side(b, whole)), points(side(b, whole), side(a, whole))];
        expect(there.replace(/^[+−]/, '')).toBe(back.replace(/^[+−]/, ''));
      }),
    );
  });

  it('have no difference where they are not divided by the same, and every reason is told', () => {
    expect(obstacles(side(1, 2, { basis }), side(1, 2, { basis }))).toEqual([]);
    expect(obstacles(side(1, 2, { basis }), side(1, 2, { basis: { ...basis, version: 2 } }))).toEqual([
      'basis_differs',
    ]);
    const other = { ...basis, unitCode: '00008', version: 3 };
    expect(obstacles(side(1, 2, { basis }), side(1, 2, { basis: other, unit: unit('00008') }))).toEqual([]);
    const older = { ...basis, asOfOn: '2025-01-01', ageMin: 15 };
    expect(obstacles(side(1, 2, { basis }), side(1, 2, { basis: older }))).toEqual([
      'basis_differs',
      'age_cut_differs',
    ]);
    const unknown = { figure: { kind: 'no_basis', numerator: 1 }, unit: unit('001') } as const;
    expect(obstacles(side(1, 2), side(1, 2, unknown))).toEqual(['no_basis', 'geography_differs']);
    expect(obstacles(side(1, 0), side(1, 2))).toEqual(['no_basis']);
  });

  it('of a unit before it was one, or of two kinds of unit, are not compared; the city goes with each', () => {
    expect(obstacles(side(1, 2, { day: '2025-06-30' }), side(1, 2))).toEqual(['geography_differs']);
    const district = { unit: unit('001'), day: '2025-06-30' };
    expect(obstacles(side(1, 2, district), side(1, 2, { ...district, unit: unit('002') }))).toEqual([]);
    expect(obstacles(side(1, 2, { unit: unit('01'), day: '2025-06-30' }), side(1, 2, { unit: unit('01') }))).toEqual(
      [],
    );
  });

  it('that the public sees do not tell on a few people', () => {
    const PUBLIC = { isPublic: true };
    expect(obstacles(side(100, 200), side(104, 300), PUBLIC)).toEqual(['small_difference']);
    expect(obstacles(side(100, 200), side(130, 205), PUBLIC)).toEqual(['small_difference']);
    expect(obstacles(side(100, 200), side(130, 233), PUBLIC)).toEqual(['small_difference']);
    expect(obstacles(side(100, 200), side(150, 300), PUBLIC)).toEqual([]);
  });
});
