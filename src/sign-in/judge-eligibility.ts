import { findAccountRecord } from '../accounts/account-record.ts';
import { findAccountInUse } from '../accounts/account-store.ts';
import { isGuardianConfirmed } from '../accounts/activation-store.ts';
import type { LevelGrant } from '../accounts/level-grant-store.ts';
import { listOpenGrounds } from '../accounts/lock-ground-store.ts';
import { mayUseAccount } from '../domain/account.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { ageAt } from '../domain/birth-date.ts';
import { isPastDue } from '../domain/level-grant.ts';
import type { Db } from '../platform/database.ts';

/** Why an account may not be used at a service, as its holder may be told, and what waits for her: an activation she can do (`pending`),
 *  one for which she must call (`late`), or none. */
export type Obstacle = {
  kind: 'closed' | 'deceased' | 'locked' | 'not_activated' | 'account_level_too_low' | 'guardian_approval_needed';
  waiting: 'pending' | 'late' | 'none';
};

/** @returns undefined when nothing stands in the way. Disclose it only to someone who has proved the account's password. */
export async function findObstacle(
  db: Db,
  accountId: string,
  use: { leastAccountLevel: AccountLevel; now: Date },
): Promise<Obstacle | undefined> {
  const { leastAccountLevel, now } = use;
  if (await isFreeToUse(db, accountId, use)) return undefined;
  const record = await findAccountRecord(db, accountId);
  if (record === undefined) return { kind: 'closed', waiting: 'none' };
  const judgement = mayUseAccount({
    status: record.account.status,
    accountLevel: record.accountLevel,
    leastAccountLevel,
    ageYears: ageAt(record.person.birthOn, now),
    hasGuardianApproval: await isGuardianConfirmed(db, accountId),
  });
  if (judgement.kind === 'allowed') return undefined;
  const waiting = waitingActivation(record.grants, now);
  if (judgement.kind !== 'locked') return { kind: judgement.kind, waiting };
  const grounds = await listOpenGrounds(db, accountId);
  return { kind: grounds.some(({ ground }) => ground === 'death') ? 'deceased' : 'locked', waiting };
}

/** One look, by which nearly everybody goes on: whoever needs a guardian or may not go on is looked at as a whole. */
async function isFreeToUse(
  db: Db,
  accountId: string,
  { leastAccountLevel, now }: { leastAccountLevel: AccountLevel; now: Date },
): Promise<boolean> {
  const found = await findAccountInUse(db, accountId);
  if (found === undefined) return false;
  const { account, accountLevel, birthOn } = found;
  const use = { status: account.status, accountLevel, leastAccountLevel, ageYears: ageAt(birthOn, now) };
  return mayUseAccount({ ...use, hasGuardianApproval: false }).kind === 'allowed';
}

function waitingActivation(grants: readonly LevelGrant[], now: Date): Obstacle['waiting'] {
  const isLate = (grant: LevelGrant): boolean =>
    grant.status === 'late_activation' ||
    (grant.status === 'pending_activation' && grant.dueAt !== undefined && isPastDue(grant.dueAt, now));
  if (grants.some((grant) => grant.status === 'pending_activation' && !isLate(grant))) return 'pending';
  return grants.some(isLate) ? 'late' : 'none';
}
