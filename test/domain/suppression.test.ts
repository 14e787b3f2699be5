import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SUPPRESSION_RULES, suppressBelow, suppressCells, suppressRate } from '../../src/domain/suppression.ts';

describe('the public view', () => {
  it('leaves out counts under 10, zero included, and shows 10', () => {
    for (const count of [0, 1, 9])
      expect(suppressBelow(count)).toEqual({ kind: 'suppressed', rule: 'count_below_least' });
    expect(suppressBelow(10)).toEqual({ kind: 'shown', value: 10 });
  });

  it('leaves out a rate of few people, or one that tells on the few others', () => {
    expect(suppressRate({ numerator: 9, denominator: 100 })).toEqual({ kind: 'suppressed', rule: 'count_below_least' });
    expect(suppressRate({ numerator: 95, denominator: 100 })).toEqual({
      kind: 'suppressed',
      rule: 'complement_below_least',
    });
    expect(suppressRate({ numerator: 100, denominator: 100 })).toEqual({
      kind: 'suppressed',
      rule: 'complement_below_least',
    });
    expect(suppressRate({ numerator: 90, denominator: 100 }).kind).toBe('shown');
  });

  it('shows a target surpassed, and a count whose basis is not loaded', () => {
    expect(suppressRate({ numerator: 1061, denominator: 1000 }).kind).toBe('shown');
    expect(suppressRate({ numerator: 50, denominator: undefined }).kind).toBe('shown');
  });

  it('hides a second cell where one small cell could be had by subtraction', () => {
    expect(suppressCells([3, 40, 20])).toEqual([
      { kind: 'suppressed', rule: 'count_below_least' },
      { kind: 'shown', value: 40 },
      { kind: 'suppressed', rule: 'derivable_from_total' },
    ]);
    expect(suppressCells([30, 40, 20]).every((figure) => figure.kind === 'shown')).toBe(true);
  });

  it('never lets the hidden cells be fewer than two or make up fewer than 10, unless all are hidden', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 60 }), { maxLength: 12 }), (counts) => {
        const figures = suppressCells(counts);
        const hidden = counts.filter((_, index) => figures[index]?.kind === 'suppressed');
        for (const [index, figure] of figures.entries()) {
          if (figure.kind === 'shown') expect(counts[index]).toBeGreaterThanOrEqual(10);
          else expect(SUPPRESSION_RULES).toContain(figure.rule);
        }
        if (hidden.length > 0 && hidden.length < counts.length) {
          expect(hidden.length).toBeGreaterThan(1);
          expect(hidden.reduce((sum, value) => sum + value, 0)).toBeGreaterThanOrEqual(10);
        }
      }),
    );
  });
});
