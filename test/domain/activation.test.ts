import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACTIVATION_CHANNELS,
  ACTIVATION_STEPS,
  type ActivationStep,
  isActivationChannel,
  isAssisted,
  nextStep,
  stepsFor,
} from '../../src/domain/activation.ts';

describe('the steps of an activation', () => {
  it('of a first account are code, password, passcode, questions, done', () => {
    expect(stepsFor({ hasPassword: false, needsGuardian: false })).toEqual([
      'code',
      'password',
      'passcode',
      'questions',
      'done',
    ]);
  });

  it('of a second level leave the password out', () => {
    expect(stepsFor({ hasPassword: true, needsGuardian: false })).toEqual(['code', 'passcode', 'questions', 'done']);
  });

  it('of a child end with the guardian', () => {
    expect(stepsFor({ hasPassword: false, needsGuardian: true })).toEqual([...ACTIVATION_STEPS]);
  });

  it('only ever go forward, and all of them end', () => {
    const anyStep = fc.constantFrom<ActivationStep>('code', 'password', 'passcode', 'questions', 'guardian');
    fc.assert(
      fc.property(anyStep, fc.boolean(), fc.boolean(), (step, hasPassword, needsGuardian) => {
        const next = nextStep({ step, hasPassword, needsGuardian });
        expect(ACTIVATION_STEPS.indexOf(next)).toBeGreaterThan(ACTIVATION_STEPS.indexOf(step));
      }),
    );
    expect(nextStep({ step: 'done', hasPassword: true, needsGuardian: true })).toBe('done');
  });
});

describe('the channel of an activation', () => {
  it('is one of six', () => {
    expect(ACTIVATION_CHANNELS).toHaveLength(6);
    expect(isActivationChannel('assist_point')).toBe(true);
    expect(isActivationChannel('fax')).toBe(false);
  });

  it('tells whether a helper has to be named', () => {
    expect(ACTIVATION_CHANNELS.filter(isAssisted)).toEqual(['assist_point', 'police', 'mobile_team', 'hotline']);
  });
});
