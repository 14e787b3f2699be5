import { appendAudit } from '../audit/audit-store.ts';
import { type Db, inTransaction } from '../platform/database.ts';
import { changeFirstLoginAt, findAccount } from './account-store.ts';
import { type ActivationEvent, recordActivationEvents } from './activation-event-store.ts';
import { changeGrantFirstLoginAt, listGrants } from './level-grant-store.ts';

/** The first sign-in after an activation: what the police count. Does nothing at later ones, which `hasUnusedGrant` tells at less cost. */
export async function recordFirstLogin(db: Db, accountId: string, now: Date): Promise<void> {
  const waiting = (await listGrants(db, accountId)).filter(
    (grant) => grant.status === 'activated' && grant.firstLoginAt === undefined,
  );
  if (waiting.length === 0) return;
  await inTransaction(db, async (tx) => {
    const events: ActivationEvent[] = [];
    for (const grant of waiting) {
      if (!(await changeGrantFirstLoginAt(tx, grant.id, now))) continue;
      events.push({
        kind: 'first_login',
        accountId,
        grantId: grant.id,
        accountLevel: grant.accountLevel,
        occurredAt: now,
        recordedAt: now,
        ...(grant.unitCode === undefined ? {} : { unitCode: grant.unitCode }),
        ...(grant.channel === undefined ? {} : { channel: grant.channel }),
      });
    }
    const first = events[0];
    if (first === undefined) return;
    const account = await findAccount(tx, accountId);
    if (account !== undefined && (await changeFirstLoginAt(tx, accountId, now)))
      events.push({ ...first, kind: 'person_first_login' });
    await recordActivationEvents(tx, events);
    await appendAudit(tx, { at: now, actor: { kind: 'citizen', id: accountId }, action: 'sign_in.first', accountId });
  });
}
