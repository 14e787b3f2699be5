import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIVATION_STEPS } from '../../src/domain/activation.ts';
import {
  ATTEMPT_REFUSALS,
  type AttemptState,
  FUNNEL_STEPS,
  type FunnelCount,
  type FunnelRow,
  funnelOf,
  funnelPlace,
  LOSSES_AT,
  publicFunnel,
} from '../../src/domain/activation-funnel.ts';
import { ACTIVATION_OBSTACLES } from '../../src/domain/activation-verdict.ts';

const FRESH: AttemptState = {
  step: 'code',
  outcome: undefined,
  isMatched: true,
  refusal: undefined,
  hasPassword: false,
  needsGuardian: false,
  isOver: true,
};
const endingOf = (change: Partial<AttemptState>): string => {
  const { step, ending } = funnelPlace({ ...FRESH, ...change });
  return `${step}: ${ending}`;
};

describe('where an attempt ended', () => {
  it('is where it stood when its time was over, for the reason of the last refusal there', () => {
    expect(endingOf({})).toBe('code: code_not_typed');
    expect(endingOf({ isMatched: false, refusal: 'code_mistyped' })).toBe('code: not_matched');
    expect(endingOf({ refusal: 'code_tries_used_up' })).toBe('code: code_tries_used_up');
    expect(endingOf({ refusal: 'resend_limit' })).toBe('code: resend_limit');
    expect(endingOf({ step: 'password', refusal: 'code_mistyped' })).toBe('password: abandoned');
    expect(endingOf({ step: 'passcode', refusal: 'passcode_blocked' })).toBe('passcode: passcode_blocked');
    expect(endingOf({ step: 'guardian' })).toBe('guardian: guardian_silent');
    expect(endingOf({ isOver: false })).toBe('code: open');
  });

  it('is the account, where the right code showed an obstacle; and the activation, where it came up later', () => {
    expect(endingOf({ outcome: 'locked' })).toBe('account: locked');
    expect(endingOf({ step: 'done', outcome: 'late' })).toBe('activation: late');
    expect(endingOf({ step: 'done', outcome: 'activated' })).toBe('activation: activated');
  });
});

const states: fc.Arbitrary<AttemptState> = fc.record({
  step: fc.constantFrom(...ACTIVATION_STEPS),
  outcome: fc.constantFrom(undefined, 'activated', 'credentials_set', 'overtaken', ...ACTIVATION_OBSTACLES),
  isMatched: fc.boolean(),
  refusal: fc.constantFrom(undefined, ...ATTEMPT_REFUSALS),
  hasPassword: fc.boolean(),
  needsGuardian: fc.boolean(),
  isOver: fc.boolean(),
});
/** The moves there are: `finishAttempt` is called at the code, at the end, and for a guardian who is not there. */
const attempts = states.filter(({ step, outcome, hasPassword, needsGuardian }) => {
  if (step === 'password' && hasPassword) return false;
  if (step === 'guardian' && !needsGuardian) return false;
  const isDone = outcome === 'activated' || outcome === 'credentials_set';
  if (step === 'done') return outcome !== undefined;
  if (step === 'code') return !isDone;
  return outcome === undefined || (step === 'guardian' && outcome === 'guardian_missing');
});
const counted: fc.Arbitrary<FunnelCount[]> = fc.array(
  fc.tuple(attempts, fc.integer({ min: 1, max: 40 })).map(([state, total]) => ({ ...funnelPlace(state), total })),
  { maxLength: 30 },
);
const lostAt = ({ losses, open }: FunnelRow): number =>
  (open ?? 0) + losses.reduce((sum, { count }) => sum + (count ?? 0), 0);

describe('the funnel', () => {
  it('has a place for every way an attempt can end, and none is in two', () => {
    fc.assert(
      fc.property(attempts, (state) => {
        const { step, ending } = funnelPlace(state);
        if (ending === 'open') return;
        const isCompleted = ending === 'activated' || ending === 'credentials_set';
        expect(isCompleted ? step === 'activation' : LOSSES_AT[step].includes(ending)).toBe(true);
      }),
    );
  });

  it('never grows: completed, lost and open add up to started, and nobody passes who did not come', () => {
    fc.assert(
      fc.property(counted, (counts) => {
        const { started, rows, completed } = funnelOf(counts);
        expect(rows.reduce((sum, row) => sum + lostAt(row), completed)).toBe(started);
        let left = started;
        for (const row of rows) {
          expect(row.reached).toBeLessThanOrEqual(left);
          expect(row.passed).toBe(row.reached - lostAt(row));
          expect(row.passed).toBeGreaterThanOrEqual(0);
          left -= lostAt(row);
        }
        expect(left).toBe(completed);
        expect(rows[0]?.reached).toBe(started);
        expect(rows.at(-1)?.passed).toBe(completed);
      }),
    );
  });

  it('lets those pass by who need no password and no guardian', () => {
    const one = {
      step: 'activation',
      ending: 'activated',
      choosesPassword: true,
      needsGuardian: false,
      total: 3,
    } as const;
    const { rows } = funnelOf([one, { ...one, choosesPassword: false, total: 4 }]);
    const reached = Object.fromEntries(rows.map((row) => [row.steps[0], row.reached]));
    expect(reached).toEqual({
      code: 7,
      account: 7,
      password: 3,
      passcode: 7,
      questions: 7,
      guardian: 0,
      activation: 7,
    });
  });
});

describe('what the public sees of the funnel', () => {
  it('gives nothing away that is under ten, however it is subtracted, and still adds up', () => {
    fc.assert(
      fc.property(counted, (counts) => {
        const whole = funnelOf(counts);
        const seen = publicFunnel(whole);
        expect(seen === undefined).toBe(Math.min(whole.completed, whole.started - whole.completed) < 10);
        if (seen === undefined) return;
        expect(seen.rows.flatMap(({ steps }) => steps)).toEqual(FUNNEL_STEPS);
        expect([seen.rows[0]?.reached, seen.rows.at(-1)?.passed]).toEqual([whole.started, whole.completed]);
        for (const row of seen.rows) {
          const drop = row.reached - row.passed;
          expect(drop).toBeGreaterThanOrEqual(10);
          const shown = [...row.losses.map(({ count }) => count), row.open].filter((count) => count !== undefined);
          for (const count of shown) expect(count).toBeGreaterThanOrEqual(10);
          const hidden = drop - shown.reduce((sum, count) => sum + count, 0);
          const isWhole = shown.length === row.losses.length + 1;
          if (isWhole) expect(hidden).toBe(0);
          else expect(hidden).toBeGreaterThanOrEqual(10);
        }
      }),
    );
  });
});
