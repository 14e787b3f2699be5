import { findAccountRecord } from '../accounts/account-record.ts';
import { tellHolder } from '../accounts/tell-holder.ts';
import { type VerifyPasscodeDeps, verifyPasscode } from '../accounts/verify-passcode.ts';
import { appendAudit } from '../audit/audit-store.ts';
import type { AttemptOutcome } from '../domain/activation-funnel.ts';
import { instantText } from '../i18n/dates.ts';
import { translator } from '../i18n/translator.ts';
import { type Db, inTransaction } from '../platform/database.ts';
import type { ActivationDeps } from './activation-deps.ts';
import { type Attempt, changeAttempt, findAttemptForGuardian } from './attempt-store.ts';
import { completeAttempt } from './complete-attempt.ts';

export type GuardianInput = { reference: string; guardianAccountId: string; passcode: string };
export type GuardianOutcome =
  | { kind: 'finished'; outcome: AttemptOutcome }
  | { kind: 'wrong_passcode' }
  | { kind: 'blocked'; retryAfterSeconds: number }
  /** The guardian's own account is not at level 2. */
  | { kind: 'level_too_low' }
  | { kind: 'unknown' };

/** The guardian confirms in his own session, with his own passcode, and the child's activation is completed by it.
 *  Source: Decree 69/2024/NĐ-CP, Article 14. */
export async function confirmAsGuardian(
  deps: ActivationDeps & VerifyPasscodeDeps,
  input: GuardianInput,
): Promise<GuardianOutcome> {
  const now = deps.clock();
  const request = await findAttemptForGuardian(deps.db, input, now);
  if (request === undefined) return { kind: 'unknown' };
  if (request.outcome !== undefined) return { kind: 'finished', outcome: request.outcome };
  if (!(await isEntitled(deps.db, input.guardianAccountId))) return { kind: 'level_too_low' };

  const verdict = await verifyPasscode(deps, input.guardianAccountId, input.passcode.trim());
  if (verdict.kind === 'throttled') return { kind: 'blocked', retryAfterSeconds: verdict.retryAfterSeconds };
  if (verdict.kind !== 'right') return { kind: 'wrong_passcode' };

  const outcome = await inTransaction(deps.db, (tx) => confirm(tx, deps, { ...input, request }, now));
  deps.outbox.nudge();
  if (outcome === undefined) {
    const settled = await findAttemptForGuardian(deps.db, input, now);
    return settled?.outcome === undefined ? { kind: 'unknown' } : { kind: 'finished', outcome: settled.outcome };
  }
  deps.log.info({ accountId: request.accountId, outcome }, 'activation.guardian_confirmed');
  deps.countOutcome?.('activation', outcome);
  return { kind: 'finished', outcome };
}

/** @returns undefined when the request was settled meanwhile. */
async function confirm(
  tx: Db,
  deps: ActivationDeps,
  input: { request: Attempt; guardianAccountId: string },
  now: Date,
): Promise<AttemptOutcome | undefined> {
  const { request, guardianAccountId } = input;
  if (!(await changeAttempt(tx, { id: request.id, step: 'guardian' }, { step: 'done' }))) return undefined;
  const outcome = await completeAttempt(tx, deps, request, { now, guardianAccountId });
  await appendAudit(tx, {
    at: now,
    actor: { kind: 'guardian', id: guardianAccountId },
    action: 'activation.guardian_confirmed',
    detail: { attempt: request.id, outcome },
    ...(request.accountId === undefined ? {} : { accountId: request.accountId }),
  });
  const t = translator('vi');
  await tellHolder(tx, deps, guardianAccountId, t('sms.guardian_confirmed', { at: instantText('vi', now) }));
  return outcome;
}

/** A guardian confirms with an account at level 2 in use. */
async function isEntitled(db: Db, guardianAccountId: string): Promise<boolean> {
  const record = await findAccountRecord(db, guardianAccountId);
  return record?.account.status === 'active' && record.accountLevel === 2;
}
