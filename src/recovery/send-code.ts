import { codeEnd, enqueueCode } from '../accounts/code-message.ts';
import { insertCode } from '../accounts/one-time-code-store.ts';
import { findPhoneOfPair, type TypedPair } from '../accounts/phone-pair.ts';
import { appendAudit } from '../audit/audit-store.ts';
import { resendWaitSeconds } from '../domain/one-time-code.ts';
import { translator } from '../i18n/translator.ts';
import { type Db, inTransaction } from '../platform/database.ts';
import { codePolicy, takeCode } from './limits.ts';
import { changeCodesSent, type RecoveryAttempt } from './recovery-attempt-store.ts';
import type { RecoveryDeps } from './recovery-deps.ts';

type SendDeps = Pick<RecoveryDeps, 'outbox' | 'config' | 'fingerprintKey'>;

/** Makes the attempt's newest code and puts its message into the outbox. Without a phone a message of the same size is put there that nobody gets. */
export async function sendCode(
  tx: Db,
  deps: SendDeps,
  attempt: Pick<RecoveryAttempt, 'id' | 'locale'> & { phone: TypedPair['phone'] | undefined },
  now: Date,
): Promise<void> {
  const code = await insertCode(tx, codePolicy(deps), { purpose: 'recovery', subject: attempt.id }, now);
  const body = translator(attempt.locale)('sms.recovery_code', { code, minutes: codeMinutes(deps.config) });
  const until = codeEnd(deps.config, now);
  await enqueueCode(tx, deps.outbox, { to: attempt.phone, body, until });
}

export type ResendOutcome =
  | { kind: 'sent' }
  /** `too_early`: the waits grow, 30, 60, 120 … seconds; `blocked`: the day's share is used up. */
  | { kind: 'too_early' | 'blocked'; retryAfterSeconds: number }
  | { kind: 'elsewhere' };

/** Sends a new code, which makes the older ones worthless. */
export async function resendCode(deps: RecoveryDeps, attempt: RecoveryAttempt): Promise<ResendOutcome> {
  const now = deps.clock();
  const waitSeconds = secondsUntilResend(attempt, now);
  if (waitSeconds > 0) return { kind: 'too_early', retryAfterSeconds: waitSeconds };
  const blockedSeconds = await takeCode(deps, attempt.pairFingerprint);
  if (blockedSeconds > 0) return { kind: 'blocked', retryAfterSeconds: blockedSeconds };
  const isSent = await inTransaction(deps.db, async (tx) => {
    if (!(await changeCodesSent(tx, attempt, now))) return false;
    const phone = await findPhoneOfPair(tx, deps, 'recovery', attempt);
    await sendCode(tx, deps, { id: attempt.id, locale: attempt.locale, phone }, now);
    const ofAccount = attempt.accountId === undefined ? {} : { accountId: attempt.accountId };
    await appendAudit(tx, {
      at: now,
      actor: { kind: 'citizen' },
      action: 'recovery.started',
      detail: { attempt: attempt.id, codes_sent: attempt.codesSent + 1 },
      ...ofAccount,
    });
    return true;
  });
  if (!isSent) return { kind: 'elsewhere' };
  deps.outbox.nudge();
  return { kind: 'sent' };
}

/** 0 when another code may be asked for now. */
export function secondsUntilResend(attempt: Pick<RecoveryAttempt, 'codesSent' | 'codeSentAt'>, now: Date): number {
  const sinceSeconds = (now.getTime() - attempt.codeSentAt.getTime()) / 1_000;
  return Math.max(0, Math.ceil(resendWaitSeconds(attempt.codesSent) - sinceSeconds));
}

/** Whole minutes that are surely left, for the message and the page. */
export function codeMinutes(config: { codeLifetimeSeconds: number }): number {
  return Math.max(1, Math.floor(config.codeLifetimeSeconds / 60));
}
