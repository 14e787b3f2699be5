import type { AuthLevel } from '../domain/assurance.ts';
import type { Db } from '../platform/database.ts';
import { runShort, type Statements, send } from '../platform/prepared-queries.ts';

/** `refused`: the secrets were right and the account may not be used here. */
export type SignInOutcome = 'signed_in' | 'wrong_password' | 'wrong_code' | 'refused';

/** One sign-in to this account, or a try at it, as the holder may see it. No address; the device only coarsely: `Chrome (Android)`. */
export type SignInRecord = {
  id: string;
  accountId: string;
  outcome: SignInOutcome;
  clientId?: string;
  authLevel?: AuthLevel;
  amr?: string[];
  sessionUid?: string;
  deviceId?: string;
  deviceLabel?: string;
  occurredAt: Date;
};

type SignInRow = {
  id: string;
  account_id: string;
  outcome: SignInOutcome;
  client_id: string | null;
  auth_level: AuthLevel | null;
  amr: string | null;
  session_uid: string | null;
  device_id: string | null;
  device_label: string | null;
  occurred_at: number;
};

const INSERT = `insert into sign_ins
  (id, account_id, outcome, client_id, auth_level, amr, session_uid, device_id, device_label, occurred_at)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export async function insertSignIn(tx: Db, record: SignInRecord): Promise<void> {
  await runShort(tx, () => signInInserted(record));
}

/** The same within a short transaction. */
export function* signInInserted(record: SignInRecord): Statements<void> {
  yield* send(INSERT, [
    record.id,
    record.accountId,
    record.outcome,
    record.clientId ?? null,
    record.authLevel ?? null,
    record.amr?.join(' ') ?? null,
    record.sessionUid ?? null,
    record.deviceId ?? null,
    record.deviceLabel ?? null,
    record.occurredAt.getTime(),
  ]);
}

const NEWER_THAN_ALL = { occurred_at: Number.MAX_SAFE_INTEGER, id: '' };

/** Newest first. `before` is the id of the last record of the page before; one that is not this account's begins at the start. */
export async function listSignIns(
  db: Db,
  accountId: string,
  { limit = 50, before }: { limit?: number; before?: string | undefined } = {},
): Promise<SignInRecord[]> {
  const from =
    before === undefined
      ? undefined
      : ((await db('sign_ins').where({ id: before, account_id: accountId }).first()) as SignInRow | undefined);
  const { occurred_at: occurredAt, id } = from ?? NEWER_THAN_ALL;
  const rows = (await db('sign_ins')
    .where({ account_id: accountId })
    .andWhere(
      (older) =>
        void older
          .where('occurred_at', '<', occurredAt)
          .orWhere((same) => void same.where('occurred_at', occurredAt).andWhere('id', '<', id)),
    )
    .orderBy([
      { column: 'occurred_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit)) as SignInRow[];
  return rows.map(recordOf);
}

/** Use history is kept five years (Decree 59/2022/NĐ-CP, Article 21; Decree 69/2024/NĐ-CP, Article 28). @returns how many went, at most `limit`. */
export async function deleteSignInsBefore(db: Db, before: Date, limit: number): Promise<number> {
  const rows = (await db('sign_ins').select('id').where('occurred_at', '<', before.getTime()).limit(limit)) as {
    id: string;
  }[];
  const ids = rows.map((row) => row.id);
  return ids.length === 0 ? 0 : db('sign_ins').whereIn('id', ids).delete();
}

function recordOf(row: SignInRow): SignInRecord {
  return {
    id: row.id,
    accountId: row.account_id,
    outcome: row.outcome,
    occurredAt: new Date(row.occurred_at),
    ...(row.client_id === null ? {} : { clientId: row.client_id }),
    ...(row.auth_level === null ? {} : { authLevel: row.auth_level }),
    ...(row.amr === null ? {} : { amr: row.amr.split(' ') }),
    ...(row.session_uid === null ? {} : { sessionUid: row.session_uid }),
    ...(row.device_id === null ? {} : { deviceId: row.device_id }),
    ...(row.device_label === null ? {} : { deviceLabel: row.device_label }),
  };
}
