import type { SecretHolder } from '../domain/secrets-policy.ts';
import type { Db } from '../platform/database.ts';
import type { Vault } from '../platform/vault.ts';
import { findAccountRecord } from './account-record.ts';
import { openCitizenId, openPhoneNumber } from './person-store.ts';

/** What a secret of this account must not be made of. Nothing is known of an account that does not exist. */
export async function findSecretHolder(deps: { db: Db; vault: Vault }, accountId: string): Promise<SecretHolder> {
  const record = await findAccountRecord(deps.db, accountId);
  if (record === undefined) return {};
  const { person } = record;
  return {
    citizenId: openCitizenId(deps.vault, person),
    phone: openPhoneNumber(deps.vault, person),
    name: person.fullName,
    birthOn: person.birthOn,
  };
}
