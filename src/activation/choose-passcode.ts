import { nextStep } from '../domain/activation.ts';
import { checkPasscode, type PasscodeReason } from '../domain/secrets-policy.ts';
import type { ActivationDeps } from './activation-deps.ts';
import { type Attempt, changeAttempt } from './attempt-store.ts';
import { findHolder } from './find-holder.ts';

export type PasscodeOutcome =
  | { kind: 'chosen' }
  | { kind: 'refused'; reasons: readonly PasscodeReason[] }
  | { kind: 'elsewhere' };

/** Keeps the hash on the attempt; the account gets it only with everything else. */
export async function choosePasscode(
  deps: ActivationDeps,
  attempt: Attempt,
  passcode: string,
): Promise<PasscodeOutcome> {
  const holder = await findHolder(deps, attempt);
  const judged = checkPasscode(passcode.trim(), holder);
  if (!judged.ok) return { kind: 'refused', reasons: judged.reasons };
  const passcodeHash = await deps.hasher.hash(passcode.trim());
  const step = nextStep({ ...attempt, step: 'passcode' });
  const isMoved = await changeAttempt(deps.db, { id: attempt.id, step: 'passcode' }, { step, passcodeHash });
  return { kind: isMoved ? 'chosen' : 'elsewhere' };
}
