import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterFailure, judgeThrottle, THROTTLE_POLICY, type ThrottleState } from '../../src/domain/throttle.ts';

const start = new Date('2026-01-05T09:00:00+07:00');
const later = (seconds: number, from: Date = start) => new Date(from.getTime() + seconds * 1000);

/** Fails at once, as often as the throttle lets through, `times` times. */
function fail(times: number, now: Date, state?: ThrottleState): ThrottleState {
  let next = afterFailure(state, now);
  for (let count = 1; count < times; count += 1) next = afterFailure(next, now);
  return next;
}

describe('the throttle', () => {
  it('is open to who never failed', () => {
    expect(judgeThrottle(undefined, start)).toEqual({ kind: 'open' });
  });

  it('lets five wrong tries pass and then waits 15 minutes', () => {
    expect(judgeThrottle(fail(4, start), start)).toEqual({ kind: 'open' });
    expect(judgeThrottle(fail(5, start), start)).toEqual({ kind: 'blocked', retryAfterSeconds: 900 });
  });

  it('opens at the very moment it promised', () => {
    const blocked = fail(5, start);
    expect(judgeThrottle(blocked, new Date(later(900).getTime() - 1))).toEqual({
      kind: 'blocked',
      retryAfterSeconds: 1,
    });
    expect(judgeThrottle(blocked, later(900))).toEqual({ kind: 'open' });
  });

  it('forgets tries that are older than 15 minutes', () => {
    const fourOldTries = fail(4, start);
    expect(judgeThrottle(afterFailure(fourOldTries, later(900)), later(900))).toEqual({ kind: 'open' });
    expect(judgeThrottle(afterFailure(fourOldTries, later(899)), later(899)).kind).toBe('blocked');
  });

  it('waits twice as long each time, up to a day', () => {
    let now = start;
    let state: ThrottleState | undefined;
    const waits: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      state = fail(5, now, state);
      const judgement = judgeThrottle(state, now);
      if (judgement.kind !== 'blocked') throw new Error('not blocked');
      waits.push(judgement.retryAfterSeconds / 60);
      now = later(judgement.retryAfterSeconds, now);
    }
    expect(waits).toEqual([15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440]);
  });

  it('starts over after a quiet day', () => {
    const twice = fail(5, later(900), fail(5, start));
    const dayAfter = later(1800 + THROTTLE_POLICY.maxBlockSeconds, later(900));
    expect(judgeThrottle(fail(5, dayAfter, twice), dayAfter)).toEqual({ kind: 'blocked', retryAfterSeconds: 900 });
  });

  it('is not prolonged by strangers who keep trying while it is closed', () => {
    const blocked = fail(5, start);
    expect(fail(100, later(10), blocked)).toEqual(blocked);
  });

  it('never lets a guesser have more than five tries in 15 minutes, nor closes for more than a day', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 200 }), (gaps) => {
        let [now, state]: [Date, ThrottleState | undefined] = [start, undefined];
        const triedAt: number[] = [];
        for (const gap of gaps) {
          now = later(gap, now);
          const judgement = judgeThrottle(state, now);
          if (judgement.kind === 'open') triedAt.push(now.getTime() / 1000);
          else expect(judgement.retryAfterSeconds).toBeLessThanOrEqual(THROTTLE_POLICY.maxBlockSeconds);
          state = afterFailure(state, now);
        }
        // Two windows may touch: at most 4 tries close one without a block, and 5 more fill the next.
        for (const from of triedAt)
          expect(triedAt.filter((at) => at >= from && at < from + 900).length).toBeLessThan(10);
      }),
    );
  });
});
