import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CitizenId } from '../domain/citizen-id.ts';
import type { PhoneNumber } from '../domain/phone-number.ts';
import type { Db } from '../platform/database.ts';
import type { Vault } from '../platform/vault.ts';
import { findAccount, findAccountByPerson } from './account-store.ts';
import { findPerson, findPersonByCitizenId, openCitizenId, openPhoneNumber } from './person-store.ts';

/** A citizen id and a phone number typed together, by someone who has proved neither. */
export type TypedPair = { citizenId: CitizenId; phone: PhoneNumber };

type PairDeps = { vault: Vault; fingerprintKey: Buffer };

/** No row has this id: looking for it costs what looking for a real one does. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Keyed fingerprint of what was typed, apart for each purpose. Limits count by the pair, not by the id or the phone alone: a stranger who knows one of the
 *  two can neither lock the holder out nor learn from a limit whether the two belong together. */
export function pairFingerprint(hmacKey: Buffer, purpose: string, { citizenId, phone }: TypedPair): string {
  return createHmac('sha256', hmacKey).update(`${purpose}_pair\u241f${citizenId}\u241f${phone}`).digest('base64url');
}

/** The account to which both belong. The same work is done when there is none: the caller must not let anybody tell. */
export async function findAccountIdOfPair(
  deps: { db: Db; vault: Vault },
  { citizenId, phone }: TypedPair,
): Promise<string | undefined> {
  const person = await findPersonByCitizenId(deps.db, deps.vault, citizenId);
  const account = await findAccountByPerson(deps.db, person?.id ?? NOBODY);
  const registered = (person && openPhoneNumber(deps.vault, person)) ?? 'no phone no.';
  const isSame = timingSafeEqual(Buffer.from(registered.padEnd(12)), Buffer.from(phone.padEnd(12)));
  return isSame ? account?.id : undefined;
}

/** The account's phone, as long as it is the one of the pair that was typed: a number changed meanwhile gets nothing. */
export async function findPhoneOfPair(
  db: Db,
  deps: PairDeps,
  purpose: string,
  of: { accountId?: string | undefined; pairFingerprint: string },
): Promise<PhoneNumber | undefined> {
  const account = await findAccount(db, of.accountId ?? NOBODY);
  const person = await findPerson(db, account?.personId ?? NOBODY);
  const phone = person && openPhoneNumber(deps.vault, person);
  if (person === undefined || phone === undefined) return undefined;
  const citizenId = openCitizenId(deps.vault, person);
  return pairFingerprint(deps.fingerprintKey, purpose, { citizenId, phone }) === of.pairFingerprint ? phone : undefined;
}
