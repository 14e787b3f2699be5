import { timingSafeEqual } from 'node:crypto';
import { findAccountRecord } from '../accounts/account-record.ts';
import { verifyTotp } from '../accounts/verify-totp.ts';
import { appendAudit } from '../audit/audit-store.ts';
import { parseCalendarDate } from '../domain/birth-date.ts';
import { SECOND_PROOF_TRIES } from '../domain/recovery.ts';
import { takeSecondProof } from './limits.ts';
import { changeAttemptStep, changeProofTries, finishUsedUp, type RecoveryAttempt } from './recovery-attempt-store.ts';
import type { RecoveryDeps } from './recovery-deps.ts';

export type SecondProofOutcome =
  /** `malformed` counts as no try. */
  | { kind: 'proved' | 'malformed' }
  | { kind: 'wrong'; triesLeft: number }
  | { kind: 'throttled'; retryAfterSeconds: number }
  /** The attempt has ended or another tab moved it: its page says how. */
  | { kind: 'elsewhere' };

type Typed = { proof: 'otp'; code: string } | { proof: 'card'; issuedOn: string };

/** Judges the second proof. It is counted by account (a day's share) and by attempt, both before it is looked at; the last wrong one ends the attempt. */
export async function proveSecond(
  deps: RecoveryDeps,
  attempt: RecoveryAttempt & { accountId: string },
  typedText: string,
): Promise<SecondProofOutcome> {
  const typed = parseTyped(attempt, typedText);
  if (typed === undefined) return { kind: 'malformed' };
  const { id, accountId } = attempt;
  const retryAfterSeconds = await takeSecondProof(deps, accountId);
  if (retryAfterSeconds > 0) return { kind: 'throttled', retryAfterSeconds };
  if (!(await changeProofTries(deps.db, id, SECOND_PROOF_TRIES))) {
    await finishUsedUp(deps.db, id, SECOND_PROOF_TRIES, deps.clock());
    return { kind: 'elsewhere' };
  }

  const verdict = await judge(deps, accountId, typed);
  if (verdict.kind === 'throttled') return verdict;
  if (verdict.kind === 'right') {
    const isMoved = await changeAttemptStep(deps.db, { id, from: 'second_proof' }, { to: 'new_secret' });
    return { kind: isMoved ? 'proved' : 'elsewhere' };
  }
  await appendAudit(deps.db, {
    at: deps.clock(),
    actor: { kind: 'citizen' },
    action: 'recovery.refused',
    accountId,
    detail: { attempt: id, factor: typed.proof },
  });
  if (await finishUsedUp(deps.db, id, SECOND_PROOF_TRIES, deps.clock())) return { kind: 'elsewhere' };
  return { kind: 'wrong', triesLeft: Math.max(1, SECOND_PROOF_TRIES - attempt.tries - 1) };
}

function parseTyped(attempt: RecoveryAttempt, text: string): Typed | undefined {
  if (attempt.proof === 'otp') {
    const code = text.replace(/\s/g, '');
    return /^[0-9]{6}$/.test(code) ? { proof: 'otp', code } : undefined;
  }
  const date = parseCalendarDate(text);
  return date.ok ? { proof: 'card', issuedOn: date.value } : undefined;
}

type Verdict = { kind: 'right' | 'wrong' | 'not_enrolled' } | { kind: 'throttled'; retryAfterSeconds: number };

async function judge(deps: RecoveryDeps, accountId: string, typed: Typed): Promise<Verdict> {
  if (typed.proof === 'otp') return verifyTotp(deps, accountId, typed.code);
  const registered = (await findAccountRecord(deps.db, accountId))?.person.cardIssuedOn ?? '';
  const isSame = timingSafeEqual(Buffer.from(registered.padEnd(10)), Buffer.from(typed.issuedOn.padEnd(10)));
  return { kind: isSame ? 'right' : 'wrong' };
}
