import { findAccountRecord } from '../accounts/account-record.ts';
import { codeEnd, enqueueCode } from '../accounts/code-message.ts';
import { fixedWindow } from '../accounts/guess-policy.ts';
import { insertCode } from '../accounts/one-time-code-store.ts';
import { openPhoneNumber } from '../accounts/person-store.ts';
import { takeTry, throttleKey } from '../accounts/throttle-store.ts';
import { resendWaitSeconds } from '../domain/one-time-code.ts';
import type { PhoneNumber } from '../domain/phone-number.ts';
import { type Db, inTransaction } from '../platform/database.ts';
import type { SignInAttempt } from './sign-in-attempt-store.ts';
import { changeCodesSent } from './sign-in-attempt-store.ts';
import type { SignInDeps } from './sign-in-deps.ts';

export type SendCodeOutcome =
  | { kind: 'sent' }
  | { kind: 'no_phone' }
  | { kind: 'wait'; retryAfterSeconds: number; because: 'just_sent' | 'too_many_today' };

const DAY_SECONDS = 86_400;

/** Sends a code for this attempt to the registered phone, unless the last one has just gone (growing waits) or the phone had its day's share.
 *  `smsText` gets the code and makes the message. */
export async function sendSignInCode(
  deps: SignInDeps,
  attempt: SignInAttempt,
  smsText: (code: string) => string,
): Promise<SendCodeOutcome> {
  const now = deps.clock();
  const phone = await findPhone(deps, attempt.accountId);
  if (phone === undefined) return { kind: 'no_phone' };
  const waitSeconds = nextCodeSeconds(attempt, now);
  if (waitSeconds > 0) return { kind: 'wait', retryAfterSeconds: waitSeconds, because: 'just_sent' };
  const key = throttleKey(deps.fingerprintKey, { kind: 'sign_in_codes', subject: phone });
  const retryAfterSeconds = await takeTry(deps.db, key, fixedWindow(deps.config.codesPerPhonePerDay, DAY_SECONDS), now);
  if (retryAfterSeconds > 0) return { kind: 'wait', retryAfterSeconds, because: 'too_many_today' };

  const { codeLifetimeSeconds: lifetimeSeconds, codeTries: maxTries } = deps.config;
  const policy = { lifetimeSeconds, maxTries, hmacKey: deps.fingerprintKey };
  const isSent = await inTransaction(deps.db, async (tx) => {
    if (!(await changeCodesSent(tx, attempt, now))) return false;
    const code = await insertCode(tx, policy, codeBinding(attempt), now);
    await enqueueCode(tx, deps.outbox, { to: phone, body: smsText(code), until: codeEnd(deps.config, now) });
    return true;
  });
  if (!isSent) {
    // A second click: the first one's message is on its way.
    return { kind: 'wait', retryAfterSeconds: resendWaitSeconds(attempt.codesSent + 1), because: 'just_sent' };
  }
  deps.outbox.nudge();
  return { kind: 'sent' };
}

/** To what a sign-in code is bound: this proof of a password in this interaction. */
export function codeBinding(attempt: Pick<SignInAttempt, 'serial'>): { purpose: 'sign_in'; subject: string } {
  return { purpose: 'sign_in', subject: attempt.serial };
}

/** Seconds until another code may be sent. */
function nextCodeSeconds(attempt: Pick<SignInAttempt, 'codesSent' | 'codeSentAt'>, now: Date): number {
  if (attempt.codeSentAt === undefined) return 0;
  const elapsedSeconds = (now.getTime() - attempt.codeSentAt.getTime()) / 1_000;
  return Math.max(0, Math.ceil(resendWaitSeconds(attempt.codesSent) - elapsedSeconds));
}

export async function findPhone(
  deps: { db: Db; vault: SignInDeps['vault'] },
  accountId: string,
): Promise<PhoneNumber | undefined> {
  const record = await findAccountRecord(deps.db, accountId);
  return record && openPhoneNumber(deps.vault, record.person);
}
