/** How many a day must follow for the target to be reached in time, rounded up. */
export type PaceNeeded =
  | { readonly kind: 'reached' }
  | { readonly kind: 'no_days_left'; readonly missing: number }
  | { readonly kind: 'pace'; readonly missing: number; readonly perDay: number };

/** @param daysLeft whole days after the count up to and with the last one */
export function paceNeeded({
  count,
  target,
  daysLeft,
}: {
  readonly count: number;
  readonly target: number;
  readonly daysLeft: number;
}): PaceNeeded {
  const missing = target - count;
  if (missing <= 0) return { kind: 'reached' };
  if (daysLeft <= 0) return { kind: 'no_days_left', missing };
  return { kind: 'pace', missing, perDay: Math.ceil(missing / daysLeft) };
}

/** Weeks of the past that a forecast is drawn from: whole ones, because a Sunday is no Monday. */
export const FORECAST_WEEKS = 8;
/** Chance that the count lies in the interval, if the weeks to come are like the past ones, in percent. */
export const FORECAST_PERCENT = 80;
/** Student's t for a two-sided 80% interval with `FORECAST_WEEKS` − 1 = 7 degrees of freedom. */
const STUDENT_T = 1.415;

export type Forecast =
  | { readonly kind: 'too_little_history' }
  | { readonly kind: 'forecast'; readonly expected: number; readonly low: number; readonly high: number };

/** The count after `daysLeft` more days. Method: the mean of the last eight weeks goes on; the interval is that of a sum of so many new weeks, with the mean
 *  itself uncertain (a prediction interval: mean·w ± t·s·√(w + w²/8)). It knows nothing of campaigns to come, and weeks that depend on each other make
 *  it too narrow. Whoever has activated stays counted, so the low end is not below today's count.
 *  @param weeks additions of the last eight whole weeks
 *  @param countBefore the count at their beginning; nothing to go by when it is zero, as the first weeks of a system are no rule */
export function forecastCount({
  count,
  countBefore,
  weeks,
  daysLeft,
}: {
  readonly count: number;
  readonly countBefore: number;
  readonly weeks: readonly number[];
  readonly daysLeft: number;
}): Forecast {
  if (weeks.length !== FORECAST_WEEKS || countBefore <= 0) return { kind: 'too_little_history' };
  const ahead = Math.max(0, daysLeft) / 7;
  const mean = weeks.reduce((sum, one) => sum + one, 0) / weeks.length;
  const variance = weeks.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (weeks.length - 1);
  const spread = STUDENT_T * Math.sqrt(variance * (ahead + ahead ** 2 / weeks.length));
  const expected = count + mean * ahead;
  return {
    kind: 'forecast',
    expected: Math.max(count, Math.round(expected)),
    low: Math.max(count, Math.floor(expected - spread)),
    high: Math.max(count, Math.ceil(expected + spread)),
  };
}
