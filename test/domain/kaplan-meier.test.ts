import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kaplanMeier } from '../../src/domain/kaplan-meier.ts';

function counted(days: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const day of days) counts.set(day, (counts.get(day) ?? 0) + 1);
  return counts;
}

function curveOf(ended: readonly number[], censored: readonly number[] = []) {
  return kaplanMeier({ ended: counted(ended), censored: counted(censored) });
}

const days = fc.array(fc.nat(40), { maxLength: 60 });

describe('the share that is still waiting', () => {
  /** Weeks of remission under 6-mercaptopurine and under placebo. Source: Freireich et al., Blood 21 (1963) 699–716; the estimates are those of
   *  Kleinbaum & Klein, Survival Analysis, 3rd edition (2012), table 2.2. */
  it('is that of the textbook, with those who were last seen on a day still at risk on it', () => {
    const treated = curveOf([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]);
    expect(
      treated.points.map(({ days: day, atRisk, ended, waitingMillionths: share }) => [day, atRisk, ended, share]),
    ).toEqual([
      [6, 21, 3, 857_143],
      [7, 17, 1, 806_723],
      [10, 15, 1, 752_941],
      [13, 12, 1, 690_196],
      [16, 11, 1, 627_451],
      [22, 7, 1, 537_815],
      [23, 6, 1, 448_179],
    ]);
    expect([treated.total, treated.p50, treated.p90]).toEqual([21, 23, undefined]);

    const placebo = curveOf([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]);
    expect(placebo.points.map(({ waitingMillionths }) => Math.round(waitingMillionths / 100) / 100)).toEqual([
      90.48, 80.95, 76.19, 66.67, 57.14, 38.1, 28.57, 19.05, 14.29, 9.52, 4.76, 0,
    ]);
    expect([placebo.p50, placebo.p90]).toEqual([8, 17]);
  });

  it('never rises, stays between all and nobody, and counts everybody once', () => {
    fc.assert(
      fc.property(days, days, (ended, censored) => {
        const { points, total } = curveOf(ended, censored);
        expect(total).toBe(ended.length + censored.length);
        expect(points.reduce((sum, point) => sum + point.ended, 0)).toBe(ended.length);
        let before = 1_000_000;
        for (const { atRisk, waitingMillionths, days: day } of points) {
          expect(waitingMillionths).toBeLessThanOrEqual(before);
          expect(waitingMillionths).toBeGreaterThanOrEqual(0);
          expect(atRisk).toBe([...ended, ...censored].filter((one) => one >= day).length);
          before = waitingMillionths;
        }
      }),
    );
  });

  it('is the plain share, and the quantiles the plain ones, when everybody was seen to the end', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 60 }), (ended) => {
        const { points, p50, p90 } = curveOf(ended);
        for (const { days: day, waitingMillionths } of points) {
          const waiting = ended.filter((one) => one > day).length;
          expect(waitingMillionths).toBe(Math.floor((waiting * 2_000_000 + ended.length) / (2 * ended.length)));
        }
        const sorted = ended.toSorted((a, b) => a - b);
        expect(p50).toBe(sorted[Math.ceil(ended.length * 0.5) - 1]);
        expect(p90).toBe(sorted[Math.ceil((ended.length * 9) / 10) - 1]);
      }),
    );
  });

  it('does not change by who is still waiting later than anybody whose wait ended', () => {
    fc.assert(
      fc.property(days, fc.nat(50), (ended, open) => {
        const { points } = curveOf(
          ended,
          Array.from({ length: open }, () => 41),
        );
        const total = ended.length + open;
        for (const { days: day, waitingMillionths } of points) {
          const waiting = total - ended.filter((one) => one <= day).length;
          expect(waitingMillionths).toBe(Math.floor((waiting * 2_000_000 + total) / (2 * total)));
        }
      }),
    );
  });

  it('reaches no quantile while everybody is waiting, and nobody makes no curve', () => {
    expect(curveOf([], [0, 3, 90])).toEqual({ total: 3, points: [], p50: undefined, p90: undefined });
    expect(curveOf([])).toEqual({ total: 0, points: [], p50: undefined, p90: undefined });
  });
});
