import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountLevel } from '../../src/domain/assurance.ts';
import {
  claimLevel,
  isScope,
  LEGACY_CLAIM_ALIASES,
  mayReleaseClaim,
  releasableClaims,
  SCOPES,
} from '../../src/domain/claims.ts';

const ALL_SCOPES = Object.keys(SCOPES);

describe('what a service may be told', () => {
  it('is exactly the table of scopes', () => {
    const table = Object.fromEntries(
      Object.entries(SCOPES).map(([scope, rule]) => [scope, [rule.leastAccountLevel, ...rule.claims].join(' ')]),
    );
    expect(table).toEqual({
      openid: '0 sub auth_time acr amr',
      profile: '1 name family_name middle_name given_name birthdate gender locale updated_at',
      phone: '1 phone_number phone_number_verified',
      email: '1 email email_verified',
      account: '1 account_level account_type account_status',
      citizen_id: '2 citizen_id',
      nationality: '2 nationalities place_of_birth',
      residence: '2 address residence_type',
      guardian: '2 acting_for relationship',
      health_book: '2',
      judicial_record: '2',
      offline_access: '1',
    });
  });

  it('never goes beyond the activated level, nor beyond the scopes asked for', () => {
    const anyLevel = fc.constantFrom<AccountLevel | 0>(0, 1, 2);
    fc.assert(
      fc.property(
        fc.subarray([...ALL_SCOPES, 'toString', 'unknown']),
        anyLevel,
        fc.boolean(),
        (scopes, accountLevel, hasLegalBasis) => {
          const claims = releasableClaims({ scopes, accountLevel, hasLegalBasis });
          for (const claim of claims) expect(claimLevel(claim)).toBeLessThanOrEqual(accountLevel);
          const opened = scopes.filter(isScope).flatMap((scope): readonly string[] => SCOPES[scope].claims);
          expect(opened).toEqual(expect.arrayContaining([...claims]));
          if (!hasLegalBasis) expect(claims).not.toContain('citizen_id');
        },
      ),
    );
  });

  it('holds the citizen id only on a recorded legal basis and at level 2', () => {
    const ask = (accountLevel: AccountLevel, hasLegalBasis: boolean) =>
      releasableClaims({ scopes: ['citizen_id'], accountLevel, hasLegalBasis });
    expect(ask(2, true)).toEqual(['citizen_id']);
    expect(ask(2, false)).toEqual([]);
    expect(ask(1, true)).toEqual([]);
  });

  it('is the same under the old claim names, with the same limits', () => {
    for (const [alias, claim] of Object.entries(LEGACY_CLAIM_ALIASES))
      expect(claimLevel(alias)).toBe(claimLevel(claim));
    expect(mayReleaseClaim({ claim: 'citizenPid', accountLevel: 2, hasLegalBasis: false })).toBe(false);
    expect(mayReleaseClaim({ claim: 'fullName', accountLevel: 1, hasLegalBasis: false })).toBe(true);
  });

  it('does not know claims outside of the table', () => {
    for (const claim of ['password', 'constructor', '__proto__']) {
      expect(claimLevel(claim)).toBeUndefined();
      expect(mayReleaseClaim({ claim, accountLevel: 2, hasLegalBasis: true })).toBe(false);
    }
  });
});
