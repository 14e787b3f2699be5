import type { ActivationChannel } from '../domain/activation.ts';
import type { Db } from '../platform/database.ts';
import { readRow } from '../platform/prepared-queries.ts';

/** An officer or a helper has identified the citizen and stands by: the next attempt of this account that proves the phone is counted to the helper's
 *  channel and unit, and may open a late grant again. It opens nothing by itself. */
export type Assistance = {
  id: string;
  accountId: string;
  channel: ActivationChannel;
  unitCode: string;
  helperId: string;
  reason: string;
  openedAt: Date;
  expiresAt: Date;
};

type AssistanceRow = {
  id: string;
  account_id: string;
  channel: ActivationChannel;
  unit_code: string;
  helper_id: string;
  reason: string;
  opened_at: number;
  expires_at: number;
  closed_at: number | null;
};

/** Opens an assistance; one that is still open for the account ends with it. */
export async function insertAssistance(tx: Db, assistance: Assistance): Promise<void> {
  await tx('activation_assistances')
    .where({ account_id: assistance.accountId })
    .whereNull('closed_at')
    .update({ closed_at: assistance.openedAt.getTime() });
  await tx('activation_assistances').insert({
    id: assistance.id,
    account_id: assistance.accountId,
    channel: assistance.channel,
    unit_code: assistance.unitCode,
    helper_id: assistance.helperId,
    reason: assistance.reason,
    opened_at: assistance.openedAt.getTime(),
    expires_at: assistance.expiresAt.getTime(),
  });
}

export async function findOpenAssistance(db: Db, accountId: string, now: Date): Promise<Assistance | undefined> {
  const sql = `select * from activation_assistances where account_id = ? and closed_at is null and expires_at > ?
    order by opened_at desc limit 1`;
  const row = await readRow<AssistanceRow>(db, sql, [accountId, now.getTime()]);
  return (
    row && {
      id: row.id,
      accountId: row.account_id,
      channel: row.channel,
      unitCode: row.unit_code,
      helperId: row.helper_id,
      reason: row.reason,
      openedAt: new Date(row.opened_at),
      expiresAt: new Date(row.expires_at),
    }
  );
}

/** The activation it was for is done. */
export async function closeAssistance(tx: Db, id: string, now: Date): Promise<void> {
  await tx('activation_assistances').where({ id }).whereNull('closed_at').update({ closed_at: now.getTime() });
}
