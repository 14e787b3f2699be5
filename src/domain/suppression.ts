import type { Ratio } from './rate.ts';

/** Least count that the public view shows (design). The full view needs a role or a token. */
export const LEAST_PUBLIC_COUNT = 10;

/** Why a public figure is left out; printed with the report. Text: i18n key `statistics.suppressed.<rule>`.
 *  - `count_below_least`: the count itself is small, zero included ("nobody in this unit" tells on everybody).
 *  - `complement_below_least`: denominator minus numerator is small, and anyone can subtract.
 *  - `derivable_from_total`: it would give away the one small cell beside it, by subtraction from the published total. */
export const SUPPRESSION_RULES = ['count_below_least', 'complement_below_least', 'derivable_from_total'] as const;

export type SuppressionRule = (typeof SUPPRESSION_RULES)[number];

export type PublicFigure<T> =
  | { readonly kind: 'shown'; readonly value: T }
  | { readonly kind: 'suppressed'; readonly rule: SuppressionRule };

/** One count for the public view. */
export function suppressBelow(count: number, least: number = LEAST_PUBLIC_COUNT): PublicFigure<number> {
  return count < least ? { kind: 'suppressed', rule: 'count_below_least' } : { kind: 'shown', value: count };
}

/** One rate for the public view: numerator, denominator and what is between them must each be large enough.
 *  Above 100% there is no one "between", so only the two counts are judged. */
export function suppressRate<T extends Ratio>(rate: T, least: number = LEAST_PUBLIC_COUNT): PublicFigure<T> {
  const { numerator, denominator } = rate;
  if (numerator < least || (denominator !== undefined && denominator < least)) {
    return { kind: 'suppressed', rule: 'count_below_least' };
  }
  const others = denominator === undefined ? undefined : denominator - numerator;
  if (others !== undefined && others >= 0 && others < least) {
    return { kind: 'suppressed', rule: 'complement_below_least' };
  }
  return { kind: 'shown', value: rate };
}

/** Cells whose total is published beside them. When the hidden ones together are fewer than `least`, or just one is hidden,
 *  the next smallest is hidden too, so that no subtraction brings a small count back. */
export function suppressCells(
  counts: readonly number[],
  least: number = LEAST_PUBLIC_COUNT,
): readonly PublicFigure<number>[] {
  const figures = counts.map((count) => suppressBelow(count, least));
  const bySize = counts
    .map((count, index) => ({ count, index }))
    .toSorted((a, b) => a.count - b.count || a.index - b.index);
  const hidden = bySize.filter(({ count }) => count < least);
  if (hidden.length === 0) return figures;
  let hiddenSum = hidden.reduce((sum, { count }) => sum + count, 0);
  let hiddenCells = hidden.length;
  for (const { count, index } of bySize.slice(hidden.length)) {
    if (hiddenCells > 1 && hiddenSum >= least) break;
    figures[index] = { kind: 'suppressed', rule: 'derivable_from_total' };
    hiddenSum += count;
    hiddenCells += 1;
  }
  return figures;
}
