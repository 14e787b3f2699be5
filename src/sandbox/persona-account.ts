import { type Account, findAccount } from '../accounts/account-store.ts';
import type { Db } from '../platform/database.ts';
import { isPersonaKey } from './personas.ts';
import { isSandboxId, personaIds } from './sandbox-person.ts';

/** The account of a persona, or of a person made at /sandbox/people by the account's id; undefined for anybody else: silent sign-in is for
 *  fictional people, never for an imported one. */
export async function personaAccount(db: Db, key: string): Promise<Account | undefined> {
  if (isPersonaKey(key)) return findAccount(db, personaIds(key).accountId);
  return isSandboxId(key) ? findAccount(db, key) : undefined;
}
