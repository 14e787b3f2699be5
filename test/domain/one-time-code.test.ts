import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeCode, resendWaitSeconds } from '../../src/domain/one-time-code.ts';

const sentAt = new Date('2026-01-05T09:00:00+07:00');
const expiresAt = new Date(sentAt.getTime() + 180_000);
const fresh = { expiresAt, tries: 0, usedAt: undefined };

describe('a one-time code', () => {
  it('lives until just before its end', () => {
    expect(judgeCode({ code: fresh, now: new Date(expiresAt.getTime() - 1), maxTries: 5 })).toEqual({ kind: 'usable' });
    expect(judgeCode({ code: fresh, now: expiresAt, maxTries: 5 })).toEqual({ kind: 'expired' });
  });

  it('is dead after five tries, even for the right digits', () => {
    expect(judgeCode({ code: { ...fresh, tries: 4 }, now: sentAt, maxTries: 5 })).toEqual({ kind: 'usable' });
    expect(judgeCode({ code: { ...fresh, tries: 5 }, now: sentAt, maxTries: 5 })).toEqual({ kind: 'too_many_tries' });
  });

  it('opens one door only', () => {
    expect(judgeCode({ code: { ...fresh, usedAt: sentAt }, now: sentAt, maxTries: 5 })).toEqual({ kind: 'used' });
  });

  it('that was never sent is none', () => {
    expect(judgeCode({ code: undefined, now: sentAt, maxTries: 5 })).toEqual({ kind: 'none' });
  });
});

describe('asking for another code', () => {
  it('takes longer each time', () => {
    expect([0, 1, 2, 3, 4, 5].map((count) => resendWaitSeconds(count))).toEqual([0, 30, 60, 120, 240, 480]);
  });

  it('never takes longer than an hour', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), (count) => {
        expect(resendWaitSeconds(count + 1)).toBeGreaterThanOrEqual(resendWaitSeconds(count));
        expect(resendWaitSeconds(count)).toBeLessThanOrEqual(3600);
      }),
    );
  });
});
