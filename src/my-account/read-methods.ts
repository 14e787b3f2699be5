import { findAccountRecord } from '../accounts/account-record.ts';
import { type CredentialKind, listCredentials } from '../accounts/credential-store.ts';
import { openPhoneNumber } from '../accounts/person-store.ts';
import { maskPhoneNumber } from '../domain/phone-number.ts';
import type { MyAccountDeps } from './my-account-deps.ts';

/** Since when each way to sign in or to confirm is as it is; absent when it was never set. */
export type Methods = Partial<Record<CredentialKind, Date>> & {
  /** To which codes go. */
  maskedPhone?: string;
  /** Keys of the two security questions. */
  questions: string[];
};

export async function readMethods(deps: MyAccountDeps, accountId: string): Promise<Methods> {
  const credentials = await listCredentials(deps.db, accountId);
  const person = (await findAccountRecord(deps.db, accountId))?.person;
  const phone = person && openPhoneNumber(deps.vault, person);
  return {
    ...Object.fromEntries(credentials.map(({ kind, changedAt }) => [kind, changedAt])),
    questions: credentials.map(({ question }) => question).filter((question) => question !== undefined),
    ...(phone === undefined ? {} : { maskedPhone: maskPhoneNumber(phone) }),
  };
}
