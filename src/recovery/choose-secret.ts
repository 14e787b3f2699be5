import { putCredential } from '../accounts/credential-store.ts';
import { deleteKnownDevices } from '../accounts/known-device-store.ts';
import { openCitizenId, type Person } from '../accounts/person-store.ts';
import { findPhoneOfPair } from '../accounts/phone-pair.ts';
import { findSecretHolder } from '../accounts/secret-holder.ts';
import { tellHolder } from '../accounts/tell-holder.ts';
import { deleteThrottle, throttleKey } from '../accounts/throttle-store.ts';
import { appendAudits } from '../audit/audit-store.ts';
import { checkPasscode, checkPassword, type PasscodeReason, type PasswordReason } from '../domain/secrets-policy.ts';
import { instantText } from '../i18n/dates.ts';
import { translator } from '../i18n/translator.ts';
import { type Db, inTransaction } from '../platform/database.ts';
import { judgeRecovery } from './judge-recovery.ts';
import {
  changeAttemptStep,
  finishAttempt,
  finishOtherAttempts,
  type RecoveryAttempt,
  type RecoveryOutcome,
} from './recovery-attempt-store.ts';
import type { RecoveryDeps } from './recovery-deps.ts';

type ProvedAttempt = RecoveryAttempt & { accountId: string };

export type SecretOutcome =
  | { kind: 'weak_password'; reasons: readonly PasswordReason[] }
  | { kind: 'weak_passcode'; reasons: readonly PasscodeReason[] }
  /** The attempt is over; its outcome says how. */
  | { kind: 'finished' };

/** The last step: writes the new secret and everything that follows from it in one transaction, once. */
export async function chooseSecret(deps: RecoveryDeps, attempt: ProvedAttempt, typed: string): Promise<SecretOutcome> {
  const weak = await findWeakness(deps, attempt, typed);
  if (weak !== undefined) return weak;
  const secret = await deps.hasher.hash(attempt.target === 'passcode' ? typed.trim() : typed);
  const outcome = await inTransaction(deps.db, (tx) => complete(tx, deps, { ...attempt, secret }));
  if (outcome === 'recovered') await deps.gateway.endAccess(attempt.accountId);
  deps.outbox.nudge();
  deps.log.info({ accountId: attempt.accountId, attemptId: attempt.id, outcome }, 'recovery.finished');
  deps.countOutcome?.('recovery', outcome ?? 'elsewhere');
  return { kind: 'finished' };
}

async function findWeakness(
  deps: RecoveryDeps,
  { target, accountId }: ProvedAttempt,
  typed: string,
): Promise<SecretOutcome | undefined> {
  const holder = await findSecretHolder(deps, accountId);
  if (target === 'password') {
    const judged = checkPassword(typed, holder);
    return judged.ok ? undefined : { kind: 'weak_password', reasons: judged.reasons };
  }
  const judged = checkPasscode(typed.trim(), holder);
  return judged.ok ? undefined : { kind: 'weak_passcode', reasons: judged.reasons };
}

/** What changed since the proofs (a lock, another phone, a faster recovery) ends the attempt without writing any secret.
 *  @returns undefined when the attempt was over before. */
async function complete(
  tx: Db,
  deps: RecoveryDeps,
  attempt: ProvedAttempt & { secret: string },
): Promise<RecoveryOutcome | undefined> {
  const { id, accountId, target } = attempt;
  const now = deps.clock();
  if (!(await changeAttemptStep(tx, { id, from: 'new_secret' }, { to: 'done' }))) return undefined;
  const judged = await judgeRecovery(tx, accountId);
  const phone = await findPhoneOfPair(tx, deps, 'recovery', attempt);
  const outcome = judged === undefined || phone === undefined ? 'overtaken' : obstacleOf(judged.verdict.kind);
  await finishAttempt(tx, id, outcome, now);
  if (outcome !== 'recovered' || judged === undefined) return outcome;

  await putCredential(tx, { accountId, kind: target, secret: attempt.secret }, now);
  await finishOtherAttempts(tx, { accountId, exceptId: id }, now);
  await deleteKnownDevices(tx, accountId);
  await forgetWrongTries(tx, deps, { accountId, person: judged.record.person });
  await deps.outbox.enqueue(tx, { kind: 'end_access', payload: { accountId } });
  const entry = { at: now, actor: { kind: 'citizen' as const, id: accountId }, accountId };
  await appendAudits(tx, [
    { ...entry, action: 'recovery.completed', detail: { attempt: id, target, factor: attempt.proof ?? null } },
    { ...entry, action: `credential.${target}_changed` },
  ]);
  const body = translator(attempt.locale)(`sms.recovered_${target}`, { at: instantText('vi', now) });
  await tellHolder(tx, deps, accountId, body);
  return outcome;
}

function obstacleOf(kind: 'recover' | Exclude<RecoveryOutcome, 'recovered'>): RecoveryOutcome {
  return kind === 'recover' ? 'recovered' : kind;
}

/** Her own wrong tries before she gave up must not keep her out now. The keys are those of sign-in and of the passcode's confirmation. */
async function forgetWrongTries(tx: Db, deps: RecoveryDeps, of: { accountId: string; person: Person }): Promise<void> {
  const citizenId = openCitizenId(deps.vault, of.person);
  for (const key of [
    { kind: 'sign_in', subject: citizenId },
    { kind: 'passcode', subject: of.accountId },
    { kind: 'account_password', subject: of.accountId },
    { kind: 'recovery_proof', subject: of.accountId },
  ])
    await deleteThrottle(tx, throttleKey(deps.fingerprintKey, key));
}
