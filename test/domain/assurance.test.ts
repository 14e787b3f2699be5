import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACR_VALUES,
  type AuthFactor,
  type AuthLevel,
  acrOf,
  acrToIssue,
  amrOf,
  authLevelOf,
  authLevelOfAcr,
  requiredAuthLevel,
} from '../../src/domain/assurance.ts';

const levels: readonly AuthLevel[] = [1, 2, 3, 4];
const anyLevel = fc.constantFrom(...levels);
const anyFactor = fc.constantFrom<AuthFactor>('pwd', 'pin', 'sms', 'otp', 'hwk', 'swk', 'sc', 'face', 'fpt');
const anyAcr = fc.oneof(fc.constantFrom<string>(...ACR_VALUES), fc.constantFrom('LoA1', 'urn:vn:eid:auth:5', ''));

describe('the strength of a sign-in', () => {
  it.each<[AuthLevel, AuthFactor[]]>([
    [1, ['pwd']],
    [1, ['pwd', 'pin']],
    [1, ['sms', 'otp']],
    [1, ['face']],
    [2, ['pwd', 'sms']],
    [2, ['pwd', 'otp']],
    [2, ['hwk', 'pin']],
    [3, ['pwd', 'face']],
    [3, ['hwk', 'fpt']],
    [4, ['pwd', 'hwk', 'face']],
  ])('is level %s for %j', (level, factors) => {
    expect(authLevelOf(factors)).toBe(level);
  });

  it('never falls when one more factor is verified, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(anyFactor, { minLength: 1 }), anyFactor, (factors, extra) => {
        expect(authLevelOf([extra, ...factors])).toBeGreaterThanOrEqual(authLevelOf(factors));
        expect(authLevelOf(factors.toReversed())).toBe(authLevelOf(factors));
      }),
    );
  });

  it('does not exist without a factor', () => {
    expect(() => authLevelOf([])).toThrow(RangeError);
  });

  it('is told in amr by each factor once, and mfa only for two kinds of them', () => {
    expect(amrOf(['pwd'])).toEqual(['pwd']);
    expect(amrOf(['pwd', 'sms', 'sms'])).toEqual(['pwd', 'sms', 'mfa']);
    expect(amrOf(['pwd', 'otp'])).toEqual(['pwd', 'otp', 'mfa']);
    expect(amrOf(['pwd', 'pin'])).toEqual(['pwd', 'pin']);
  });

  it('has one acr a level', () => {
    for (const level of levels) expect(authLevelOfAcr(acrOf(level))).toBe(level);
    expect(authLevelOfAcr('LoA1')).toBeUndefined();
  });
});

describe('the acr of a token', () => {
  it('never exceeds what the session verified', () => {
    fc.assert(
      fc.property(fc.array(anyAcr), anyLevel, (requested, verified) => {
        expect(authLevelOfAcr(acrToIssue({ requested, verified }))).toBeLessThanOrEqual(verified);
      }),
    );
  });

  it('is the highest requested value that the session meets', () => {
    expect(acrToIssue({ requested: [acrOf(1)], verified: 2 })).toBe(acrOf(1));
    expect(acrToIssue({ requested: [acrOf(1), acrOf(2), acrOf(3)], verified: 2 })).toBe(acrOf(2));
  });

  it("is the session's own when nothing requested is met or known", () => {
    expect(acrToIssue({ requested: [], verified: 2 })).toBe(acrOf(2));
    expect(acrToIssue({ requested: [acrOf(3)], verified: 1 })).toBe(acrOf(1));
    expect(acrToIssue({ requested: ['LoA1'], verified: 1 })).toBe(acrOf(1));
  });
});

describe('what a request demands', () => {
  it("is at least the client's own level", () => {
    expect(requiredAuthLevel({ clientLeast: 2, essentialAcrs: [] })).toEqual({ kind: 'level', level: 2 });
    expect(requiredAuthLevel({ clientLeast: 2, essentialAcrs: [acrOf(1)] })).toEqual({ kind: 'level', level: 2 });
    expect(requiredAuthLevel({ clientLeast: 1, essentialAcrs: [acrOf(2)] })).toEqual({ kind: 'level', level: 2 });
  });

  it('takes essential values as alternatives', () => {
    expect(requiredAuthLevel({ clientLeast: 1, essentialAcrs: [acrOf(3), acrOf(2)] })).toEqual({
      kind: 'level',
      level: 2,
    });
  });

  it('cannot be met where only unsupported or unknown values are essential', () => {
    expect(requiredAuthLevel({ clientLeast: 1, essentialAcrs: [acrOf(3)] })).toEqual({ kind: 'cannot_be_met' });
    expect(requiredAuthLevel({ clientLeast: 1, essentialAcrs: ['LoA1'] })).toEqual({ kind: 'cannot_be_met' });
    expect(requiredAuthLevel({ clientLeast: 3, essentialAcrs: [] })).toEqual({ kind: 'cannot_be_met' });
  });
});
