import type { ActivationChannel } from '../domain/activation.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import type { GrantStatus } from '../domain/level-grant.ts';
import { insertRows, listRowsIn } from '../platform/bulk-rows.ts';
import { changedColumns, instantOf, millisOf, presentValues } from '../platform/columns.ts';
import { type Db, isPostgres } from '../platform/database.ts';
import { read, readRows, type Statements, writeRows } from '../platform/prepared-queries.ts';

/** A level granted to an account. `firstDueAt`, `firstActivatedAt` never change; `dueAt`, `activatedAt` are the latest. */
export type LevelGrant = {
  id: string;
  accountId: string;
  accountLevel: AccountLevel;
  status: GrantStatus;
  unitCode?: string;
  appliedAt?: Date;
  grantedAt: Date;
  notifiedAt?: Date;
  firstDueAt?: Date;
  dueAt?: Date;
  activatedAt?: Date;
  firstActivatedAt?: Date;
  firstLoginAt?: Date;
  channel?: ActivationChannel;
};

/** What a move may write; the account and the level of a grant never change. */
export type GrantChange = Partial<Omit<LevelGrant, 'id' | 'accountId' | 'accountLevel'>>;

type LevelGrantRow = {
  id: string;
  account_id: string;
  account_level: AccountLevel;
  status: GrantStatus;
  unit_code: string | null;
  applied_at: number | null;
  granted_at: number;
  notified_at: number | null;
  first_due_at: number | null;
  due_at: number | null;
  activated_at: number | null;
  first_activated_at: number | null;
  first_login_at: number | null;
  channel: ActivationChannel | null;
  created_at: number;
  updated_at: number;
};

const LIST = 'select * from level_grants where account_id = ? order by account_level';

/** Lowest level first. */
export async function listGrants(db: Db, accountId: string): Promise<LevelGrant[]> {
  const rows = await readRows<LevelGrantRow>(db, LIST, [accountId]);
  return rows.map(grantOf);
}

/** Whether a level is activated with which the holder has not signed in yet, within a short transaction. Judged here: with conditions SQLite would go through every
 *  activated grant. */
export function* hasUnusedGrant(accountId: string): Statements<boolean> {
  const sql = 'select status, first_login_at from level_grants where account_id = ?';
  const rows = yield* read<Pick<LevelGrantRow, 'status' | 'first_login_at'>>(sql, [accountId]);
  return rows.some((row) => row.status === 'activated' && row.first_login_at === null);
}

export async function findGrant(db: Db, id: string): Promise<LevelGrant | undefined> {
  const row = (await db('level_grants').where({ id }).first()) as LevelGrantRow | undefined;
  return row && grantOf(row);
}

/** Reads an account's grants so that no one else moves them until the transaction ends. */
export async function listGrantsForChange(tx: Db, accountId: string): Promise<LevelGrant[]> {
  const rows = await readRows<LevelGrantRow>(tx, isPostgres(tx) ? `${LIST} for update` : LIST, [accountId]);
  return rows.map(grantOf);
}

export async function insertGrants(tx: Db, grants: readonly LevelGrant[], now: Date): Promise<void> {
  await insertRows(
    tx,
    'level_grants',
    grants.map((grant) => grantRow(grant, now)),
  );
}

/** The grants of any number of accounts, as they stand until the transaction ends. */
export async function listGrantsOfAccounts(tx: Db, accountIds: readonly string[]): Promise<LevelGrant[]> {
  const rows = await listRowsIn<LevelGrantRow>(tx, { table: 'level_grants', column: 'account_id' }, accountIds, {
    isForChange: true,
  });
  return rows.map(grantOf);
}

/** Writes grants that `listGrantsOfAccounts` read in this transaction, so that nobody can have moved them. */
export async function changeGrants(tx: Db, grants: readonly LevelGrant[], now: Date): Promise<void> {
  const rows = grants.map((grant) => grantRow(grant, now));
  const kept = ['id', 'account_id', 'account_level', 'granted_at', 'created_at'];
  const update = Object.keys(rows[0] ?? {}).filter((column) => !kept.includes(column));
  await insertRows(tx, 'level_grants', rows, { columns: ['id'], update });
}

/** A guarded move: writes `change` only while the grant still stands at `from`. @returns false if someone moved it first. */
export async function changeGrant(
  tx: Db,
  at: { id: string; from: GrantStatus },
  change: GrantChange,
  now: Date,
): Promise<boolean> {
  const columns = changedColumns({
    status: change.status,
    unit_code: change.unitCode,
    notified_at: change.notifiedAt?.getTime(),
    first_due_at: change.firstDueAt?.getTime(),
    due_at: change.dueAt?.getTime(),
    activated_at: change.activatedAt?.getTime(),
    first_activated_at: change.firstActivatedAt?.getTime(),
    first_login_at: change.firstLoginAt?.getTime(),
    channel: change.channel,
    updated_at: now.getTime(),
  });
  const sets = Object.keys(columns).map((column) => `${column} = ?`);
  const sql = `update level_grants set ${sets.join(', ')} where id = ? and status = ?`;
  return (await writeRows(tx, sql, [...Object.values(columns), at.id, at.from])) === 1;
}

/** Sets the grant's first sign-in, once for ever. @returns false when it had one. */
export async function changeGrantFirstLoginAt(tx: Db, id: string, at: Date): Promise<boolean> {
  return (
    (await tx('level_grants')
      .where({ id, status: 'activated' })
      .whereNull('first_login_at')
      .update({ first_login_at: at.getTime(), updated_at: at.getTime() })) === 1
  );
}

/** Pending grants whose due time has passed, oldest first. */
export async function listOverdueGrants(db: Db, now: Date, limit: number): Promise<LevelGrant[]> {
  const rows = (await db('level_grants')
    .where({ status: 'pending_activation' })
    .andWhere('due_at', '<', now.getTime())
    .orderBy('due_at')
    .limit(limit)) as LevelGrantRow[];
  return rows.map(grantOf);
}

function grantRow(grant: LevelGrant, now: Date): LevelGrantRow {
  return {
    id: grant.id,
    account_id: grant.accountId,
    account_level: grant.accountLevel,
    status: grant.status,
    unit_code: grant.unitCode ?? null,
    applied_at: millisOf(grant.appliedAt),
    granted_at: grant.grantedAt.getTime(),
    notified_at: millisOf(grant.notifiedAt),
    first_due_at: millisOf(grant.firstDueAt),
    due_at: millisOf(grant.dueAt),
    activated_at: millisOf(grant.activatedAt),
    first_activated_at: millisOf(grant.firstActivatedAt),
    first_login_at: millisOf(grant.firstLoginAt),
    channel: grant.channel ?? null,
    created_at: now.getTime(),
    updated_at: now.getTime(),
  };
}

function grantOf(row: LevelGrantRow): LevelGrant {
  return {
    id: row.id,
    accountId: row.account_id,
    accountLevel: row.account_level,
    status: row.status,
    grantedAt: new Date(row.granted_at),
    ...presentValues({
      unitCode: row.unit_code,
      channel: row.channel,
      appliedAt: instantOf(row.applied_at),
      notifiedAt: instantOf(row.notified_at),
      firstDueAt: instantOf(row.first_due_at),
      dueAt: instantOf(row.due_at),
      activatedAt: instantOf(row.activated_at),
      firstActivatedAt: instantOf(row.first_activated_at),
      firstLoginAt: instantOf(row.first_login_at),
    }),
  };
}

/** SQL: the unit that granted what an attempt of `activation_attempts` is to activate, the account's latest grant while that is not known; '' without any. Where
 *  the rates count it too. */
export const UNIT_OF_ATTEMPT = `coalesce(
  (select unit_code from level_grants where level_grants.id = activation_attempts.grant_id),
  (select unit_code from level_grants where level_grants.account_id = activation_attempts.account_id order by granted_at desc, id limit 1), '')`;
