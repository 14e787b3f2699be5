import { WARDS_OF_DISTRICT } from './district-wards.ts';
import { findUnit, type Geography, TWO_TIER_FROM } from './place.ts';
import { successorsOfWard } from './unit-crosswalk-2025.ts';

/** How a count of one geography is drawn over another. Facts know the district alone until 30 June 2025, and the unit alone since, so each is divided by the number of
 *  old wards that the two have in common (a ward that was divided counts for equal parts): no population of the wards is known here. An approximation (design). */
export const REBUILDING_METHOD = 'old_wards_in_common';

/** A unit of the other geography, with the wards in common; whole numbers of one scale. */
export type Share = { readonly code: string; readonly weight: number };

/** A ward is 12 parts, so that its half, third, quarter and sixth are whole. */
const PARTS_OF_A_WARD = 12;

const { unitsOfDistrict, districtsOfUnit } = sharesOfWards();

/** What a code of the other geography is divided among, in the order of codes; undefined for one that has no part in it. */
export function sharesIn(geography: Geography, code: string): readonly Share[] | undefined {
  return (geography === 'hanoi_units_2025' ? unitsOfDistrict : districtsOfUnit).get(code);
}

function sharesOfWards(): Record<'unitsOfDistrict' | 'districtsOfUnit', ReadonlyMap<string, readonly Share[]>> {
  const common = new Map<string, { district: string; unit: string; weight: number }>();
  for (const [district, wards] of Object.entries(WARDS_OF_DISTRICT)) {
    for (const { unitCode: unit, partCount } of wards.split(' ').flatMap(successorsOfWard)) {
      const key = `${district} ${unit}`;
      const weight = (common.get(key)?.weight ?? 0) + PARTS_OF_A_WARD / partCount;
      common.set(key, { district, unit, weight });
    }
  }
  const pairs = [...common].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
  const grouped = (of: 'district' | 'unit', among: 'district' | 'unit') =>
    new Map(
      [...Map.groupBy(pairs, (pair) => pair[of])].map(([code, ofCode]) => [
        code,
        ofCode.map((pair) => ({ code: pair[among], weight: pair.weight })),
      ]),
    );
  return { unitsOfDistrict: grouped('district', 'unit'), districtsOfUnit: grouped('unit', 'district') };
}

/** Divides whole things by weight into whole numbers that add up to `total` (Webster's method, Sainte-Laguë: the next thing goes to the highest weight / (2·had + 1)). When
 *  there is more to divide nobody gets less; so a series that grows still grows, and a part of a count stays a part of it. Largest remainders would not do that. */
export function apportion(total: number, shares: readonly Share[]): readonly number[] {
  if (!Number.isSafeInteger(total) || total < 0) throw new RangeError('A count must be a whole number, not negative');
  const sum = shares.reduce((all, { weight }) => all + weight, 0);
  const parts = shares.map(({ weight }) => Math.floor((2 * total * weight + sum) / (2 * sum)));
  let left = total - parts.reduce((all, part) => all + part, 0);
  for (; left > 0; left -= 1) add(parts, nextOf(parts, shares), 1);
  for (; left < 0; left += 1) add(parts, latestOf(parts, shares), -1);
  return parts;
}

function add(parts: number[], index: number, count: number): void {
  parts[index] = (parts[index] ?? 0) + count;
}

/** Who gets the next one; the first of several that are even. */
function nextOf(parts: readonly number[], shares: readonly Share[]): number {
  let best = 0;
  for (const [index, { weight }] of shares.entries()) {
    const isHigher =
      weight * (2 * (parts[best] ?? 0) + 1) > (shares[best]?.weight ?? 0) * (2 * (parts[index] ?? 0) + 1);
    if (isHigher) best = index;
  }
  return best;
}

/** Who got the last one. */
function latestOf(parts: readonly number[], shares: readonly Share[]): number {
  let last = parts.findIndex((part) => part > 0);
  for (const [index, { weight }] of shares.entries()) {
    const part = parts[index] ?? 0;
    if (part === 0) continue;
    const isLower = weight * (2 * (parts[last] ?? 0) - 1) <= (shares[last]?.weight ?? 0) * (2 * part - 1);
    if (isLower) last = index;
  }
  return last;
}

export type RebuiltCount = {
  readonly count: number;
  /** How many of them are drawn over from the other geography, and approximate. */
  readonly drawnOver: number;
};

/** Counts by unit code, drawn over one geography. Each is counted once: what belongs to no unit of Hà Nội keeps its code, and the sum stays what it was. */
export function rebuildCounts(
  geography: Geography,
  counts: ReadonlyMap<string, number>,
): ReadonlyMap<string, RebuiltCount> {
  const rebuilt = new Map<string, RebuiltCount>();
  const put = (code: string, count: number, drawnOver: number): void => {
    const known = rebuilt.get(code) ?? { count: 0, drawnOver: 0 };
    rebuilt.set(code, { count: known.count + count, drawnOver: known.drawnOver + drawnOver });
  };
  for (const [code, count] of counts) {
    const shares = sharesIn(geography, code);
    if (shares === undefined) put(code, count, 0);
    else for (const [index, part] of apportion(count, shares).entries()) put(shares[index]?.code ?? code, part, part);
  }
  return rebuilt;
}

/** The geography of which this code is a unit; undefined for the city and codes of none. */
export function geographyOfUnit(code: string): Geography | undefined {
  const unit = findUnit(code);
  if (unit?.parent === undefined) return undefined;
  return unit.validFrom >= TWO_TIER_FROM ? 'hanoi_units_2025' : 'hanoi_districts_2023';
}
