import { findAccount, findAccountByPerson } from '../accounts/account-store.ts';
import { findCredential } from '../accounts/credential-store.ts';
import { listGrantsForChange } from '../accounts/level-grant-store.ts';
import { listOpenGrounds } from '../accounts/lock-ground-store.ts';
import { findPerson, type Person } from '../accounts/person-store.ts';
import { type ActivationVerdict, activationVerdict } from '../domain/activation-verdict.ts';
import { ageAt } from '../domain/birth-date.ts';
import { AGE_OF_OWN_USE } from '../domain/level-grant.ts';
import type { Db } from '../platform/database.ts';

export type JudgedAccount = {
  person: Person;
  verdict: ActivationVerdict;
  hasPassword: boolean;
  needsGuardian: boolean;
  guardianAccountId?: string;
};

/** Reads everything on which an activation depends, with the grants held until the transaction ends, and judges it. */
export async function judgeAccount(
  tx: Db,
  accountId: string,
  at: { now: Date; mayReopen: boolean },
): Promise<JudgedAccount | undefined> {
  const grants = await listGrantsForChange(tx, accountId);
  const account = await findAccount(tx, accountId);
  const person = account && (await findPerson(tx, account.personId));
  if (account === undefined || person === undefined) return undefined;
  const openGrounds = (await listOpenGrounds(tx, accountId)).map((one) => one.ground);
  const hasPassword = (await findCredential(tx, accountId, 'password')) !== undefined;
  const guardian =
    person.guardianPersonId === undefined ? undefined : await findAccountByPerson(tx, person.guardianPersonId);
  const needsGuardian = isUnderGuardian(person, at.now);
  const verdict = activationVerdict({
    accountStatus: account.status,
    openGrounds,
    isDeceased: person.deceasedAt !== undefined,
    grants,
    hasPassword,
    needsGuardian,
    hasGuardian: guardian !== undefined,
    ...at,
  });
  return {
    person,
    verdict,
    hasPassword,
    needsGuardian,
    ...(guardian === undefined ? {} : { guardianAccountId: guardian.id }),
  };
}

/** Under 14, or a ward of any age: the guardian confirms. Source: Decree 69/2024/NĐ-CP, Article 14. */
function isUnderGuardian(person: Person, now: Date): boolean {
  return ageAt(person.birthOn, now) < AGE_OF_OWN_USE || person.guardianRelationship === 'guardian';
}
