import { describe, expect, it } from 'vitest';
import {
  birthProvinceName,
  birthplaceKind,
  existsOn,
  findUnit,
  geographyOn,
  HANOI_CODE,
  unitsOf,
} from '../../src/domain/place.ts';
import { HANOI_DISTRICTS, PROVINCES_OF_BIRTH } from '../../src/domain/place-data.ts';

describe('the places of Hà Nội', () => {
  it('were 30 districts until 30 June 2025', () => {
    const districts = unitsOf('hanoi_districts_2023');
    expect(districts).toHaveLength(30);
    expect(districts.every((unit) => existsOn(unit, '2025-06-30') && !existsOn(unit, '2025-07-01'))).toBe(true);
    expect(geographyOn('2025-06-30')).toBe('hanoi_districts_2023');
  });

  it('are 126 units since 1 July 2025: 51 phường and 75 xã', () => {
    const units = unitsOf('hanoi_units_2025');
    expect(units.filter((unit) => unit.type === 'phường')).toHaveLength(51);
    expect(units.filter((unit) => unit.type === 'xã')).toHaveLength(75);
    expect(units.every((unit) => existsOn(unit, '2025-07-01') && !existsOn(unit, '2025-06-30'))).toBe(true);
    expect(geographyOn('2025-07-01')).toBe('hanoi_units_2025');
  });

  it('have one code each, in order, under the city', () => {
    for (const geography of ['hanoi_districts_2023', 'hanoi_units_2025'] as const) {
      const codes = unitsOf(geography).map((unit) => unit.code);
      expect(codes).toEqual([...new Set(codes)].toSorted());
      for (const unit of unitsOf(geography)) {
        expect(findUnit(unit.code)).toBe(unit);
        expect(unit.parent).toBe(HANOI_CODE);
        expect(unit.name).toBe(unit.name.normalize('NFC'));
      }
    }
    expect(findUnit(HANOI_CODE)?.name).toBe('Hà Nội');
    expect(findUnit('99999')).toBeUndefined();
  });

  it('have a weight each, for synthetic people', () => {
    for (const [, , , weight] of HANOI_DISTRICTS) expect(weight).toBeGreaterThan(100_000);
  });
});

describe('a birthplace code', () => {
  it('keeps the name of the province in which the birth was registered', () => {
    expect(birthProvinceName('002')).toBe('Hà Giang');
    expect(birthProvinceName('101')).toBeUndefined();
  });

  it('belongs to one of 63 old provinces, which are 34 today', () => {
    expect(new Set(PROVINCES_OF_BIRTH.map(([code]) => code)).size).toBe(63);
    expect(new Set(PROVINCES_OF_BIRTH.map(([, , today]) => today)).size).toBe(34);
  });

  it('is a province, a country, synthetic or nothing', () => {
    expect(birthplaceKind('001')).toBe('province');
    expect(birthplaceKind('295')).toBe('country');
    expect(birthplaceKind('999')).toBe('synthetic');
    for (const code of ['', '1', '1e2', ' 101', '0101', '998']) expect(birthplaceKind(code)).toBeUndefined();
  });
});
