import { completeActivation } from '../accounts/complete-activation.ts';
import { listCredentials, putCredential } from '../accounts/credential-store.ts';
import { openCitizenId, openPhoneNumber, type Person } from '../accounts/person-store.ts';
import { tellPerson } from '../accounts/tell-holder.ts';
import { appendAudits } from '../audit/audit-store.ts';
import type { AttemptOutcome } from '../domain/activation-funnel.ts';
import type { ActivationVerdict } from '../domain/activation-verdict.ts';
import { instantText } from '../i18n/dates.ts';
import { translator } from '../i18n/translator.ts';
import type { Db } from '../platform/database.ts';
import type { ActivationDeps } from './activation-deps.ts';
import { closeAssistance } from './assistance-store.ts';
import { type Attempt, finishAttempt } from './attempt-store.ts';
import { type JudgedAccount, judgeAccount } from './judge-account.ts';
import { pairFingerprint } from './limits.ts';

type CompletionDeps = Pick<ActivationDeps, 'vault' | 'outbox' | 'fingerprintKey'>;
type Completion = { now: Date; guardianAccountId?: string };

/** Ends the attempt in the caller's transaction, which has moved it to `done`: credentials, grants, activations, audit, events, counters and the
 *  message to the holder are all written or none is. What has changed since the phone was proved (a lock, midnight of the due day, another device)
 *  ends the attempt without writing any of them. */
export async function completeAttempt(
  tx: Db,
  deps: CompletionDeps,
  attempt: Attempt,
  by: Completion,
): Promise<AttemptOutcome> {
  const outcome = await activate(tx, deps, attempt, by);
  await finishAttempt(tx, attempt.id, outcome, by.now);
  return outcome;
}

async function activate(tx: Db, deps: CompletionDeps, attempt: Attempt, by: Completion): Promise<AttemptOutcome> {
  const { accountId } = attempt;
  const judged = accountId && (await judgeAccount(tx, accountId, { now: by.now, mayReopen: false }));
  if (!accountId || !judged || !isUnchanged(deps, attempt, judged, by)) return 'overtaken';
  const { verdict } = judged;
  if (verdict.kind === 'already_active') return 'overtaken';
  if (verdict.kind !== 'activate' && verdict.kind !== 'set_credentials') return verdict.kind;

  await putSecrets(tx, { ...attempt, accountId }, by.now);
  if (verdict.kind === 'activate') await activateGrants(tx, { ...attempt, accountId }, verdict, by);
  if (attempt.assistanceId !== undefined) await closeAssistance(tx, attempt.assistanceId, by.now);
  await tellPerson(tx, deps, judged.person, holderText(attempt, verdict, by.now));
  return verdict.kind === 'activate' ? 'activated' : 'credentials_set';
}

/** The phone is still the one that was proved; a password was asked for if and only if the account has none; and who must confirm has confirmed. */
function isUnchanged(deps: CompletionDeps, attempt: Attempt, judged: JudgedAccount, by: Completion): boolean {
  if (pairOf(deps, judged.person) !== attempt.pairFingerprint) return false;
  if (judged.hasPassword !== (attempt.passwordHash === undefined)) return false;
  return !judged.needsGuardian || (by.guardianAccountId ?? 'none') === judged.guardianAccountId;
}

function pairOf(deps: CompletionDeps, person: Person): string | undefined {
  const phone = openPhoneNumber(deps.vault, person);
  return phone && pairFingerprint(deps.fingerprintKey, openCitizenId(deps.vault, person), phone);
}

type RealAttempt = Attempt & { accountId: string };

async function putSecrets(tx: Db, attempt: RealAttempt, now: Date): Promise<void> {
  const { accountId, passwordHash, passcodeHash, question1, answer1Hash, question2, answer2Hash } = attempt;
  const before = new Set((await listCredentials(tx, accountId)).map((one) => one.kind));
  if (!(passcodeHash || before.has('passcode')) || !question1 || !answer1Hash || !question2 || !answer2Hash)
    throw new Error('an attempt reached its end without its secrets');
  if (passwordHash !== undefined) await putCredential(tx, { accountId, kind: 'password', secret: passwordHash }, now);
  if (passcodeHash !== undefined) await putCredential(tx, { accountId, kind: 'passcode', secret: passcodeHash }, now);
  await putCredential(tx, { accountId, kind: 'answer_1', secret: answer1Hash, question: question1 }, now);
  await putCredential(tx, { accountId, kind: 'answer_2', secret: answer2Hash, question: question2 }, now);

  const entry = { at: now, actor: { kind: 'citizen' as const, id: accountId }, accountId };
  await appendAudits(tx, [
    ...(passwordHash === undefined ? [] : [{ ...entry, action: 'credential.password_set' as const }]),
    ...(passcodeHash === undefined ? [] : [{ ...entry, action: 'credential.passcode_set' as const }]),
    { ...entry, action: 'credential.questions_set' },
  ]);
}

/** The highest level first: it is the one to which the person's first activation is counted. */
async function activateGrants(
  tx: Db,
  attempt: RealAttempt,
  verdict: Extract<ActivationVerdict, { kind: 'activate' }>,
  by: Completion,
): Promise<void> {
  const { accountId, channel, unitCode, helperId } = attempt;
  const { guardianAccountId } = by;
  for (const grant of verdict.grants) {
    const outcome = await completeActivation(tx, {
      accountId,
      grantId: grant.id,
      at: by.now,
      channel,
      attemptId: attempt.id,
      actor:
        guardianAccountId === undefined
          ? { kind: 'citizen', id: accountId }
          : { kind: 'guardian', id: guardianAccountId },
      ...(unitCode === undefined ? {} : { unitCode }),
      ...(helperId === undefined ? {} : { helperId }),
      ...(guardianAccountId === undefined ? {} : { guardianAccountId }),
    });
    // Judged a moment ago with the grants held: anything else must not leave half an activation behind.
    if (outcome !== 'activated') throw new Error(`a grant judged activatable was ${outcome}`);
  }
}

function holderText(attempt: Attempt, verdict: ActivationVerdict, now: Date): string {
  const t = translator(attempt.locale);
  const at = instantText('vi', now);
  if (verdict.kind !== 'activate') return t('sms.credentials_set', { at });
  const levels = verdict.grants.map((grant) => grant.accountLevel).toSorted((a, b) => a - b);
  return t('sms.activated', { levels: levels.join(' + '), at });
}
