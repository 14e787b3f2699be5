import type { Db } from '../platform/database.ts';
import { readRow } from '../platform/prepared-queries.ts';

/** `second_factor`: the password (or a session) is proved, one factor is missing. `refused`: proved, but the account may not be used here. */
export type SignInStage = 'second_factor' | 'refused' | 'done';

/** What one interaction has proved so far. The provider's interaction cookie binds it to the browser. */
export type SignInAttempt = {
  /** The interaction's uid. */
  id: string;
  /** New with each proved password: codes are bound to it, so that none outlives the proof it was sent for. */
  serial: string;
  /** Whose password or session was proved: no other account can come out of this attempt. */
  accountId: string;
  /** Step-up: the session whose factors are built upon. */
  sessionUid?: string;
  stage: SignInStage;
  codesSent: number;
  codeSentAt?: Date;
  /** Wrong second factors. */
  tries: number;
  provedAt: Date;
  expiresAt: Date;
};

type SignInAttemptRow = {
  id: string;
  serial: string;
  account_id: string;
  session_uid: string | null;
  stage: SignInStage;
  codes_sent: number;
  code_sent_at: number | null;
  tries: number;
  created_at: number;
  expires_at: number;
};

/** Undefined when there is none or its time has passed. */
export async function findSignInAttempt(db: Db, id: string, now: Date): Promise<SignInAttempt | undefined> {
  const sql = 'select * from sign_in_attempts where id = ? and expires_at > ?';
  const row = await readRow<SignInAttemptRow>(db, sql, [id, now.getTime()]);
  return row && attemptOf(row);
}

/** Starts the interaction's attempt, in place of one that was there. The count of codes sent goes on for the same account: starting over
 *  does not shorten the wait for the next message. */
export async function putSignInAttempt(
  db: Db,
  attempt: Omit<SignInAttempt, 'codesSent' | 'codeSentAt' | 'tries'>,
): Promise<void> {
  const row: SignInAttemptRow = {
    id: attempt.id,
    serial: attempt.serial,
    account_id: attempt.accountId,
    session_uid: attempt.sessionUid ?? null,
    stage: attempt.stage,
    codes_sent: 0,
    code_sent_at: null,
    tries: 0,
    created_at: attempt.provedAt.getTime(),
    expires_at: attempt.expiresAt.getTime(),
  };
  const keepForSameAccount = (column: string) =>
    db.raw(
      `case when sign_in_attempts.account_id = excluded.account_id then sign_in_attempts.${column} else excluded.${column} end`,
    );
  await db('sign_in_attempts')
    .insert(row)
    .onConflict('id')
    .merge({ ...row, codes_sent: keepForSameAccount('codes_sent'), code_sent_at: keepForSameAccount('code_sent_at') });
}

/** @returns false if the attempt was started over or moved by another request. */
export async function changeSignInStage(
  tx: Db,
  attempt: Pick<SignInAttempt, 'id' | 'serial' | 'stage'>,
  to: SignInStage,
): Promise<boolean> {
  const { id, serial, stage } = attempt;
  return (await tx('sign_in_attempts').where({ id, serial, stage }).update({ stage: to })) === 1;
}

/** Counts one more message. @returns false when another request sent one meanwhile: two clicks send one message. */
export async function changeCodesSent(
  tx: Db,
  attempt: Pick<SignInAttempt, 'id' | 'serial' | 'codesSent'>,
  now: Date,
): Promise<boolean> {
  const { id, serial, codesSent } = attempt;
  const changed = await tx('sign_in_attempts')
    .where({ id, serial, stage: 'second_factor', codes_sent: codesSent })
    .update({ codes_sent: codesSent + 1, code_sent_at: now.getTime() });
  return changed === 1;
}

/** Counts a try at the second factor before it is judged. @returns false when the attempt has used up its tries or was started over. */
export async function changeTries(
  db: Db,
  attempt: Pick<SignInAttempt, 'id' | 'serial'>,
  maxTries: number,
): Promise<boolean> {
  const { id, serial } = attempt;
  const changed = await db('sign_in_attempts')
    .where({ id, serial, stage: 'second_factor' })
    .andWhere('tries', '<', maxTries)
    .increment('tries', 1);
  return changed === 1;
}

/** Ends the attempt where it stands: the password must be proved again. The row stays for its count of messages. */
export async function changeToOver(db: Db, attempt: Pick<SignInAttempt, 'id' | 'serial'>): Promise<void> {
  const { id, serial } = attempt;
  await db('sign_in_attempts').where({ id, serial }).update({ stage: 'done' });
}

/** @returns how many went, at most `limit`. */
export async function deleteExpiredSignInAttempts(db: Db, now: Date, limit: number): Promise<number> {
  const rows = (await db('sign_in_attempts').select('id').where('expires_at', '<', now.getTime()).limit(limit)) as {
    id: string;
  }[];
  const ids = rows.map((row) => row.id);
  return ids.length === 0 ? 0 : db('sign_in_attempts').whereIn('id', ids).delete();
}

function attemptOf(row: SignInAttemptRow): SignInAttempt {
  return {
    id: row.id,
    serial: row.serial,
    accountId: row.account_id,
    stage: row.stage,
    codesSent: row.codes_sent,
    tries: row.tries,
    provedAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    ...(row.session_uid === null ? {} : { sessionUid: row.session_uid }),
    ...(row.code_sent_at === null ? {} : { codeSentAt: new Date(row.code_sent_at) }),
  };
}
