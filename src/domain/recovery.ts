import type { AccountStatus } from './account.ts';
import type { LockGround } from './lock.ts';

/** What is set anew. One at a time: each is proved for by itself. */
export const RECOVERY_TARGETS = ['password', 'passcode'] as const;
export type RecoveryTarget = (typeof RECOVERY_TARGETS)[number];

/** Steps of a recovery in their order. `second_proof`: the code alone is not enough, for a phone can be stolen or its number taken over. */
export const RECOVERY_STEPS = ['code', 'second_proof', 'new_secret', 'done'] as const;
export type RecoveryStep = (typeof RECOVERY_STEPS)[number];

/** Every move of a recovery attempt; no step can be skipped or replayed, for no other move exists. */
export const RECOVERY_MOVES = {
  code: { passed: 'second_proof' },
  second_proof: { passed: 'new_secret' },
  new_secret: { passed: 'done' },
  done: {},
} as const satisfies Record<RecoveryStep, Partial<Record<'passed', RecoveryStep>>>;

/** The second proof that an account owes: a code of the authenticator app where one is enrolled, else the issue date of the identity card. Security
 *  questions are none (design). */
export type SecondProof = 'otp' | 'card';

/** Wrong second proofs that end an attempt: an issue date has little to guess (design). */
export const SECOND_PROOF_TRIES = 3;

/** Second proofs an account may be asked for in a day, over all attempts (design). */
export const SECOND_PROOFS_PER_DAY = 6;

export const RECOVERY_OBSTACLES = ['closed', 'deceased', 'locked', 'not_activated', 'no_second_proof'] as const;
export type RecoveryObstacle = (typeof RECOVERY_OBSTACLES)[number];

export type RecoveryVerdict =
  | { readonly kind: 'recover'; readonly proof: SecondProof }
  | { readonly kind: RecoveryObstacle };

/** Whether the secrets of an account can be set anew here. The gravest obstacle is named. An account without a password (never activated, activated
 *  anew after a change of phone, or imported) has nothing to recover: it is activated. */
export function recoveryVerdict(state: {
  readonly accountStatus: AccountStatus;
  readonly openGrounds: readonly LockGround[];
  readonly isDeceased: boolean;
  readonly hasPassword: boolean;
  readonly hasTotp: boolean;
  readonly hasCardIssueDate: boolean;
}): RecoveryVerdict {
  if (state.accountStatus === 'closed') return { kind: 'closed' };
  if (state.isDeceased || state.openGrounds.includes('death')) return { kind: 'deceased' };
  if (state.accountStatus === 'locked' || state.openGrounds.length > 0) return { kind: 'locked' };
  if (state.accountStatus === 'provisional' || !state.hasPassword) return { kind: 'not_activated' };
  if (state.hasTotp) return { kind: 'recover', proof: 'otp' };
  return state.hasCardIssueDate ? { kind: 'recover', proof: 'card' } : { kind: 'no_second_proof' };
}
