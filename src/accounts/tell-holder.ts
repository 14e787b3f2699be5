import type { Db } from '../platform/database.ts';
import type { Outbox } from '../platform/outbox.ts';
import type { Vault } from '../platform/vault.ts';
import { findAccount } from './account-store.ts';
import { findPerson, openPhoneNumber, type Person } from './person-store.ts';

/** A text message to the holder's registered number, put into the caller's transaction. Unaccented Vietnamese: it fits one SMS on every phone. */
export type TellHolderDeps = { outbox: Pick<Outbox, 'enqueue'>; vault: Vault };

/** @returns false when the person has no phone number on record (a small child): nobody can be told. */
export async function tellHolder(tx: Db, deps: TellHolderDeps, accountId: string, body: string): Promise<boolean> {
  const account = await findAccount(tx, accountId);
  const person = account && (await findPerson(tx, account.personId));
  return person !== undefined && tellPerson(tx, deps, person, body);
}

/** The same to a holder who has been found already. */
export async function tellPerson(tx: Db, deps: TellHolderDeps, person: Person, body: string): Promise<boolean> {
  const phone = openPhoneNumber(deps.vault, person);
  if (phone === undefined) return false;
  await deps.outbox.enqueue(tx, { kind: 'sms', payload: { to: phone, body } });
  return true;
}
