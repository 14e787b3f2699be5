import { findUnit, type Geography, type Unit, unitsOf } from '../../domain/place.ts';

export type UnitRow = { readonly code: string; readonly unit: Unit | undefined };

/** The rows of a report: every unit of the geography, whether anything happened in it or not; then each other code that events name, a district from
 *  before 1 July 2025 or one that no list has; events without a unit ('') last. No event is in two rows and none is in no row. */
export function unitsByPlace(geography: Geography, codesOfEvents: readonly string[]): readonly UnitRow[] {
  const units = unitsOf(geography).map((unit) => ({ code: unit.code, unit }));
  const listed = new Set(units.map(({ code }) => code));
  const others = codesOfEvents
    .filter((code) => !listed.has(code))
    .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((code) => ({ code, unit: findUnit(code) }));
  return [...units, ...others];
}

function rank(code: string): number {
  if (code === '') return 2;
  return findUnit(code) === undefined ? 1 : 0;
}
