import type { Db } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { readRow, readRows, writeRows } from '../platform/prepared-queries.ts';

export type CredentialKind = 'password' | 'passcode' | 'totp' | 'answer_1' | 'answer_2';

/** `secret` is an argon2id string, or for `totp` the sealed shared secret. */
export type Credential = {
  id: string;
  accountId: string;
  kind: CredentialKind;
  secret: string;
  question?: string;
  lastTimeStep?: number;
  changedAt: Date;
};

/** What is needed to verify one, and to replace it by one under stronger parameters. */
export type StoredSecret = Pick<Credential, 'id' | 'secret'>;

type CredentialRow = {
  id: string;
  account_id: string;
  kind: CredentialKind;
  secret: string;
  question: string | null;
  last_time_step: number | null;
  created_at: number;
  changed_at: number;
};

export async function findCredential(db: Db, accountId: string, kind: CredentialKind): Promise<Credential | undefined> {
  const sql = 'select * from credentials where account_id = ? and kind = ?';
  const row = await readRow<CredentialRow>(db, sql, [accountId, kind]);
  return row && credentialOf(row);
}

export async function listCredentials(db: Db, accountId: string): Promise<Credential[]> {
  const sql = 'select * from credentials where account_id = ? order by kind';
  const rows = await readRows<CredentialRow>(db, sql, [accountId]);
  return rows.map(credentialOf);
}

/** Sets a credential, replacing the one of its kind. */
export async function putCredential(
  tx: Db,
  credential: {
    id?: string;
    accountId: string;
    kind: CredentialKind;
    secret: string;
    question?: string;
    lastTimeStep?: number;
  },
  now: Date,
): Promise<void> {
  const { id = newId(), accountId, kind, secret, question = null, lastTimeStep = null } = credential;
  await writeRows(tx, PUT, [id, accountId, kind, secret, question, lastTimeStep, now.getTime(), now.getTime()]);
}

const PUT = `insert into credentials (id, account_id, kind, secret, question, last_time_step, created_at, changed_at)
  values (?, ?, ?, ?, ?, ?, ?, ?)
  on conflict (account_id, kind) do update set id = excluded.id, secret = excluded.secret, question = excluded.question,
  last_time_step = excluded.last_time_step, changed_at = excluded.changed_at`;

/** Replaces a secret by one the holder chose, only while the row is the one that she was asked about: the row gets a new id, so that of two changes made
 *  at once, or of a change and a recovery, the second finds nothing. @returns false then. */
export async function changeCredential(
  tx: Db,
  credential: { id: string; secret: string },
  now: Date,
): Promise<boolean> {
  const { id, secret } = credential;
  return (await tx('credentials').where({ id }).update({ id: newId(), secret, changed_at: now.getTime() })) === 1;
}

/** Replaces a hash by one under stronger parameters, only while it is still the one that was verified. */
export async function changeSecret(db: Db, id: string, secret: { from: string; to: string }): Promise<boolean> {
  return (await db('credentials').where({ id, secret: secret.from }).update({ secret: secret.to })) === 1;
}

/** Uses up a TOTP time step. @returns false when this step or a later one was used: the code is a replay. @see RFC 6238 §5.2 */
export async function changeLastTimeStep(db: Db, id: string, step: number): Promise<boolean> {
  const changed = await db('credentials')
    .where({ id })
    .andWhere((query) => void query.whereNull('last_time_step').orWhere('last_time_step', '<', step))
    .update({ last_time_step: step });
  return changed === 1;
}

export async function deleteCredential(tx: Db, accountId: string, kind: CredentialKind): Promise<boolean> {
  return (await tx('credentials').where({ account_id: accountId, kind }).delete()) === 1;
}

function credentialOf(row: CredentialRow): Credential {
  return {
    id: row.id,
    accountId: row.account_id,
    kind: row.kind,
    secret: row.secret,
    changedAt: new Date(row.changed_at),
    ...(row.question === null ? {} : { question: row.question }),
    ...(row.last_time_step === null ? {} : { lastTimeStep: row.last_time_step }),
  };
}
