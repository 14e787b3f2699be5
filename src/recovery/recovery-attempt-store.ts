import type { RecoveryObstacle, RecoveryStep, RecoveryTarget, SecondProof } from '../domain/recovery.ts';
import type { Db } from '../platform/database.ts';

/** How an attempt ended. `overtaken`: the account moved while it was under way (another recovery was faster, the phone number changed). */
export type RecoveryOutcome = 'recovered' | 'overtaken' | 'proof_tries_used_up' | RecoveryObstacle;

/** One recovery under way, on the server. The browser holds a random token, of which only the SHA-256 is kept. */
export type RecoveryAttempt = {
  id: string;
  /** Absent when the typed pair does not exist: the attempt only pretends, and never gets past its code. */
  accountId?: string;
  target: RecoveryTarget;
  step: RecoveryStep;
  outcome?: RecoveryOutcome;
  /** What the account owes beside the code; known once the phone is proved. */
  proof?: SecondProof;
  pairFingerprint: string;
  phoneTail: string;
  locale: 'vi' | 'en';
  codesSent: number;
  codeSentAt: Date;
  /** Second proofs counted so far. */
  tries: number;
  expiresAt: Date;
  finishedAt?: Date;
};

type AttemptRow = {
  id: string;
  token_hash: string;
  account_id: string | null;
  target: RecoveryTarget;
  step: RecoveryStep;
  outcome: RecoveryOutcome | null;
  proof: SecondProof | null;
  pair_fingerprint: string;
  phone_tail: string;
  locale: 'vi' | 'en';
  codes_sent: number;
  code_sent_at: number;
  tries: number;
  created_at: number;
  expires_at: number;
  finished_at: number | null;
};

export type NewRecoveryAttempt = Pick<
  RecoveryAttempt,
  'id' | 'accountId' | 'target' | 'pairFingerprint' | 'phoneTail' | 'locale' | 'expiresAt'
> & { tokenHash: string };

/** A fresh attempt waits for its first code, which is sent with it. */
export async function insertAttempt(tx: Db, attempt: NewRecoveryAttempt, now: Date): Promise<void> {
  const row: AttemptRow = {
    id: attempt.id,
    token_hash: attempt.tokenHash,
    account_id: attempt.accountId ?? null,
    target: attempt.target,
    step: 'code',
    outcome: null,
    proof: null,
    pair_fingerprint: attempt.pairFingerprint,
    phone_tail: attempt.phoneTail,
    locale: attempt.locale,
    codes_sent: 1,
    code_sent_at: now.getTime(),
    tries: 0,
    created_at: now.getTime(),
    expires_at: attempt.expiresAt.getTime(),
    finished_at: null,
  };
  await tx('recovery_attempts').insert(row);
}

/** Undefined when there is none or its time is over. A finished one is found until then: its last page can be loaded again. */
export async function findAttemptByToken(db: Db, tokenHash: string, now: Date): Promise<RecoveryAttempt | undefined> {
  const row = (await db('recovery_attempts')
    .where({ token_hash: tokenHash })
    .andWhere('expires_at', '>', now.getTime())
    .first()) as AttemptRow | undefined;
  return row && attemptOf(row);
}

/** A guarded move: only while the attempt stands at `from`, unfinished. @returns false if another tab or device moved it first. */
export async function changeAttemptStep(
  tx: Db,
  at: { id: string; from: RecoveryStep },
  change: { to: RecoveryStep; proof?: SecondProof },
): Promise<boolean> {
  const { to: step, proof } = change;
  const changed = await tx('recovery_attempts')
    .where({ id: at.id, step: at.from })
    .whereNull('finished_at')
    .update({ step, ...(proof === undefined ? {} : { proof }) });
  return changed === 1;
}

/** Counts another code, unless one was sent meanwhile. @returns false then. */
export async function changeCodesSent(
  tx: Db,
  attempt: Pick<RecoveryAttempt, 'id' | 'codesSent'>,
  now: Date,
): Promise<boolean> {
  const changed = await tx('recovery_attempts')
    .where({ id: attempt.id, step: 'code', codes_sent: attempt.codesSent })
    .whereNull('finished_at')
    .update({ codes_sent: attempt.codesSent + 1, code_sent_at: now.getTime() });
  return changed === 1;
}

/** Counts a second proof before it is judged. @returns false when the attempt has used up its tries or has moved. */
export async function changeProofTries(db: Db, id: string, maxTries: number): Promise<boolean> {
  const changed = await db('recovery_attempts')
    .where({ id, step: 'second_proof' })
    .whereNull('finished_at')
    .andWhere('tries', '<', maxTries)
    .increment('tries', 1);
  return changed === 1;
}

/** @returns false when it was over. */
export async function finishAttempt(tx: Db, id: string, outcome: RecoveryOutcome, now: Date): Promise<boolean> {
  const changed = await tx('recovery_attempts')
    .where({ id })
    .whereNull('finished_at')
    .update({ outcome, finished_at: now.getTime() });
  return changed === 1;
}

/** Ends an attempt whose second proofs are used up. @returns false while some are left, or when it has moved on. */
export async function finishUsedUp(db: Db, id: string, maxTries: number, now: Date): Promise<boolean> {
  const outcome: RecoveryOutcome = 'proof_tries_used_up';
  const changed = await db('recovery_attempts')
    .where({ id, step: 'second_proof' })
    .whereNull('finished_at')
    .andWhere('tries', '>=', maxTries)
    .update({ outcome, finished_at: now.getTime() });
  return changed === 1;
}

/** Ends whatever else is under way for an account: what was proved there was proved before the account changed. */
export async function finishOtherAttempts(
  tx: Db,
  of: { accountId: string; exceptId: string },
  now: Date,
): Promise<void> {
  const overtaken: RecoveryOutcome = 'overtaken';
  await tx('recovery_attempts')
    .where({ account_id: of.accountId })
    .whereNot({ id: of.exceptId })
    .whereNull('finished_at')
    .update({ outcome: overtaken, finished_at: now.getTime() });
}

/** @returns how many went, at most `limit`. */
export async function deleteExpiredRecoveryAttempts(db: Db, before: Date, limit: number): Promise<number> {
  const rows = (await db('recovery_attempts').select('id').where('expires_at', '<', before.getTime()).limit(limit)) as {
    id: string;
  }[];
  const ids = rows.map((row) => row.id);
  return ids.length === 0 ? 0 : db('recovery_attempts').whereIn('id', ids).delete();
}

function attemptOf(row: AttemptRow): RecoveryAttempt {
  return {
    id: row.id,
    target: row.target,
    step: row.step,
    pairFingerprint: row.pair_fingerprint,
    phoneTail: row.phone_tail,
    locale: row.locale,
    codesSent: row.codes_sent,
    codeSentAt: new Date(row.code_sent_at),
    tries: row.tries,
    expiresAt: new Date(row.expires_at),
    ...(row.account_id === null ? {} : { accountId: row.account_id }),
    ...(row.outcome === null ? {} : { outcome: row.outcome }),
    ...(row.proof === null ? {} : { proof: row.proof }),
    ...(row.finished_at === null ? {} : { finishedAt: new Date(row.finished_at) }),
  };
}
