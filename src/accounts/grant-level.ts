import { appendAudit } from '../audit/audit-store.ts';
import type { AuditEntry } from '../domain/audit-event.ts';
import { activationDueAt, isPastDue, moveGrant } from '../domain/level-grant.ts';
import type { Db } from '../platform/database.ts';
import { inTransaction } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Outbox } from '../platform/outbox.ts';
import type { Vault } from '../platform/vault.ts';
import { type ActivationEvent, recordActivationEvents } from './activation-event-store.ts';
import { dueEvent, noticeOf } from './complete-activation.ts';
import { changeGrant, findGrant, insertGrants, type LevelGrant, listOverdueGrants } from './level-grant-store.ts';
import { type TellHolderDeps, tellHolder } from './tell-holder.ts';

export type GrantDeps = TellHolderDeps & { outbox: Pick<Outbox, 'enqueue'>; vault: Vault };

/** Grants a level to an account, in the caller's transaction. At most one grant per account and level: the unique index refuses a second.
 *  `tell` is false for an import: those people were told elsewhere. */
export async function grantLevel(
  tx: Db,
  input: Pick<LevelGrant, 'accountId' | 'accountLevel' | 'grantedAt'> &
    Pick<Partial<LevelGrant>, 'unitCode' | 'appliedAt'> & { actor: AuditEntry['actor']; now: Date },
): Promise<LevelGrant> {
  const { actor, now, ...fields } = input;
  const grant: LevelGrant = { id: newId(), status: 'granted', ...fields };
  await insertGrants(tx, [grant], now);
  await recordActivationEvents(tx, grantEvents(grant, now));
  await appendAudit(tx, {
    at: now,
    actor,
    action: 'grant.granted',
    accountId: grant.accountId,
    detail: { grant: grant.id, account_level: grant.accountLevel },
  });
  return grant;
}

/** What a grant says to the counters before it is notified. */
function grantEvents(grant: LevelGrant, recordedAt: Date): ActivationEvent[] {
  const base = {
    accountId: grant.accountId,
    grantId: grant.id,
    accountLevel: grant.accountLevel,
    recordedAt,
    ...(grant.unitCode === undefined ? {} : { unitCode: grant.unitCode }),
  };
  return [
    ...(grant.appliedAt === undefined ? [] : [{ ...base, kind: 'applied' as const, occurredAt: grant.appliedAt }]),
    { ...base, kind: 'granted', occurredAt: grant.grantedAt },
  ];
}

/** The notice of the grant was delivered: the seven days begin. Source: Decree 69/2024/NĐ-CP, Article 14. @returns false when the grant had been notified. */
export async function notifyGrant(
  tx: Db,
  deps: GrantDeps,
  input: { grantId: string; notifiedAt: Date; now: Date; smsText?: string },
): Promise<boolean> {
  const grant = await findGrant(tx, input.grantId);
  const to = grant && moveGrant(grant.status, 'notify');
  if (grant === undefined || to === undefined) return false;
  const dueAt = activationDueAt(input.notifiedAt);
  const moved = await changeGrant(
    tx,
    { id: grant.id, from: grant.status },
    { status: to, notifiedAt: input.notifiedAt, firstDueAt: dueAt, dueAt },
    input.now,
  );
  if (!moved) return false;
  await recordActivationEvents(tx, [
    { ...dueEvent(grant, dueAt, input.now), kind: 'notified', occurredAt: input.notifiedAt },
    dueEvent(grant, dueAt, input.now),
  ]);
  await appendAudit(tx, {
    at: input.now,
    actor: { kind: 'system' },
    action: 'grant.notified',
    accountId: grant.accountId,
    detail: { grant: grant.id, account_level: grant.accountLevel },
  });
  if (input.smsText !== undefined) await tellHolder(tx, deps, grant.accountId, input.smsText);
  return true;
}

/** Moves grants whose due time has passed to `late_activation`, a bounded batch a call. @returns how many. */
export async function markLateGrants(db: Db, now: Date, limit = 200): Promise<number> {
  const overdue = await listOverdueGrants(db, now, limit);
  let count = 0;
  for (const grant of overdue) {
    const isMoved = await inTransaction(db, async (tx) => {
      const to = moveGrant(grant.status, 'fall_due');
      if (to === undefined || !(await changeGrant(tx, { id: grant.id, from: grant.status }, { status: to }, now)))
        return false;
      await recordActivationEvents(tx, [{ ...dueEvent(grant, grant.dueAt ?? now, now), kind: 'late' }]);
      await appendAudit(tx, {
        at: now,
        actor: { kind: 'system' },
        action: 'grant.fell_due',
        accountId: grant.accountId,
        detail: { grant: grant.id },
      });
      return true;
    });
    if (isMoved) count += 1;
  }
  return count;
}

/** The citizen called the hotline and proved who she is: the window opens again. `firstDueAt` stays, so that `on_time` is not bettered by it.
 *  A pending grant whose time ran out but which no timer has marked yet counts as late. @returns false when there is nothing to reopen. */
export async function reopenGrant(
  tx: Db,
  input: { grantId: string; reason: string; actor: AuditEntry['actor']; now: Date },
): Promise<boolean> {
  const grant = await findGrant(tx, input.grantId);
  if (grant === undefined) return false;
  const isOverdue =
    grant.status === 'pending_activation' && grant.dueAt !== undefined && isPastDue(grant.dueAt, input.now);
  if (isOverdue) {
    await changeGrant(tx, { id: grant.id, from: 'pending_activation' }, { status: 'late_activation' }, input.now);
    await recordActivationEvents(tx, [{ ...dueEvent(grant, grant.dueAt ?? input.now, input.now), kind: 'late' }]);
  }
  const to = moveGrant(isOverdue ? 'late_activation' : grant.status, 'reopen');
  if (to === undefined) return false;
  const dueAt = activationDueAt(input.now);
  const moved = await changeGrant(tx, { id: grant.id, from: 'late_activation' }, { status: to, dueAt }, input.now);
  if (!moved) return false;
  // A grant that was activated once is late no more, whatever windows it gets.
  if (grant.firstActivatedAt === undefined) {
    const reopened = { ...dueEvent(grant, input.now, input.now), ...noticeOf({ ...grant, dueAt }), kind: 'reopened' };
    await recordActivationEvents(tx, [reopened as ActivationEvent]);
  }
  await appendAudit(tx, {
    at: input.now,
    actor: input.actor,
    action: 'grant.reopened',
    accountId: grant.accountId,
    reason: input.reason,
    detail: { grant: grant.id, account_level: grant.accountLevel },
  });
  return true;
}
