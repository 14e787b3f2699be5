import type { Db } from '../platform/database.ts';

/** An authenticator app on its way. Not a credential yet: nobody can sign in with it. */
export type TotpEnrolment = {
  id: string;
  accountId: string;
  /** The session that began it; no other may see or finish it. */
  sessionUid: string;
  /** The shared secret, sealed in its place. */
  secretSealed: string;
  expiresAt: Date;
};

type EnrolmentRow = {
  account_id: string;
  id: string;
  session_uid: string;
  secret_sealed: string;
  tries: number;
  expires_at: number;
};

/** One for each account: a new one takes the place of the old, whose QR code is then worthless. */
export async function putEnrolment(db: Db, enrolment: TotpEnrolment): Promise<void> {
  const row: EnrolmentRow = {
    account_id: enrolment.accountId,
    id: enrolment.id,
    session_uid: enrolment.sessionUid,
    secret_sealed: enrolment.secretSealed,
    tries: 0,
    expires_at: enrolment.expiresAt.getTime(),
  };
  await db('totp_enrolments').insert(row).onConflict('account_id').merge();
}

/** Undefined when there is none, its time has passed, or another session began it. */
export async function findEnrolment(
  db: Db,
  of: { accountId: string; sessionUid: string },
  now: Date,
): Promise<TotpEnrolment | undefined> {
  const row = (await db('totp_enrolments')
    .where({ account_id: of.accountId, session_uid: of.sessionUid })
    .andWhere('expires_at', '>', now.getTime())
    .first()) as EnrolmentRow | undefined;
  return (
    row && {
      id: row.id,
      accountId: row.account_id,
      sessionUid: row.session_uid,
      secretSealed: row.secret_sealed,
      expiresAt: new Date(row.expires_at),
    }
  );
}

/** Counts a try before it is judged. @returns false when the tries are used up or the enrolment is over. */
export async function changeEnrolmentTries(db: Db, id: string, maxTries: number): Promise<boolean> {
  return (await db('totp_enrolments').where({ id }).andWhere('tries', '<', maxTries).increment('tries', 1)) === 1;
}

/** @returns false when it was finished, replaced or dropped meanwhile: one enrolment turns one app on. */
export async function deleteEnrolment(tx: Db, id: string): Promise<boolean> {
  return (await tx('totp_enrolments').where({ id }).delete()) === 1;
}

/** @returns how many went, at most `limit`. */
export async function deleteExpiredEnrolments(db: Db, now: Date, limit: number): Promise<number> {
  const rows = (await db('totp_enrolments').select('id').where('expires_at', '<', now.getTime()).limit(limit)) as {
    id: string;
  }[];
  const ids = rows.map((row) => row.id);
  return ids.length === 0 ? 0 : db('totp_enrolments').whereIn('id', ids).delete();
}
