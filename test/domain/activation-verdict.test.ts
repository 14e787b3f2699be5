import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ActivationState, activationVerdict, type VerdictGrant } from '../../src/domain/activation-verdict.ts';

const NOW = new Date('2026-03-09T10:00:00Z');
const IN_TIME = new Date('2026-03-09T16:59:59.999Z');
const PAST = new Date('2026-03-08T16:59:59.999Z');

const ready: ActivationState = {
  accountStatus: 'provisional',
  openGrounds: [],
  isDeceased: false,
  grants: [{ id: 'two', accountLevel: 2, status: 'pending_activation', dueAt: IN_TIME }],
  hasPassword: false,
  needsGuardian: false,
  hasGuardian: false,
  mayReopen: false,
  now: NOW,
};

const grantsOf = (state: ActivationState): string[] | string => {
  const verdict = activationVerdict(state);
  return verdict.kind === 'activate' ? verdict.grants.map((grant) => grant.id) : verdict.kind;
};

const one: VerdictGrant = { id: 'one', accountLevel: 1, status: 'pending_activation', dueAt: IN_TIME };
const two: VerdictGrant = { id: 'two', accountLevel: 2, status: 'pending_activation', dueAt: IN_TIME };

describe('what an activation amounts to', () => {
  it.each<[string, Partial<ActivationState>, string[] | string]>([
    ['a waiting grant is activated', {}, ['two']],
    ['both levels together, the highest first', { grants: [one, two] }, ['two', 'one']],
    ['a granted level without a notice waits', { grants: [{ ...two, status: 'granted' }] }, 'nothing_granted'],
    ['past its time it is late, timer or no timer', { grants: [{ ...two, dueAt: PAST }] }, 'late'],
    ['a late one alone is late', { grants: [{ ...two, status: 'late_activation', dueAt: PAST }] }, 'late'],
    ['beside a late one the other is activated', { grants: [one, { ...two, dueAt: PAST }] }, ['one']],
    ['an officer may open a late one', { grants: [{ ...two, dueAt: PAST }], mayReopen: true }, ['two']],
    ['an active account stays so', { grants: [{ ...two, status: 'activated' }], hasPassword: true }, 'already_active'],
    ['an import without secrets gets them', { grants: [{ ...two, status: 'activated' }] }, 'set_credentials'],
    ['a lock outweighs a grant', { accountStatus: 'locked', openGrounds: ['holder_request'] }, 'locked'],
    ['a death outweighs a lock', { accountStatus: 'locked', openGrounds: ['holder_request', 'death'] }, 'deceased'],
    ['a closed number outweighs all', { accountStatus: 'closed', isDeceased: true }, 'closed'],
    ['a child needs a guardian on record', { needsGuardian: true }, 'guardian_missing'],
    ['and with one goes on', { needsGuardian: true, hasGuardian: true }, ['two']],
  ])('%s', (_, change, expected) => {
    expect(grantsOf({ ...ready, ...change })).toEqual(expected);
  });

  it('never lets anything be set on an account with a lock, nor credentials where a password exists', () => {
    const grant = fc.record({
      id: fc.constantFrom('one', 'two'),
      accountLevel: fc.constantFrom(1 as const, 2 as const),
      status: fc.constantFrom('granted', 'pending_activation', 'late_activation', 'activated'),
      dueAt: fc.constantFrom(IN_TIME, PAST),
    });
    const state = fc.record({
      accountStatus: fc.constantFrom('provisional', 'active', 'locked', 'closed'),
      openGrounds: fc.subarray(['holder_request', 'death', 'card_revoked'] as const),
      isDeceased: fc.boolean(),
      grants: fc.array(grant, { maxLength: 2 }),
      hasPassword: fc.boolean(),
      needsGuardian: fc.boolean(),
      hasGuardian: fc.boolean(),
      mayReopen: fc.boolean(),
      now: fc.constant(NOW),
    });
    fc.assert(
      fc.property(state, (given) => {
        const { kind } = activationVerdict(given);
        if (kind !== 'activate' && kind !== 'set_credentials') return;
        expect(given.openGrounds).toEqual([]);
        expect(given.isDeceased).toBe(false);
        expect(given.needsGuardian && !given.hasGuardian).toBe(false);
        if (kind === 'set_credentials') expect(given.hasPassword).toBe(false);
      }),
    );
  });
});
