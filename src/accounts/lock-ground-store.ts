import type { LockGround } from '../domain/lock.ts';
import type { Db } from '../platform/database.ts';
import { readRows } from '../platform/prepared-queries.ts';

/** A reason for which an account is locked. The account opens when no ground is open. */
export type LockGroundRecord = {
  id: string;
  accountId: string;
  ground: LockGround;
  reason: string;
  requestedBy: string;
  unitCode?: string;
  openedAt: Date;
  closedAt?: Date;
};

type LockGroundRow = {
  id: string;
  account_id: string;
  ground: LockGround;
  reason: string;
  requested_by: string;
  unit_code: string | null;
  opened_at: number;
  closed_at: number | null;
  closed_by: string | null;
  close_reason: string | null;
};

export async function listOpenGrounds(db: Db, accountId: string): Promise<LockGroundRecord[]> {
  const sql = 'select * from lock_grounds where account_id = ? and closed_at is null order by opened_at';
  const rows = await readRows<LockGroundRow>(db, sql, [accountId]);
  return rows.map(groundOf);
}

/** @returns false when this ground is already open for the account. */
export async function insertLockGround(tx: Db, ground: LockGroundRecord): Promise<boolean> {
  const row: LockGroundRow = {
    id: ground.id,
    account_id: ground.accountId,
    ground: ground.ground,
    reason: ground.reason,
    requested_by: ground.requestedBy,
    unit_code: ground.unitCode ?? null,
    opened_at: ground.openedAt.getTime(),
    closed_at: null,
    closed_by: null,
    close_reason: null,
  };
  const inserted = (await tx('lock_grounds').insert(row).onConflict().ignore().returning('id')) as unknown[];
  return inserted.length === 1;
}

/** @returns false when no such ground is open. */
export async function closeLockGround(
  tx: Db,
  accountId: string,
  ground: LockGround,
  by: { closedBy: string; reason: string; at: Date },
): Promise<boolean> {
  const changed = await tx('lock_grounds')
    .where({ account_id: accountId, ground })
    .whereNull('closed_at')
    .update({ closed_at: by.at.getTime(), closed_by: by.closedBy, close_reason: by.reason });
  return changed === 1;
}

function groundOf(row: LockGroundRow): LockGroundRecord {
  return {
    id: row.id,
    accountId: row.account_id,
    ground: row.ground,
    reason: row.reason,
    requestedBy: row.requested_by,
    openedAt: new Date(row.opened_at),
    ...(row.unit_code === null ? {} : { unitCode: row.unit_code }),
    ...(row.closed_at === null ? {} : { closedAt: new Date(row.closed_at) }),
  };
}
