import { existsOn, HANOI_CODE, type Unit } from './place.ts';
import { type FigureLocale, integerText, percentText } from './rate.ts';
import { LEAST_PUBLIC_COUNT } from './suppression.ts';
import type { CalendarDate } from './viet-nam-time.ts';

/** Why two figures give no difference. `basis_differs`: divided by another record (another day, another version). `geography_differs`: not the same kind of unit, or
 *  one that did not exist on one of the days. `small_difference`: it would tell on a few people. */
export const COMPARISON_OBSTACLES = [
  'not_published',
  'no_basis',
  'basis_differs',
  'age_cut_differs',
  'geography_differs',
  'small_difference',
] as const;
export type ComparisonObstacle = (typeof COMPARISON_OBSTACLES)[number];

/** One side of a comparison. */
export type ComparedFigure =
  | { readonly kind: 'shown'; readonly numerator: number; readonly denominator: number }
  | { readonly kind: 'no_basis'; readonly numerator: number }
  | { readonly kind: 'suppressed' };

/** The record that a side is divided by, where that is counted elsewhere. */
export type ComparedBasis = {
  readonly unitCode: string;
  readonly asOfOn: CalendarDate;
  readonly ageMin: number;
  readonly version: number;
};

export type ComparedSide = {
  readonly figure: ComparedFigure;
  /** Undefined where the denominator is counted here. */
  readonly basis: ComparedBasis | undefined;
  /** Least age of the residents counted; undefined where none are, or the basis says it. */
  readonly ageMin?: number | undefined;
  readonly unit: Unit;
  readonly day: CalendarDate;
};

export type Comparison =
  | {
      readonly kind: 'difference';
      readonly count: number /** Of the second less the first. */;
      readonly points: PercentPoints;
    }
  | { readonly kind: 'not_comparable'; readonly obstacles: readonly ComparisonObstacle[] };

/** A difference of two ratios as a fraction: `numerator` may be negative. */
export type PercentPoints = { readonly numerator: bigint; readonly denominator: bigint };

/** The second less the first, or every reason why there is no difference to give. `leastCount` (for the public): a difference of fewer is of a few people. */
export function compareFigures(
  first: ComparedSide,
  second: ComparedSide,
  { isPublic }: { isPublic: boolean },
): Comparison {
  const [a, b] = [first.figure, second.figure];
  const obstacles = obstaclesBetween(first, second);
  if (a.kind !== 'shown' || b.kind !== 'shown' || obstacles.length > 0) return { kind: 'not_comparable', obstacles };
  if (a.denominator === 0 || b.denominator === 0) return { kind: 'not_comparable', obstacles: ['no_basis'] };
  const count = b.numerator - a.numerator;
  if (isPublic && isSmall(a, b)) return { kind: 'not_comparable', obstacles: ['small_difference'] };
  const points = {
    numerator: BigInt(b.numerator) * BigInt(a.denominator) - BigInt(a.numerator) * BigInt(b.denominator),
    denominator: BigInt(a.denominator) * BigInt(b.denominator),
  };
  return { kind: 'difference', count, points };
}

function obstaclesBetween(first: ComparedSide, second: ComparedSide): ComparisonObstacle[] {
  const kinds = [first.figure.kind, second.figure.kind];
  return [
    ...(kinds.includes('suppressed') ? ['not_published' as const] : []),
    ...(kinds.includes('no_basis') ? ['no_basis' as const] : []),
    ...basisObstacles(first.basis, second.basis),
    ...(isSameAge(first, second) ? [] : ['age_cut_differs' as const]),
    ...(isSameGeography(first, second) ? [] : ['geography_differs' as const]),
  ];
}

/** Two units are divided by the records of one day and age; one unit on two days by one record. */
function basisObstacles(a: ComparedBasis | undefined, b: ComparedBasis | undefined): ComparisonObstacle[] {
  if (a === undefined || b === undefined) return [];
  const isSameRecord = a.asOfOn === b.asOfOn && (a.unitCode !== b.unitCode || a.version === b.version);
  return isSameRecord ? [] : ['basis_differs'];
}

function isSameAge(first: ComparedSide, second: ComparedSide): boolean {
  const areLoaded = first.basis !== undefined && second.basis !== undefined;
  return first.ageMin === second.ageMin && (!areLoaded || first.basis?.ageMin === second.basis?.ageMin);
}

function isSameGeography(first: ComparedSide, second: ComparedSide): boolean {
  const isThere = [first, second].every(({ unit, day }) => existsOn(unit, day));
  const isCity = [first, second].some(({ unit }) => unit.code === HANOI_CODE);
  return isThere && (isCity || first.unit.validFrom === second.unit.validFrom);
}

type Shown = Extract<ComparedFigure, { kind: 'shown' }>;

/** What is found by subtracting one from the other. */
function isSmall(a: Shown, b: Shown): boolean {
  const [above, below] = [b.numerator - a.numerator, b.denominator - a.denominator].map(Math.abs);
  return [above, below, Math.abs((below ?? 0) - (above ?? 0))].some(
    (count = 0) => count > 0 && count < LEAST_PUBLIC_COUNT,
  );
}

/** `+3,4` or `−1,2`: percentage points, rounded half up by their size, with one decimal. */
export function pointsText({ numerator, denominator }: PercentPoints, locale: FigureLocale): string {
  const size = numerator < 0n ? -numerator : numerator;
  const tenths = Number((size * 2000n + denominator) / (denominator * 2n));
  const text = percentText({ numerator: tenths, denominator: 1000 }, locale).slice(0, -1);
  return `${signOf(tenths === 0 ? 0n : numerator)}${text}`;
}

/** `+1.234` or `−56`. */
export function signedText(count: number, locale: FigureLocale): string {
  return `${signOf(BigInt(count))}${integerText(Math.abs(count), locale)}`;
}

function signOf(value: bigint): string {
  if (value === 0n) return '';
  return value > 0n ? '+' : '−';
}
