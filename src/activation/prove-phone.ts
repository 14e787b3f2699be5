import { reopenGrant } from '../accounts/grant-level.ts';
import { tryCode } from '../accounts/one-time-code-store.ts';
import { appendAudit } from '../audit/audit-store.ts';
import { nextStep } from '../domain/activation.ts';
import type { ActivationVerdict } from '../domain/activation-verdict.ts';
import { type Db, inTransaction } from '../platform/database.ts';
import type { ActivationDeps } from './activation-deps.ts';
import { type Assistance, findOpenAssistance } from './assistance-store.ts';
import { type Attempt, changeAttempt, finishAttempt, noteRefusal } from './attempt-store.ts';
import { judgeAccount } from './judge-account.ts';
import { codePolicy } from './limits.ts';

export type ProofOutcome =
  | { kind: 'proved' }
  /** `malformed` counts as no try; `none`: the newest code was used already. */
  | { kind: 'malformed' | 'wrong' | 'expired' | 'too_many_tries' | 'none' }
  | { kind: 'elsewhere' };

/** Judges the typed code. Only now, with the phone proved, does the attempt learn what it can lead to. */
export async function provePhone(deps: ActivationDeps, attempt: Attempt, typed: string): Promise<ProofOutcome> {
  const digits = typed.replace(/[\s.-]/g, '');
  if (!/^[0-9]{6}$/.test(digits)) return { kind: 'malformed' };
  const now = deps.clock();
  const { accountId } = attempt;
  // An attempt that only pretends compares with something that no code is: the same work, never right.
  const compared = accountId === undefined ? 'decoy!' : digits;
  const binding = { purpose: 'activation' as const, subject: attempt.id };
  const { verdict, isMoved } = await inTransaction(deps.db, async (tx) => {
    const tried = await tryCode(tx, codePolicy(deps), { ...binding, typed: compared }, now);
    if (tried !== 'right' || accountId === undefined) return { verdict: tried, isMoved: false };
    // One transaction: another tab that finds the code used finds the attempt moved, and so does whoever comes back after a crash.
    return { verdict: tried, isMoved: await moveOn(tx, { ...attempt, accountId }, now) };
  });
  if (verdict !== 'right' || accountId === undefined) {
    const kind = verdict === 'right' ? 'wrong' : verdict;
    if (kind !== 'none') await noteRefusal(deps.db, attempt.id, REFUSAL_OF[kind]);
    if (kind === 'too_many_tries') await noteRefusedCode(deps, attempt, now);
    return { kind };
  }
  if (!isMoved) return { kind: 'elsewhere' };
  deps.log.info({ accountId, attemptId: attempt.id }, 'activation.phone_proved');
  deps.countOutcome?.('activation', 'phone_proved');
  return { kind: 'proved' };
}

const REFUSAL_OF = {
  wrong: 'code_mistyped',
  expired: 'code_expired',
  too_many_tries: 'code_tries_used_up',
} as const;

type RealAttempt = Attempt & { accountId: string };

/** @returns false when another tab moved the attempt meanwhile. */
async function moveOn(tx: Db, attempt: RealAttempt, now: Date): Promise<boolean> {
  const { accountId, id } = attempt;
  const assistance = await findOpenAssistance(tx, accountId, now);
  const judged = await judgeAccount(tx, accountId, { now, mayReopen: assistance !== undefined });
  if (judged === undefined) return finishAttempt(tx, id, 'overtaken', now);
  const { verdict, hasPassword, needsGuardian } = judged;
  const mayGoOn = verdict.kind === 'activate' || verdict.kind === 'set_credentials';

  const target = verdict.kind === 'activate' ? verdict.grants[0] : undefined;
  const isMoved = await changeAttempt(
    tx,
    { id, step: 'code' },
    {
      step: mayGoOn ? nextStep({ step: 'code', hasPassword, needsGuardian }) : 'code',
      phoneProvedAt: now,
      hasPassword,
      needsGuardian,
      ...(target === undefined ? {} : { grantId: target.id }),
      ...(assistance === undefined ? {} : helpOf(assistance, attempt, now)),
    },
  );
  if (!isMoved) return false;
  await appendAudit(tx, {
    at: now,
    actor: { kind: 'citizen', id: accountId },
    action: 'activation.code_proved',
    accountId,
    detail: { attempt: id, verdict: verdict.kind },
  });
  if (!mayGoOn) return finishAttempt(tx, id, verdict.kind, now);
  if (assistance !== undefined) await reopenLate(tx, verdict, assistance, now);
  return true;
}

/** The helper's name on the attempt; and a device that is not the citizen's is given no more time than the attempt had. */
function helpOf(assistance: Assistance, attempt: Attempt, now: Date) {
  const shortest = now.getTime() + ASSISTED_LIFETIME_MS;
  return {
    channel: assistance.channel,
    unitCode: assistance.unitCode,
    helperId: assistance.helperId,
    assistanceId: assistance.id,
    expiresAt: new Date(Math.min(shortest, attempt.expiresAt.getTime())),
  };
}

const ASSISTED_LIFETIME_MS = 15 * 60_000;

/** The helper has identified the citizen: a late grant opens again in the same go. */
async function reopenLate(tx: Db, verdict: ActivationVerdict, assistance: Assistance, now: Date): Promise<void> {
  if (verdict.kind !== 'activate') return;
  for (const grant of verdict.reopen) {
    const { helperId, unitCode, reason } = assistance;
    const actor = { kind: 'officer' as const, id: helperId, unitCode };
    await reopenGrant(tx, { grantId: grant.id, reason, actor, now });
  }
}

async function noteRefusedCode(deps: ActivationDeps, attempt: Attempt, now: Date): Promise<void> {
  await appendAudit(deps.db, {
    at: now,
    actor: { kind: 'citizen' },
    action: 'activation.code_refused',
    detail: { attempt: attempt.id },
    ...(attempt.accountId === undefined ? {} : { accountId: attempt.accountId }),
  });
}
