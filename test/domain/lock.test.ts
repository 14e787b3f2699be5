import { describe, expect, it } from 'vitest';
import {
  appliesTo,
  isLockGround,
  LOCK_ANSWER_WORKING_DAYS,
  LOCK_GROUNDS,
  mayCloseLock,
  mayOpenLock,
} from '../../src/domain/lock.ts';

describe('locking an account', () => {
  it('knows the ten grounds of the law and no other', () => {
    expect(LOCK_GROUNDS).toEqual([
      'holder_request',
      'terms_breach',
      'card_revoked',
      'card_retained',
      'card_expired',
      'death',
      'authority_request',
      'passport_expired',
      'residence_expired',
      'dissolved',
    ]);
    expect(isLockGround('death')).toBe(true);
    expect(isLockGround('toString')).toBe(false);
  });

  it('on request is the right of the holder, who is identified before it is opened again', () => {
    expect(mayOpenLock('holder_request', 'holder')).toBe(true);
    expect(mayCloseLock('holder_request', 'holder')).toBe(false);
    expect(mayCloseLock('holder_request', 'identity_authority')).toBe(true);
  });

  it('after a death notice is undone by the identity authority alone', () => {
    expect(mayOpenLock('death', 'register')).toBe(true);
    expect(mayCloseLock('death', 'register')).toBe(false);
    expect(mayCloseLock('death', 'identity_authority')).toBe(true);
  });

  it('can always be undone by somebody who may', () => {
    for (const ground of LOCK_GROUNDS) expect(mayCloseLock(ground, 'identity_authority')).toBe(true);
  });

  it('for a passport concerns foreigners, for a dissolution organisations', () => {
    expect(appliesTo('passport_expired', 'citizen')).toBe(false);
    expect(appliesTo('passport_expired', 'foreigner')).toBe(true);
    expect(appliesTo('dissolved', 'organisation')).toBe(true);
    expect(appliesTo('death', 'organisation')).toBe(false);
  });

  it('is answered within one working day, or two at the head of the authority', () => {
    expect(LOCK_ANSWER_WORKING_DAYS).toEqual({ receivingOffice: 1, headOfIdentityAuthority: 2 });
  });
});
