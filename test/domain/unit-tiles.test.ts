import { describe, expect, it } from 'vitest';
import { unitsOf } from '../../src/domain/place.ts';
import { tilesOf } from '../../src/domain/unit-tiles.ts';

describe.each(['hanoi_districts_2023', 'hanoi_units_2025'] as const)('the tiles of %s', (geography) => {
  it('hold every unit once, each in a place of its own', () => {
    const tiles = tilesOf(geography);
    expect(tiles.map(({ code }) => code).toSorted()).toEqual(
      unitsOf(geography)
        .map(({ code }) => code)
        .toSorted(),
    );
    expect(new Set(tiles.map(({ column, row }) => `${column} ${row}`)).size).toBe(tiles.length);
  });
});
