import { appendAudit } from '../audit/audit-store.ts';
import { resendWaitSeconds } from '../domain/one-time-code.ts';
import { inTransaction } from '../platform/database.ts';
import type { ActivationDeps } from './activation-deps.ts';
import { type Attempt, changeCodesSent, noteRefusal } from './attempt-store.ts';
import { takeCode } from './limits.ts';
import { phoneOfAttempt, sendCode } from './send-code.ts';

export type ResendOutcome =
  | { kind: 'sent' }
  /** The waits grow: 30, 60, 120 … seconds. */
  | { kind: 'too_early'; retryAfterSeconds: number }
  | { kind: 'blocked'; retryAfterSeconds: number }
  | { kind: 'elsewhere' };

/** Sends a new code, which makes the older ones worthless. */
export async function resendCode(deps: ActivationDeps, attempt: Attempt): Promise<ResendOutcome> {
  const now = deps.clock();
  const waitSeconds = secondsUntilResend(attempt, now);
  if (waitSeconds > 0) return { kind: 'too_early', retryAfterSeconds: waitSeconds };
  const blockedSeconds = await takeCode(deps, attempt.pairFingerprint);
  if (blockedSeconds > 0) {
    await noteRefusal(deps.db, attempt.id, 'resend_limit');
    return { kind: 'blocked', retryAfterSeconds: blockedSeconds };
  }

  const isSent = await inTransaction(deps.db, async (tx) => {
    if (!(await changeCodesSent(tx, attempt, now))) return false;
    const phone = await phoneOfAttempt(tx, deps, attempt);
    await sendCode(tx, deps, { id: attempt.id, locale: attempt.locale, phone }, now);
    await appendAudit(tx, {
      at: now,
      actor: { kind: 'citizen' },
      action: 'activation.code_sent',
      detail: { attempt: attempt.id, codes_sent: attempt.codesSent + 1 },
      ...(attempt.accountId === undefined ? {} : { accountId: attempt.accountId }),
    });
    return true;
  });
  if (!isSent) return { kind: 'elsewhere' };
  deps.outbox.nudge();
  return { kind: 'sent' };
}

/** 0 when another code may be asked for now. */
export function secondsUntilResend(attempt: Pick<Attempt, 'codesSent' | 'codeSentAt'>, now: Date): number {
  const since = (now.getTime() - attempt.codeSentAt.getTime()) / 1_000;
  return Math.max(0, Math.ceil(resendWaitSeconds(attempt.codesSent) - since));
}
