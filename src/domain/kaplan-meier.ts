/** How long something took: how many took so many days, and how many had not ended yet when they were last seen, after so many days (censored).
 *  Whole numbers, not negative. */
export type Waits = {
  readonly ended: ReadonlyMap<number, number>;
  readonly censored: ReadonlyMap<number, number>;
};

/** One step of the curve: on `days`, `ended` of the `atRisk` who were still waiting. */
export type CurvePoint = {
  readonly days: number;
  readonly atRisk: number;
  readonly ended: number;
  /** The share that is still waiting after that day, in millionths, rounded half up. */
  readonly waitingMillionths: number;
};

export type WaitCurve = {
  /** Everybody: ended and censored. */
  readonly total: number;
  /** By day, days on which somebody's wait ended alone. */
  readonly points: readonly CurvePoint[];
  /** The first day after which at most half, at most a tenth, is still waiting; undefined when the curve never falls that far. */
  readonly p50: number | undefined;
  readonly p90: number | undefined;
};

/** The product-limit estimate of the share still waiting after each day, in exact arithmetic. Who was last seen on a day was still at risk on it.
 *  Without censoring the quantiles are those of the numbers themselves (the least number that at least half, nine tenths, do not exceed).
 *  Source: Kaplan & Meier, Nonparametric estimation from incomplete observations, JASA 53 (1958) 457–481. */
export function kaplanMeier({ ended, censored }: Waits): WaitCurve {
  const total = sum(ended) + sum(censored);
  const days = [...new Set([...ended.keys(), ...censored.keys()])].toSorted((a, b) => a - b);
  const points: CurvePoint[] = [];
  let [atRisk, waiting, whole] = [total, 1n, 1n];
  let [p50, p90]: (number | undefined)[] = [];
  for (const day of days) {
    const endedNow = ended.get(day) ?? 0;
    if (endedNow > 0) {
      [waiting, whole] = lowestTerms(waiting * BigInt(atRisk - endedNow), whole * BigInt(atRisk));
      points.push({ days: day, atRisk, ended: endedNow, waitingMillionths: millionths(waiting, whole) });
      if (waiting * 2n <= whole) p50 ??= day;
      if (waiting * 10n <= whole) p90 ??= day;
    }
    atRisk -= endedNow + (censored.get(day) ?? 0);
  }
  return { total, points, p50, p90 };
}

function sum(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function millionths(numerator: bigint, denominator: bigint): number {
  return Number((numerator * 2_000_000n + denominator) / (denominator * 2n));
}

function lowestTerms(numerator: bigint, denominator: bigint): [bigint, bigint] {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return [numerator / a, denominator / a];
}
