import type { Db } from '../platform/database.ts';
import { readRow } from '../platform/prepared-queries.ts';

type PairwiseSubjectRow = { account_id: string; sector: string; subject: string; created_at: number };

export async function findPairwiseSubject(db: Db, accountId: string, sector: string): Promise<string | undefined> {
  const sql = 'select * from pairwise_subjects where account_id = ? and sector = ?';
  const row = await readRow<PairwiseSubjectRow>(db, sql, [accountId, sector]);
  return row?.subject;
}

/** @returns the subject that stands: `subject`, or the one of whoever was first. */
export async function insertPairwiseSubject(
  db: Db,
  entry: { accountId: string; sector: string; subject: string },
  now: Date,
): Promise<string> {
  await db('pairwise_subjects')
    .insert({
      account_id: entry.accountId,
      sector: entry.sector,
      subject: entry.subject,
      created_at: now.getTime(),
    })
    .onConflict(['account_id', 'sector'])
    .ignore();
  const stands = await findPairwiseSubject(db, entry.accountId, entry.sector);
  if (stands === undefined) throw new Error('a pairwise subject vanished while it was made');
  return stands;
}
