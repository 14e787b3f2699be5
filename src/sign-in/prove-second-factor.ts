import { checkSecondFactor, type SecondFactorProof } from '../accounts/check-second-factor.ts';
import { guessPolicy } from '../accounts/guess-policy.ts';
import { insertSignIn } from '../accounts/sign-in-history-store.ts';
import { throttleWaitSeconds } from '../accounts/throttle-store.ts';
import { secondFactorKey } from '../accounts/verify-totp.ts';
import { appendAudit } from '../audit/audit-store.ts';
import { inTransaction } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { codeBinding } from './send-sign-in-code.ts';
import { changeToOver, changeTries, type SignInAttempt } from './sign-in-attempt-store.ts';
import type { SignInDeps } from './sign-in-deps.ts';

export type TypedSecondFactor = {
  method: 'otp' | 'sms';
  code: string;
  clientId: string;
  deviceLabel: string;
};

export type SecondFactorOutcome =
  | { kind: 'malformed' | 'wrong' | 'expired' | 'start_over' | 'right' }
  | { kind: 'throttled'; retryAfterSeconds: number };

/** Judges the second factor of the account whose password (or session) this attempt has proved, and of no other. Tries are counted by attempt and by
 *  account; when the attempt's are used up the password must be proved again. */
export async function proveSecondFactor(
  deps: SignInDeps,
  attempt: SignInAttempt,
  typed: TypedSecondFactor,
): Promise<SecondFactorOutcome> {
  const code = typed.code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(code)) return { kind: 'malformed' };
  if (!(await changeTries(deps.db, attempt, deps.config.codeTries))) return { kind: 'start_over' };
  const verdict = await checkSecondFactor(deps, attempt.accountId, proofOf(attempt, typed.method, code));
  if (verdict.kind === 'right') return { kind: 'right' };
  const isUsedUp = attempt.tries + 1 >= deps.config.codeTries;
  if (verdict.kind === 'wrong') await recordWrongCode(deps, attempt.accountId, typed);
  const retryAfterSeconds = await secondFactorWaitSeconds(deps, attempt.accountId);
  if (isUsedUp || retryAfterSeconds > 0) await changeToOver(deps.db, attempt);
  if (retryAfterSeconds > 0) return { kind: 'throttled', retryAfterSeconds };
  if (isUsedUp) return { kind: 'start_over' };
  return { kind: verdict.kind === 'expired' ? 'expired' : 'wrong' };
}

function proofOf(attempt: SignInAttempt, method: 'otp' | 'sms', code: string): SecondFactorProof {
  return method === 'otp' ? { method, code } : { method, code, binding: codeBinding(attempt) };
}

/** Seconds until this account's second factor may be tried again, 0 when now. */
export async function secondFactorWaitSeconds(deps: SignInDeps, accountId: string): Promise<number> {
  return throttleWaitSeconds(deps.db, secondFactorKey(deps, accountId), guessPolicy(deps.config), deps.clock());
}

async function recordWrongCode(deps: SignInDeps, accountId: string, typed: TypedSecondFactor): Promise<void> {
  deps.countOutcome?.('sign_in', 'wrong_code');
  const now = deps.clock();
  await inTransaction(deps.db, async (tx) => {
    await insertSignIn(tx, {
      id: newId(),
      accountId,
      outcome: 'wrong_code',
      clientId: typed.clientId,
      deviceLabel: typed.deviceLabel,
      occurredAt: now,
    });
    await appendAudit(tx, {
      at: now,
      actor: { kind: 'system' },
      action: 'sign_in.failed',
      accountId,
      detail: { client: typed.clientId, factor: typed.method },
    });
  });
}
