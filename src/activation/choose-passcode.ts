import { findCredential } from '../accounts/credential-store.ts';
import { verifyPasscode } from '../accounts/verify-passcode.ts';
import { nextStep } from '../domain/activation.ts';
import { checkPasscode, type PasscodeReason } from '../domain/secrets-policy.ts';
import type { ActivationDeps } from './activation-deps.ts';
import { type Attempt, changeAttempt, noteRefusal } from './attempt-store.ts';
import { findHolder } from './find-holder.ts';

export type PasscodeOutcome =
  | { kind: 'chosen' }
  | { kind: 'refused'; reasons: readonly PasscodeReason[] }
  /** Not the passcode that the account has. */
  | { kind: 'wrong' }
  | { kind: 'throttled'; retryAfterSeconds: number }
  | { kind: 'elsewhere' };

/** Whether the account has a passcode, from the activation of another level. */
export async function hasPasscode(deps: Pick<ActivationDeps, 'db'>, attempt: Attempt): Promise<boolean> {
  return (await findCredential(deps.db, attempt.accountId ?? '', 'passcode')) !== undefined;
}

/** Keeps the hash on the attempt; the account gets it only with everything else. A passcode that is there already is asked for instead, and stays: the
 *  phone alone, which anybody may have picked up, must not set anew what confirms sensitive acts (a recovery asks for a second proof). */
export async function choosePasscode(deps: ActivationDeps, attempt: Attempt, typed: string): Promise<PasscodeOutcome> {
  const passcode = typed.trim();
  const isKnown = await hasPasscode(deps, attempt);
  const refused = isKnown ? await refusalOfKnown(deps, attempt, passcode) : await refusalOfNew(deps, attempt, passcode);
  if (refused !== undefined) return refused;
  const kept = isKnown ? {} : { passcodeHash: await deps.hasher.hash(passcode) };
  const step = nextStep({ ...attempt, step: 'passcode' });
  const isMoved = await changeAttempt(deps.db, { id: attempt.id, step: 'passcode' }, { step, ...kept });
  return { kind: isMoved ? 'chosen' : 'elsewhere' };
}

async function refusalOfNew(
  deps: ActivationDeps,
  attempt: Attempt,
  passcode: string,
): Promise<PasscodeOutcome | undefined> {
  const judged = checkPasscode(passcode, await findHolder(deps, attempt));
  return judged.ok ? undefined : { kind: 'refused', reasons: judged.reasons };
}

/** What is not six digits costs no try. */
async function refusalOfKnown(
  deps: ActivationDeps,
  { id, accountId = '' }: Attempt,
  passcode: string,
): Promise<PasscodeOutcome | undefined> {
  if (!/^[0-9]{6}$/.test(passcode)) return { kind: 'refused', reasons: ['not_6_digits'] };
  const verdict = await verifyPasscode(deps, accountId, passcode);
  if (verdict.kind === 'right') return undefined;
  if (verdict.kind !== 'throttled') return { kind: 'wrong' };
  await noteRefusal(deps.db, id, 'passcode_blocked');
  return verdict;
}
