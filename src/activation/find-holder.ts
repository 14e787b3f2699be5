import { findAccount } from '../accounts/account-store.ts';
import { findPerson, openCitizenId, openPhoneNumber } from '../accounts/person-store.ts';
import type { SecretHolder } from '../domain/secrets-policy.ts';
import type { ActivationDeps } from './activation-deps.ts';
import type { Attempt } from './attempt-store.ts';

/** What a secret of this attempt must not be made of. */
export async function findHolder(deps: Pick<ActivationDeps, 'db' | 'vault'>, attempt: Attempt): Promise<SecretHolder> {
  const account = await findAccount(deps.db, attempt.accountId ?? '');
  const person = account && (await findPerson(deps.db, account.personId));
  if (person === undefined) return {};
  return {
    citizenId: openCitizenId(deps.vault, person),
    phone: openPhoneNumber(deps.vault, person),
    name: person.fullName,
    birthOn: person.birthOn,
  };
}
