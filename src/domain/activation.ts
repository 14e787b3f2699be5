/** Steps of an activation in their order. `guardian` is taken only under 14; `done` is the one transaction that ends it. */
export const ACTIVATION_STEPS = ['code', 'password', 'passcode', 'questions', 'guardian', 'done'] as const;

export type ActivationStep = (typeof ACTIVATION_STEPS)[number];

export type ActivationStepEvent = 'passed' | 'passed_with_password' | 'passed_under_guardian';

/** Every move of an activation attempt; no step can be skipped or replayed, for no other move exists.
 *  `passed_with_password`: the person keeps the password she has. `passed_under_guardian`: the guardian must confirm first. */
export const ACTIVATION_MOVES = {
  code: { passed: 'password', passed_with_password: 'passcode' },
  password: { passed: 'passcode' },
  passcode: { passed: 'questions' },
  questions: { passed: 'done', passed_under_guardian: 'guardian' },
  guardian: { passed: 'done' },
  done: {},
} as const satisfies Record<ActivationStep, Partial<Record<ActivationStepEvent, ActivationStep>>>;

export type ActivationFacts = {
  /** Whether the person already has a password, from the activation of another level. */
  readonly hasPassword: boolean;
  /** Under 14, or under guardianship: the guardian confirms in a session of his own. Decree 69/2024/NĐ-CP, Article 14. */
  readonly needsGuardian: boolean;
};

/** The step after `step` was passed. Nothing comes after `done`: it stays. */
export function nextStep({
  step,
  hasPassword,
  needsGuardian,
}: ActivationFacts & { readonly step: ActivationStep }): ActivationStep {
  const moves: Partial<Record<ActivationStepEvent, ActivationStep>> = ACTIVATION_MOVES[step];
  if (hasPassword && moves.passed_with_password !== undefined) return moves.passed_with_password;
  if (needsGuardian && moves.passed_under_guardian !== undefined) return moves.passed_under_guardian;
  return moves.passed ?? 'done';
}

/** The steps this person goes through, in order; for "step 2 of 5". */
export function stepsFor(facts: ActivationFacts): readonly ActivationStep[] {
  const steps: ActivationStep[] = ['code'];
  for (let step: ActivationStep = 'code'; step !== 'done'; ) {
    step = nextStep({ ...facts, step });
    steps.push(step);
  }
  return steps;
}

/** Through whom an activation came about. `self` is the citizen alone; a QR poster only guides her. */
export const ACTIVATION_CHANNELS = ['self', 'assist_point', 'police', 'mobile_team', 'hotline', 'qr_guide'] as const;

export type ActivationChannel = (typeof ACTIVATION_CHANNELS)[number];

export function isActivationChannel(text: string): text is ActivationChannel {
  return (ACTIVATION_CHANNELS as readonly string[]).includes(text);
}

/** Whether a helper took part: both are then named in the audit. */
export function isAssisted(channel: ActivationChannel): boolean {
  return channel !== 'self' && channel !== 'qr_guide';
}
