import type { ActivationChannel } from '../domain/activation.ts';
import { insertRows } from '../platform/bulk-rows.ts';
import type { Db } from '../platform/database.ts';
import { readRow, readRows } from '../platform/prepared-queries.ts';

/** One activation of one grant: a row of its own whose `activatedAt` never changes. */
export type Activation = {
  id: string;
  grantId: string;
  accountId: string;
  activatedAt: Date;
  channel: ActivationChannel;
  unitCode?: string;
  attemptId?: string;
  helperId?: string;
  guardianAccountId?: string;
};

/** @throws a unique violation when the attempt already activated this grant: it does so once. */
export async function insertActivations(tx: Db, activations: readonly Activation[], recordedAt: Date): Promise<void> {
  await insertRows(
    tx,
    'activations',
    activations.map((one) => ({
      id: one.id,
      grant_id: one.grantId,
      account_id: one.accountId,
      activated_at: one.activatedAt.getTime(),
      channel: one.channel,
      unit_code: one.unitCode ?? null,
      attempt_id: one.attemptId ?? null,
      helper_id: one.helperId ?? null,
      guardian_account_id: one.guardianAccountId ?? null,
      recorded_at: recordedAt.getTime(),
    })),
  );
}

/** Of all accounts since an instant, in the order of their ids. */
export async function listActivationsSince(db: Db, since: Date): Promise<Activation[]> {
  const sql = 'select * from activations where activated_at >= ? order by id';
  return (await readRows<ActivationRow>(db, sql, [since.getTime()])).map(activationOf);
}

export async function listActivations(db: Db, accountId: string): Promise<Activation[]> {
  const sql = 'select * from activations where account_id = ? order by activated_at';
  const rows = await readRows<ActivationRow>(db, sql, [accountId]);
  return rows.map(activationOf);
}

type ActivationRow = {
  id: string;
  grant_id: string;
  account_id: string;
  activated_at: number;
  channel: ActivationChannel;
  unit_code: string | null;
  attempt_id: string | null;
  helper_id: string | null;
};

function activationOf(row: ActivationRow): Activation {
  return {
    id: row.id,
    grantId: row.grant_id,
    accountId: row.account_id,
    activatedAt: new Date(row.activated_at),
    channel: row.channel,
    ...(row.unit_code === null ? {} : { unitCode: row.unit_code }),
    ...(row.attempt_id === null ? {} : { attemptId: row.attempt_id }),
    ...(row.helper_id === null ? {} : { helperId: row.helper_id }),
  };
}

/** Whether a guardian confirmed one of this account's activations in a session of his own. From 6 to under 14 that stands for the approval of its use
 *  (design: Decree 69/2024/NĐ-CP asks for the guardian's approval and names no form; approving single services is not there yet). */
export async function isGuardianConfirmed(db: Db, accountId: string): Promise<boolean> {
  const sql = 'select 1 from activations where account_id = ? and guardian_account_id is not null limit 1';
  return (await readRow(db, sql, [accountId])) !== undefined;
}
