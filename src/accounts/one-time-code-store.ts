import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { judgeCode } from '../domain/one-time-code.ts';
import { type Db, inTransaction, isPostgres } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { readRow, runShort, type Statements, send, writeRows } from '../platform/prepared-queries.ts';

export type CodePurpose = 'activation' | 'sign_in' | 'recovery';
/** What a code is bound to: an activation attempt, an interaction, a recovery. Never a person alone, so that one browser's code opens nothing in another. */
export type CodeBinding = { purpose: CodePurpose; subject: string };
export type CodePolicy = { lifetimeSeconds: number; maxTries: number; hmacKey: Buffer };
/** What somebody typed for a binding. */
export type TypedCode = CodeBinding & { typed: string };
export type CodeVerdict = 'right' | 'wrong' | 'expired' | 'too_many_tries' | 'none';

type CodeRow = {
  id: string;
  purpose: string;
  subject: string;
  code_hmac: string;
  created_at: number;
  expires_at: number;
  tries: number;
  used_at: number | null;
  superseded_at: number | null;
};

/** Makes a six-digit code and supersedes every older one of the binding: only the newest counts. @returns the code, for the message alone. */
export async function insertCode(tx: Db, policy: CodePolicy, binding: CodeBinding, now: Date): Promise<string> {
  return runShort(tx, () => codeInserted(policy, binding, now));
}

const SUPERSEDE =
  'update one_time_codes set superseded_at = ? where purpose = ? and subject = ? and superseded_at is null';
const INSERT = `insert into one_time_codes (id, purpose, subject, code_hmac, created_at, expires_at, tries)
  values (?, ?, ?, ?, ?, ?, 0)`;

function* codeInserted(policy: CodePolicy, { purpose, subject }: CodeBinding, now: Date): Statements<string> {
  const code = String(randomInt(0, 1_000_000)).padStart(6, '0');
  const id = newId();
  const at = now.getTime();
  yield* send(SUPERSEDE, [at, purpose, subject]);
  const expiresAt = at + policy.lifetimeSeconds * 1_000;
  yield* send(INSERT, [id, purpose, subject, hmacOf(policy, id, code), at, expiresAt]);
  return code;
}

/** Judges a typed code. The try is counted before the code is looked at, and a right one is used up in the same transaction:
 *  twenty guesses sent at once still count as twenty, and one code opens one door. Within the caller's transaction, if `db` is one: what the right code opens is then
 *  open when another sees the code used. */
export async function tryCode(db: Db, policy: CodePolicy, code: TypedCode, now: Date): Promise<CodeVerdict> {
  if (db.isTransaction === true) return useCode(db, policy, code, now);
  return inTransaction(db, (tx) => useCode(tx, policy, code, now));
}

const FIND_NEWEST = `select * from one_time_codes where purpose = ? and subject = ? and superseded_at is null
  order by created_at desc, id desc limit 1`;

async function useCode(tx: Db, policy: CodePolicy, { typed, ...binding }: TypedCode, now: Date): Promise<CodeVerdict> {
  const sql = isPostgres(tx) ? `${FIND_NEWEST} for update` : FIND_NEWEST;
  const row = await readRow<CodeRow>(tx, sql, [binding.purpose, binding.subject]);
  const verdict = judgeCode({
    code: row && {
      expiresAt: new Date(row.expires_at),
      tries: row.tries,
      usedAt: row.used_at === null ? undefined : new Date(row.used_at),
    },
    now,
    maxTries: policy.maxTries,
  });
  if (verdict.kind === 'used' || verdict.kind === 'none' || row === undefined) return 'none';
  if (verdict.kind !== 'usable') return verdict.kind;
  const isRight = timingSafeEqual(Buffer.from(row.code_hmac), Buffer.from(hmacOf(policy, row.id, typed)));
  await writeRows(tx, 'update one_time_codes set tries = ?, used_at = ? where id = ?', [
    row.tries + 1,
    isRight ? now.getTime() : null,
    row.id,
  ]);
  if (isRight) return 'right';
  return row.tries + 1 >= policy.maxTries ? 'too_many_tries' : 'wrong';
}

function hmacOf(policy: CodePolicy, id: string, code: string): string {
  return createHmac('sha256', policy.hmacKey).update(`${id}:${code}`).digest('base64url');
}

/** Removes codes long past their use. @returns how many. */
export async function deleteExpiredCodes(db: Db, before: Date, limit: number): Promise<number> {
  const ids = (await db('one_time_codes').select('id').where('expires_at', '<', before.getTime()).limit(limit)) as {
    id: string;
  }[];
  return ids.length === 0
    ? 0
    : db('one_time_codes')
        .whereIn(
          'id',
          ids.map((row) => row.id),
        )
        .delete();
}
