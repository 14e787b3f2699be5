import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activationDueAt,
  GRANT_MOVES,
  type GrantApplicant,
  type GrantEvent,
  type GrantStatus,
  grantDeadlineWorkingDays,
  isPastDue,
  mayBeGranted,
  moveGrant,
  organisationDeadlineWorkingDays,
} from '../../src/domain/level-grant.ts';
import { addDays, vietNamDay } from '../../src/domain/viet-nam-time.ts';

const EVENTS: readonly GrantEvent[] = ['notify', 'activate', 'fall_due', 'reopen', 'first_sign_in', 'phone_changed'];

describe('the time to activate', () => {
  it('for a notice of 1 March, 10:00, lasts until the end of 8 March in Viet Nam', () => {
    const dueAt = activationDueAt(new Date('2025-03-01T10:00:00+07:00'));
    expect(dueAt.toISOString()).toBe('2025-03-08T16:59:59.999Z');
  });

  it('is a day longer when the notice comes one millisecond after midnight in Viet Nam', () => {
    expect(activationDueAt(new Date('2025-03-01T23:59:59.999+07:00')).toISOString()).toBe('2025-03-08T16:59:59.999Z');
    expect(activationDueAt(new Date('2025-03-02T00:00:00.000+07:00')).toISOString()).toBe('2025-03-09T16:59:59.999Z');
  });

  it('runs over the ends of February and of the year', () => {
    expect(activationDueAt(new Date('2024-02-25T08:00:00+07:00')).toISOString()).toBe('2024-03-03T16:59:59.999Z');
    expect(activationDueAt(new Date('2025-12-28T08:00:00+07:00')).toISOString()).toBe('2026-01-04T16:59:59.999Z');
  });

  it('is always more than 7 whole days and never more than 8', () => {
    const anyInstant = fc.date({
      min: new Date('2022-01-01T00:00:00Z'),
      max: new Date('2100-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(anyInstant, (notifiedAt) => {
        const dueAt = activationDueAt(notifiedAt);
        const days = (dueAt.getTime() - notifiedAt.getTime() + 1) / 86_400_000;
        expect(days).toBeGreaterThan(7);
        expect(days).toBeLessThanOrEqual(8);
        expect(vietNamDay(dueAt)).toBe(addDays(vietNamDay(notifiedAt), 7));
        expect(vietNamDay(new Date(dueAt.getTime() + 1))).toBe(addDays(vietNamDay(notifiedAt), 8));
      }),
    );
  });

  it('includes its last millisecond', () => {
    const dueAt = activationDueAt(new Date('2025-03-01T10:00:00+07:00'));
    expect(isPastDue(dueAt, dueAt)).toBe(false);
    expect(isPastDue(dueAt, new Date(dueAt.getTime() + 1))).toBe(true);
  });
});

describe('a grant', () => {
  it('can be activated only after its notice', () => {
    expect(moveGrant('granted', 'activate')).toBeUndefined();
    expect(moveGrant('granted', 'notify')).toBe('pending_activation');
    expect(moveGrant('pending_activation', 'activate')).toBe('activated');
  });

  it('is activated once: a second activation is no move', () => {
    expect(moveGrant('activated', 'activate')).toBeUndefined();
  });

  it('that is late is not lost: the hotline opens it again, then it is activated', () => {
    expect(moveGrant('pending_activation', 'fall_due')).toBe('late_activation');
    expect(moveGrant('late_activation', 'activate')).toBeUndefined();
    expect(moveGrant('late_activation', 'reopen')).toBe('pending_activation');
  });

  it('waits for a new activation after a change of phone number', () => {
    expect(moveGrant('activated', 'phone_changed')).toBe('pending_activation');
    expect(moveGrant('activated', 'first_sign_in')).toBe('activated');
  });

  it('after any history becomes activated by an activation alone, and by it only once noticed and in time', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 40 }), (history) => {
        let status: GrantStatus = 'granted';
        for (const event of history) {
          const next: GrantStatus = moveGrant(status, event) ?? status;
          if (next === 'activated' && status !== 'activated')
            expect([status, event]).toEqual(['pending_activation', 'activate']);
          if (status !== 'granted') expect(next).not.toBe('granted');
          status = next;
        }
        expect(Object.keys(GRANT_MOVES)).toContain(status);
      }),
    );
  });
});

describe('who may be granted an account level', () => {
  const adult: GrantApplicant = { kind: 'citizen', ageYears: 30, hasValidCard: true, level: 2, onRequest: false };

  it.each([
    ['citizen', 14, 1, 'yes'],
    ['citizen', 14, 2, 'yes'],
    ['citizen', 13, 1, 'on_request'],
    ['citizen', 13, 2, 'on_request'],
    ['citizen', 6, 2, 'on_request'],
    ['citizen', 5, 1, 'on_request'],
    ['citizen', 5, 2, 'no'],
    ['foreigner', 6, 1, 'on_request'],
    ['foreigner', 40, 2, 'on_request'],
    ['foreigner', 5, 1, 'no'],
  ] as const)('a %s of %s at level %s: %s', (kind, ageYears, level, entitlement) => {
    const asked = mayBeGranted({ ...adult, kind, ageYears, level, onRequest: true });
    const unasked = mayBeGranted({ ...adult, kind, ageYears, level, onRequest: false });
    expect(asked.kind).toBe(entitlement === 'no' ? 'refused' : 'allowed');
    expect(unasked).toEqual(
      entitlement === 'yes'
        ? { kind: 'allowed' }
        : { kind: 'refused', reason: entitlement === 'no' ? 'too_young' : 'only_on_request' },
    );
  });

  it('needs a valid card at any age', () => {
    expect(mayBeGranted({ ...adult, hasValidCard: false })).toEqual({ kind: 'refused', reason: 'no_valid_card' });
  });

  it('has 1, 3 or 7 working days to wait, an organisation 3 or 15', () => {
    expect(grantDeadlineWorkingDays({ level: 1, hasValidCard: true })).toBe(1);
    expect(grantDeadlineWorkingDays({ level: 2, hasValidCard: true })).toBe(3);
    expect(grantDeadlineWorkingDays({ level: 1, hasValidCard: false })).toBe(7);
    expect(organisationDeadlineWorkingDays({ isInDatabase: true })).toBe(3);
    expect(organisationDeadlineWorkingDays({ isInDatabase: false })).toBe(15);
  });
});
