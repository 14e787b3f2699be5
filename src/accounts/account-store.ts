import type { AccessEnd, AccountStatus } from '../domain/account.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { insertRows, listRowsIn } from '../platform/bulk-rows.ts';
import { type Db, isPostgres } from '../platform/database.ts';
import { readRow, writeRows } from '../platform/prepared-queries.ts';
import { type Person, personIn, personSql } from './person-store.ts';

/** A person's one electronic identity account. Its levels are grants, its locks grounds: both are rows of their own. */
export type Account = {
  id: string;
  personId: string;
  /** `sub` for clients registered with `subject_type: public`; random, says nothing about the person. */
  publicSubject: string;
  status: AccountStatus;
  firstActivatedAt?: Date;
  firstLoginAt?: Date;
  accessEnd?: AccessEnd;
  createdAt: Date;
};

type AccountRow = {
  id: string;
  person_id: string;
  public_subject: string;
  status: AccountStatus;
  first_activated_at: number | null;
  first_login_at: number | null;
  access_ended_at: number | null;
  access_kept_session: string | null;
  created_at: number;
  updated_at: number;
};

export async function findAccount(db: Db, id: string): Promise<Account | undefined> {
  const row = await readRow<AccountRow>(db, 'select * from accounts where id = ?', [id]);
  return row && accountOf(row);
}

/** An account with what decides about its use beside itself: its highest activated level (`effectiveAccountLevel`), 0 without any, and its holder's birth date. */
export type AccountInUse = { account: Account; accountLevel: AccountLevel | 0; birthOn: string };
type AccountInUseRow = AccountRow & { activated_level: AccountLevel | null; birth_on: string };

/** Without a join, which costs SQLite four times as much as the look-ups themselves. */
const IN_USE = `a.*,
    (select max(g.account_level) from level_grants g where g.account_id = a.id and g.status = 'activated') as activated_level,
    (select p.birth_on from persons p where p.id = a.person_id) as birth_on`;

/** Asked at every token. */
export async function findAccountInUse(db: Db, id: string): Promise<AccountInUse | undefined> {
  const row = await readRow<AccountInUseRow>(db, `select ${IN_USE} from accounts a where a.id = ?`, [id]);
  return row && accountInUseOf(row);
}

function accountInUseOf(row: AccountInUseRow): AccountInUse {
  return { account: accountOf(row), accountLevel: row.activated_level ?? 0, birthOn: row.birth_on };
}

/** What `findAccountInUse` finds, as a scalar subquery for a statement about something else in the same PostgreSQL. `id`: an expression of it.
 *  @param withPerson tells of its holder, too. */
export function accountInUseSql(id: string, { withPerson }: { withPerson: boolean }): string {
  const person = withPerson ? `, ${personSql('a.person_id')} as person` : '';
  return `(select row_to_json(one) from (select ${IN_USE}${person} from accounts a where a.id = ${id}) one)`;
}

/** @param told by that subquery; null of nobody. */
export function accountInUseIn(told: unknown): (AccountInUse & { person?: Person }) | undefined {
  if (told === null) return undefined;
  const { person: toldOfPerson = null, ...row } = told as AccountInUseRow & { person?: unknown };
  const person = personIn(toldOfPerson);
  return { ...accountInUseOf(row), ...(person === undefined ? {} : { person }) };
}

export async function findAccountByPerson(db: Db, personId: string): Promise<Account | undefined> {
  const row = await readRow<AccountRow>(db, 'select * from accounts where person_id = ?', [personId]);
  return row && accountOf(row);
}

function accountRow(account: Account): AccountRow {
  return {
    id: account.id,
    person_id: account.personId,
    public_subject: account.publicSubject,
    status: account.status,
    first_activated_at: account.firstActivatedAt?.getTime() ?? null,
    first_login_at: account.firstLoginAt?.getTime() ?? null,
    access_ended_at: account.accessEnd?.at.getTime() ?? null,
    access_kept_session: account.accessEnd?.keptSessionUid ?? null,
    created_at: account.createdAt.getTime(),
    updated_at: account.createdAt.getTime(),
  };
}

export async function insertAccounts(tx: Db, accounts: readonly Account[]): Promise<void> {
  await insertRows(tx, 'accounts', accounts.map(accountRow));
}

/** The account as it stands until the transaction ends: who moves its status by what else is there (grounds, grants) must not be overtaken by who changes that. */
export async function findAccountForChange(tx: Db, id: string): Promise<Account | undefined> {
  const sql = 'select * from accounts where id = ?';
  const row = await readRow<AccountRow>(tx, isPostgres(tx) ? `${sql} for update` : sql, [id]);
  return row && accountOf(row);
}

/** The accounts of any number of persons, as they stand until the transaction ends. */
export async function listAccountsOfPersons(tx: Db, personIds: readonly string[]): Promise<Account[]> {
  const rows = await listRowsIn<AccountRow>(tx, { table: 'accounts', column: 'person_id' }, personIds, {
    isForChange: true,
  });
  return rows.map(accountOf);
}

/** Writes accounts that `listAccountsOfPersons` read in this transaction, so that nobody can have moved them. */
export async function changeAccounts(tx: Db, accounts: readonly Account[], now: Date): Promise<void> {
  const rows = accounts.map((account) => ({ ...accountRow(account), updated_at: now.getTime() }));
  const update = ['status', 'first_activated_at', 'first_login_at', 'updated_at'];
  await insertRows(tx, 'accounts', rows, { columns: ['id'], update });
}

/** @returns false if someone moved it first. */
export async function changeAccountStatus(
  tx: Db,
  id: string,
  move: { from: AccountStatus; to: AccountStatus },
  now: Date,
): Promise<boolean> {
  const sql = 'update accounts set status = ?, updated_at = ? where id = ? and status = ?';
  return (await writeRows(tx, sql, [move.to, now.getTime(), id, move.from])) === 1;
}

/** Sets the first activation, once for ever. @returns false when the account had one. */
export async function changeFirstActivatedAt(tx: Db, id: string, at: Date): Promise<boolean> {
  const sql = 'update accounts set first_activated_at = ?, updated_at = ? where id = ? and first_activated_at is null';
  return (await writeRows(tx, sql, [at.getTime(), at.getTime(), id])) === 1;
}

/** Sets the first sign-in, once for ever. @returns false when the account had one. */
export async function changeFirstLoginAt(tx: Db, id: string, at: Date): Promise<boolean> {
  return (
    (await tx('accounts')
      .where({ id })
      .whereNull('first_login_at')
      .update({ first_login_at: at.getTime(), updated_at: at.getTime() })) === 1
  );
}

/** Everything signed in until now is over, but for one session. Signing in again is not. */
export async function changeAccessEnd(db: Db, id: string, { at, keptSessionUid }: AccessEnd): Promise<void> {
  await db('accounts')
    .where({ id })
    .update({ access_ended_at: at.getTime(), access_kept_session: keptSessionUid ?? null });
}

function accountOf(row: AccountRow): Account {
  return {
    id: row.id,
    personId: row.person_id,
    publicSubject: row.public_subject,
    status: row.status,
    createdAt: new Date(row.created_at),
    ...(row.first_activated_at === null ? {} : { firstActivatedAt: new Date(row.first_activated_at) }),
    ...(row.first_login_at === null ? {} : { firstLoginAt: new Date(row.first_login_at) }),
    ...(row.access_ended_at === null ? {} : { accessEnd: accessEndOf(row.access_ended_at, row.access_kept_session) }),
  };
}

function accessEndOf(at: number, keptSessionUid: string | null): AccessEnd {
  return { at: new Date(at), ...(keptSessionUid === null ? {} : { keptSessionUid }) };
}

/** How many accounts there are, or were first activated by a moment: counted row by row, for a check of the counters. */
export async function countAccounts(db: Db, firstActivatedBy?: Date): Promise<number> {
  const where = firstActivatedBy === undefined ? '' : ' where first_activated_at <= ?';
  const values = firstActivatedBy === undefined ? [] : [firstActivatedBy.getTime()];
  const row = await readRow<{ total: number }>(db, `select count(*) as total from accounts${where}`, values);
  return row?.total ?? 0;
}
