import { describe, expect, it } from 'vitest';
import { findUnit } from '../../src/domain/place.ts';
import { successorsOfWard } from '../../src/domain/unit-crosswalk-2025.ts';

describe('an old ward of Hà Nội', () => {
  it('went into one unit as a rule', () => {
    expect(successorsOfWard('00001')).toEqual([{ unitCode: '00097', partCount: 1, isApproximate: false }]);
  });

  it('that was divided counts as parts, marked approximate', () => {
    expect(successorsOfWard('00226')).toEqual([
      { unitCode: '00226', partCount: 2, isApproximate: true },
      { unitCode: '00229', partCount: 2, isApproximate: true },
    ]);
  });

  it('only ever went into a unit of today', () => {
    for (let code = 1; code < 10_600; code += 1) {
      for (const { unitCode } of successorsOfWard(String(code).padStart(5, '0'))) {
        expect(findUnit(unitCode)?.validFrom).toBe('2025-07-01');
      }
    }
  });

  it('that never was one went nowhere', () => {
    expect(successorsOfWard('99999')).toEqual([]);
  });
});
