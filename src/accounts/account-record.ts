import { effectiveAccountLevel } from '../domain/account.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import type { Db } from '../platform/database.ts';
import { type Account, findAccount } from './account-store.ts';
import { type LevelGrant, listGrants } from './level-grant-store.ts';
import { findPerson, type Person } from './person-store.ts';

/** An account with its person and grants, as one look needs them. `accountLevel` is the highest activated grant, 0 when none is. */
export type AccountRecord = { account: Account; person: Person; grants: LevelGrant[]; accountLevel: AccountLevel | 0 };

export async function findAccountRecord(db: Db, accountId: string): Promise<AccountRecord | undefined> {
  const account = await findAccount(db, accountId);
  const person = account && (await findPerson(db, account.personId));
  if (account === undefined || person === undefined) return undefined;
  const grants = await listGrants(db, accountId);
  return { account, person, grants, accountLevel: effectiveAccountLevel(grants) };
}
