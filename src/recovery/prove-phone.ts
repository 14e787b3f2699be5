import { tryCode } from '../accounts/one-time-code-store.ts';
import { appendAudit } from '../audit/audit-store.ts';
import { type Db, inTransaction } from '../platform/database.ts';
import { judgeRecovery } from './judge-recovery.ts';
import { codePolicy } from './limits.ts';
import { changeAttemptStep, finishAttempt, type RecoveryAttempt } from './recovery-attempt-store.ts';
import type { RecoveryDeps } from './recovery-deps.ts';

/** `malformed` counts as no try; `none`: the newest code was used already; `elsewhere`: another tab moved the attempt. */
export type PhoneProof = {
  kind: 'proved' | 'malformed' | 'wrong' | 'expired' | 'too_many_tries' | 'none' | 'elsewhere';
};

/** Judges the typed code. Only now, with the phone proved, does the attempt learn whether there is something to recover. */
export async function provePhone(deps: RecoveryDeps, attempt: RecoveryAttempt, typed: string): Promise<PhoneProof> {
  const digits = typed.replace(/[\s.-]/g, '');
  if (!/^[0-9]{6}$/.test(digits)) return { kind: 'malformed' };
  const now = deps.clock();
  const { accountId, id } = attempt;
  // An attempt that only pretends compares with something that no code is: the same work, never right.
  const compared = accountId === undefined ? 'decoy!' : digits;
  const binding = { purpose: 'recovery' as const, subject: id };
  const { verdict, isMoved } = await inTransaction(deps.db, async (tx) => {
    const tried = await tryCode(tx, codePolicy(deps), { ...binding, typed: compared }, now);
    if (tried !== 'right' || accountId === undefined) return { verdict: tried, isMoved: false };
    // One transaction: another tab that finds the code used finds the attempt moved.
    return { verdict: tried, isMoved: await moveOn(tx, { id, accountId }, now) };
  });
  if (verdict !== 'right' || accountId === undefined) {
    if (verdict === 'too_many_tries') {
      const ofAccount = accountId === undefined ? {} : { accountId };
      const detail = { attempt: id, factor: 'sms' };
      await appendAudit(deps.db, {
        at: now,
        actor: { kind: 'citizen' },
        action: 'recovery.refused',
        detail,
        ...ofAccount,
      });
    }
    return { kind: verdict === 'right' ? 'wrong' : verdict };
  }
  return { kind: isMoved ? 'proved' : 'elsewhere' };
}

/** @returns false when another tab moved the attempt meanwhile. */
async function moveOn(tx: Db, { id, accountId }: { id: string; accountId: string }, now: Date): Promise<boolean> {
  const judged = await judgeRecovery(tx, accountId);
  if (judged === undefined) return finishAttempt(tx, id, 'overtaken', now);
  const { verdict } = judged;
  if (verdict.kind !== 'recover') return finishAttempt(tx, id, verdict.kind, now);
  return changeAttemptStep(tx, { id, from: 'code' }, { to: 'second_proof', proof: verdict.proof });
}
