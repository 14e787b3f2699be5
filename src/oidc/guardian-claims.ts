import type { Client } from 'oidc-provider';
import { findAccountByPerson } from '../accounts/account-store.ts';
import { listWards } from '../accounts/person-store.ts';
import { ageAt } from '../domain/birth-date.ts';
import { AGE_OF_OWN_USE } from '../domain/level-grant.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import { type Subjects, subjectFor } from './subjects.ts';

/** A child for whom a guardian may act, as a relying party is told. `sub` is the one by which this client would know the child itself; absent while the child
 *  has no account. */
export type Ward = { sub?: string; name: string; birthdate: string; relationship: 'father' | 'mother' | 'guardian' };

type Deps = { db: Db; clock: Clock; subjects: Subjects };

/** Children under 14 whose guardian this person is: from 14 on nobody acts for them without more. Decree 69/2024/NĐ-CP. */
export async function wardsOf(deps: Deps, client: Client | undefined, guardianPersonId: string): Promise<Ward[]> {
  const now = deps.clock();
  const wards = await listWards(deps.db, guardianPersonId);
  const children = wards.filter(
    ({ birthOn, deceasedAt }) => deceasedAt === undefined && ageAt(birthOn, now) < AGE_OF_OWN_USE,
  );
  return Promise.all(
    children.map(async (child) => {
      const account = await findAccountByPerson(deps.db, child.id);
      const sub = account && (await subjectFor(deps.subjects, account.id, client));
      return {
        ...(sub === undefined ? {} : { sub }),
        name: child.fullName,
        birthdate: child.birthOn,
        relationship: child.guardianRelationship ?? 'guardian',
      };
    }),
  );
}
