import { nextStep } from '../domain/activation.ts';
import { checkPassword, type PasswordReason } from '../domain/secrets-policy.ts';
import type { ActivationDeps } from './activation-deps.ts';
import { type Attempt, changeAttempt } from './attempt-store.ts';
import { findHolder } from './find-holder.ts';

export type PasswordOutcome =
  | { kind: 'chosen' }
  | { kind: 'refused'; reasons: readonly PasswordReason[] }
  | { kind: 'elsewhere' };

/** Keeps the hash on the attempt; the account gets it only with everything else. */
export async function choosePassword(
  deps: ActivationDeps,
  attempt: Attempt,
  password: string,
): Promise<PasswordOutcome> {
  const holder = await findHolder(deps, attempt);
  const judged = checkPassword(password, holder);
  if (!judged.ok) return { kind: 'refused', reasons: judged.reasons };
  const passwordHash = await deps.hasher.hash(password);
  const step = nextStep({ ...attempt, step: 'password' });
  const isMoved = await changeAttempt(deps.db, { id: attempt.id, step: 'password' }, { step, passwordHash });
  return { kind: isMoved ? 'chosen' : 'elsewhere' };
}
