import { findAccount } from '../accounts/account-store.ts';
import { markLateGrants, reopenGrant } from '../accounts/grant-level.ts';
import { listGrants } from '../accounts/level-grant-store.ts';
import { isPastDue } from '../domain/level-grant.ts';
import { dayText } from '../i18n/dates.ts';
import { translator } from '../i18n/translator.ts';
import { type Db, inTransaction } from '../platform/database.ts';
import { PERSONAS } from './personas.ts';
import { type GrantNotice, hashSecrets, type RegisterPersonDeps, registerPerson } from './register-person.ts';
import { type SandboxPerson, sandboxPerson } from './sandbox-person.ts';

export type SeedDeps = RegisterPersonDeps & { config: { issuer: string } };

/** Writes the personas that are missing, each whole or not at all, and opens the window of one that should be waiting but whose time has
 *  run out since: a sandbox started again a week later still has its `pending`. What a tester changed stays; `npm run reset` starts over.
 *  A second run on the same day changes nothing. */
export async function seedPersonas(deps: SeedDeps, now: Date): Promise<{ added: number; reopened: number }> {
  let added = 0;
  let reopened = 0;
  for (const persona of PERSONAS) {
    const person = sandboxPerson(persona, now);
    if ((await findAccount(deps.db, person.accountId)) === undefined) {
      if (await addPerson(deps, person, now)) added += 1;
    } else reopened += await keepWaiting(deps.db, person, now);
  }
  if (added > 0) await markLateGrants(deps.db, now);
  return { added, reopened };
}

/** @returns false when another process has just added the same persona. */
async function addPerson(deps: SeedDeps, person: SandboxPerson, now: Date): Promise<boolean> {
  const hashed = await hashSecrets(deps, person);
  const notice = grantNotice(deps.config.issuer);
  return inTransaction(deps.db, async (tx) => {
    if ((await findAccount(tx, person.accountId)) !== undefined) return false;
    await registerPerson(tx, deps, { person, hashed, now, notice });
    return true;
  });
}

/** The message by which a holder learns of the grant, and until when she can activate alone. */
export function grantNotice(issuer: string): GrantNotice {
  return (dueAt) => translator('vi')('sms.grant_notice', { issuer, day: dayText('vi', dueAt) });
}

async function keepWaiting(db: Db, { accountId, grants }: SandboxPerson, now: Date): Promise<number> {
  const levels = grants
    .filter((grant) => grant.activatedDaysAgo === undefined && grant.notifiedDaysAgo === 0)
    .map((grant) => grant.level);
  const overdue = (await listGrants(db, accountId)).filter(
    (grant) =>
      levels.includes(grant.accountLevel) &&
      grant.status !== 'activated' &&
      grant.dueAt !== undefined &&
      isPastDue(grant.dueAt, now),
  );
  let count = 0;
  for (const grant of overdue) {
    const isOpen = await inTransaction(db, async (tx) =>
      reopenGrant(tx, { grantId: grant.id, reason: 'sandbox', actor: { kind: 'system' }, now }),
    );
    if (isOpen) count += 1;
  }
  return count;
}
