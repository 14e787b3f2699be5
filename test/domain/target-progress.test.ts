import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecastCount, paceNeeded } from '../../src/domain/target-progress.ts';

const count = fc.nat(10_000_000);
const weeks = fc.array(fc.nat(100_000), { minLength: 8, maxLength: 8 });

describe('the daily pace to a target', () => {
  it('of Hà Nội on 28/6/2023, with 32 days of door to door to come', () => {
    expect(paceNeeded({ count: 4_220_601, target: 6_220_864, daysLeft: 32 })).toEqual({
      kind: 'pace',
      missing: 2_000_263,
      perDay: 62_509,
    });
  });

  it('reaches the target and not a day sooner than it must', () => {
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1, max: 1000 }), (now, target, daysLeft) => {
        const pace = paceNeeded({ count: now, target, daysLeft });
        if (pace.kind !== 'pace') {
          expect(now).toBeGreaterThanOrEqual(target);
          return;
        }
        expect(now + pace.perDay * daysLeft).toBeGreaterThanOrEqual(target);
        expect(now + (pace.perDay - 1) * daysLeft).toBeLessThan(target);
      }),
    );
  });

  it('is none where the target is surpassed or no day is left', () => {
    expect(paceNeeded({ count: 1_061, target: 1_000, daysLeft: 5 })).toEqual({ kind: 'reached' });
    expect(paceNeeded({ count: 1, target: 3, daysLeft: 0 })).toEqual({ kind: 'no_days_left', missing: 2 });
  });
});

describe('a forecast', () => {
  it('lets an even past go on without any doubt', () => {
    const even = { count: 1_000, countBefore: 440, weeks: Array.from({ length: 8 }, () => 70), daysLeft: 10 };
    expect(forecastCount(even)).toEqual({ kind: 'forecast', expected: 1_100, low: 1_100, high: 1_100 });
  });

  it('holds what it expects, is today for no days, and doubts more the further it looks', () => {
    fc.assert(
      fc.property(count, weeks, fc.nat(400), (now, past, daysLeft) => {
        const of = (days: number) => {
          const forecast = forecastCount({ count: now, countBefore: 1, weeks: past, daysLeft: days });
          if (forecast.kind !== 'forecast') throw new Error(forecast.kind);
          return forecast;
        };
        const { expected, low, high } = of(daysLeft);
        expect(low).toBeLessThanOrEqual(expected);
        expect(expected).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(now);
        expect(of(0)).toMatchObject({ expected: now, low: now, high: now });
        expect(of(daysLeft + 7).high).toBeGreaterThanOrEqual(high);
      }),
    );
  });

  it('covers eight of ten futures that are drawn like the past', () => {
    // A deterministic stream of weeks: what is tested is the interval, not the luck of a run.
    let state = 12_345;
    const next = (): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state / 2_147_483_648;
    };
    const week = (): number => Math.round(1_000 + 200 * (next() + next() + next() + next() - 2));
    const rounds = 2_000;
    let covered = 0;
    for (let round = 0; round < rounds; round += 1) {
      const forecast = forecastCount({
        count: 0,
        countBefore: 1,
        weeks: Array.from({ length: 8 }, week),
        daysLeft: 28,
      });
      const future = week() + week() + week() + week();
      if (forecast.kind === 'forecast' && forecast.low <= future && future <= forecast.high) covered += 1;
    }
    expect(covered / rounds).toBeGreaterThan(0.77);
    expect(covered / rounds).toBeLessThan(0.83);
  });

  it('is not made from fewer than eight weeks, nor from the first ones of a system', () => {
    expect(forecastCount({ count: 9, countBefore: 1, weeks: [1, 2], daysLeft: 7 }).kind).toBe('too_little_history');
    const first = { count: 8, countBefore: 0, weeks: Array.from({ length: 8 }, () => 1), daysLeft: 7 };
    expect(forecastCount(first).kind).toBe('too_little_history');
  });
});
