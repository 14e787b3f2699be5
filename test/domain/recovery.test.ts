import { describe, expect, it } from 'vitest';
import { recoveryVerdict } from '../../src/domain/recovery.ts';

const ACTIVE = {
  accountStatus: 'active',
  openGrounds: [],
  isDeceased: false,
  hasPassword: true,
  hasTotp: false,
  hasCardIssueDate: true,
} as const;

describe('whether an account can be recovered', () => {
  it('by the card, or by the authenticator app where one is enrolled', () => {
    expect(recoveryVerdict(ACTIVE)).toEqual({ kind: 'recover', proof: 'card' });
    expect(recoveryVerdict({ ...ACTIVE, hasTotp: true })).toEqual({ kind: 'recover', proof: 'otp' });
    expect(recoveryVerdict({ ...ACTIVE, hasTotp: true, hasCardIssueDate: false })).toEqual({
      kind: 'recover',
      proof: 'otp',
    });
  });

  it('not without a second proof', () => {
    expect(recoveryVerdict({ ...ACTIVE, hasCardIssueDate: false })).toEqual({ kind: 'no_second_proof' });
  });

  it('not without a password to recover: that is an activation', () => {
    expect(recoveryVerdict({ ...ACTIVE, hasPassword: false })).toEqual({ kind: 'not_activated' });
    expect(recoveryVerdict({ ...ACTIVE, accountStatus: 'provisional' })).toEqual({ kind: 'not_activated' });
  });

  it('names the gravest obstacle', () => {
    const locked = { ...ACTIVE, accountStatus: 'locked', openGrounds: ['holder_request'], hasPassword: false } as const;
    expect(recoveryVerdict(locked)).toEqual({ kind: 'locked' });
    expect(recoveryVerdict({ ...locked, openGrounds: ['holder_request', 'death'] })).toEqual({ kind: 'deceased' });
    expect(recoveryVerdict({ ...locked, isDeceased: true })).toEqual({ kind: 'deceased' });
    expect(recoveryVerdict({ ...locked, isDeceased: true, accountStatus: 'closed' })).toEqual({ kind: 'closed' });
    // Locked before the timer or the status said so.
    expect(recoveryVerdict({ ...ACTIVE, openGrounds: ['card_revoked'] })).toEqual({ kind: 'locked' });
  });
});
