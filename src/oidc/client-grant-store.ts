import type { Db } from '../platform/database.ts';
import { readRow } from '../platform/prepared-queries.ts';
import type { GrantIdSql } from './adapters/protocol-store.ts';

type ClientGrantRow = { account_id: string; client_id: string; grant_id: string; created_at: number };

/** The provider's one grant of an account to a client; it may have ended since. */
export async function findClientGrant(db: Db, accountId: string, clientId: string): Promise<string | undefined> {
  const sql = 'select * from client_grants where account_id = ? and client_id = ?';
  const row = await readRow<ClientGrantRow>(db, sql, [accountId, clientId]);
  return row?.grant_id;
}

/** Its id, as a scalar subquery for a statement about something else in the same PostgreSQL. */
export const clientGrantIdSql: GrantIdSql = (accountId, clientId) =>
  `(select grant_id from client_grants where account_id = ${accountId} and client_id = ${clientId})`;

export async function listClientsOfGrants(db: Db, accountId: string): Promise<string[]> {
  return (await db('client_grants').where({ account_id: accountId }).pluck('client_id')) as string[];
}

/** Puts a grant in the place of `replaces` (undefined: of none). @returns the grant that stands: another one if someone was faster. */
export async function putClientGrant(
  db: Db,
  grant: { accountId: string; clientId: string; grantId: string; replaces: string | undefined },
  now: Date,
): Promise<string> {
  const place = { account_id: grant.accountId, client_id: grant.clientId };
  if (grant.replaces === undefined)
    await db('client_grants')
      .insert({ ...place, grant_id: grant.grantId, created_at: now.getTime() })
      .onConflict(['account_id', 'client_id'])
      .ignore();
  else
    await db('client_grants')
      .where({ ...place, grant_id: grant.replaces })
      .update({ grant_id: grant.grantId, created_at: now.getTime() });
  return (await findClientGrant(db, grant.accountId, grant.clientId)) ?? grant.grantId;
}

export async function deleteClientGrants(db: Db, accountId: string, clientId?: string): Promise<void> {
  await db('client_grants')
    .where({ account_id: accountId, ...(clientId === undefined ? {} : { client_id: clientId }) })
    .delete();
}
