import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACCOUNT_MOVES,
  type AccountEvent,
  type AccountStatus,
  accountStatus,
  effectiveAccountLevel,
  mayUseAccount,
  moveAccount,
} from '../../src/domain/account.ts';
import type { AccountLevel } from '../../src/domain/assurance.ts';
import { LOCK_GROUNDS, type LockGround } from '../../src/domain/lock.ts';

type Facts = { activatedLevels: readonly AccountLevel[]; openGrounds: readonly LockGround[]; isClosed: boolean };

const anyFacts: fc.Arbitrary<Facts> = fc.record({
  activatedLevels: fc.subarray<AccountLevel>([1, 2]),
  openGrounds: fc.subarray([...LOCK_GROUNDS]),
  isClosed: fc.boolean(),
});

describe('an account', () => {
  it('is provisional until something is activated', () => {
    expect(accountStatus({ activatedLevels: [], openGrounds: [], isClosed: false })).toBe('provisional');
    expect(accountStatus({ activatedLevels: [1], openGrounds: [], isClosed: false })).toBe('active');
  });

  it('stays locked until the last ground is gone', () => {
    expect(accountStatus({ activatedLevels: [2], openGrounds: ['death', 'card_expired'], isClosed: false })).toBe(
      'locked',
    );
    expect(accountStatus({ activatedLevels: [2], openGrounds: ['death'], isClosed: false })).toBe('locked');
    expect(accountStatus({ activatedLevels: [2], openGrounds: [], isClosed: false })).toBe('active');
  });

  it('can be locked before its first activation', () => {
    expect(accountStatus({ activatedLevels: [], openGrounds: ['death'], isClosed: false })).toBe('locked');
  });

  it('goes from any facts to any others by a move of the table, or stays', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, (before, after) => {
        fc.pre(!before.isClosed || after.isClosed);
        const [from, to] = [accountStatus(before), accountStatus(after)];
        const moves: Partial<Record<AccountEvent, AccountStatus>> = ACCOUNT_MOVES[from];
        if (from !== to) expect(Object.values(moves)).toContain(to);
      }),
    );
  });

  it('never comes back once it is closed', () => {
    for (const event of [
      'activate',
      'deactivate',
      'lock',
      'unlock_activated',
      'unlock_unactivated',
      'close',
    ] as const) {
      expect(moveAccount('closed', event)).toBeUndefined();
    }
    expect(moveAccount('active', 'lock')).toBe('locked');
  });

  it('keeps level 1 in use while level 2 waits', () => {
    expect(effectiveAccountLevel([])).toBe(0);
    expect(
      effectiveAccountLevel([
        { accountLevel: 1, status: 'activated' },
        { accountLevel: 2, status: 'pending_activation' },
      ]),
    ).toBe(1);
    expect(
      effectiveAccountLevel([
        { accountLevel: 2, status: 'activated' },
        { accountLevel: 1, status: 'late_activation' },
      ]),
    ).toBe(2);
  });
});

describe('using an account at a service', () => {
  const adult = {
    status: 'active',
    accountLevel: 2,
    leastAccountLevel: 1,
    ageYears: 30,
    hasGuardianApproval: false,
  } as const;

  it('is allowed to an adult whose level is high enough', () => {
    expect(mayUseAccount(adult)).toEqual({ kind: 'allowed' });
    expect(mayUseAccount({ ...adult, accountLevel: 1, leastAccountLevel: 2 })).toEqual({
      kind: 'account_level_too_low',
    });
  });

  it.each([
    ['locked', 'locked'],
    ['closed', 'closed'],
    ['provisional', 'not_activated'],
  ] as const)('of status %s ends in %s', (status, kind) => {
    expect(mayUseAccount({ ...adult, status })).toEqual({ kind });
  });

  it('needs the guardian until the 14th birthday', () => {
    expect(mayUseAccount({ ...adult, ageYears: 13 })).toEqual({ kind: 'guardian_approval_needed' });
    expect(mayUseAccount({ ...adult, ageYears: 13, hasGuardianApproval: true })).toEqual({ kind: 'allowed' });
    expect(mayUseAccount({ ...adult, ageYears: 14 })).toEqual({ kind: 'allowed' });
  });
});
