import { appendAudit } from '../audit/audit-store.ts';
import { accountStatus } from '../domain/account.ts';
import type { AuditEntry } from '../domain/audit-event.ts';
import type { LockGround } from '../domain/lock.ts';
import { vietNamDay } from '../domain/viet-nam-time.ts';
import type { Db } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Outbox } from '../platform/outbox.ts';
import { type Account, changeAccountStatus, findAccountForChange } from './account-store.ts';
import { type ActivationEvent, recordActivationEvents } from './activation-event-store.ts';
import { recordResidentFact } from './count-residents.ts';
import { listGrants } from './level-grant-store.ts';
import { closeLockGround, insertLockGround, listOpenGrounds } from './lock-ground-store.ts';
import { findPerson } from './person-store.ts';
import { findDeath } from './resident-fact-store.ts';
import { type TellHolderDeps, tellHolder } from './tell-holder.ts';

export type LockInput = {
  accountId: string;
  ground: LockGround;
  reason: string;
  actor: AuditEntry['actor'];
  requestedBy: string;
  now: Date;
  /** What the holder is told; absent for a death. */
  smsText?: string;
};

/** Opens a ground; the first one locks the account. Sessions, grants and tokens end through the outbox right after the commit, and every look-up of a locked
 *  account already refuses before that. Source: Decree 69/2024/NĐ-CP, Articles 29, 30.
 *  @returns `already` when this ground was open; then nothing was written. */
export async function lockAccount(
  tx: Db,
  deps: TellHolderDeps & { outbox: Pick<Outbox, 'enqueue'> },
  input: LockInput,
): Promise<'locked' | 'already' | 'no_account'> {
  const account = await findAccountForChange(tx, input.accountId);
  if (account === undefined || account.status === 'closed') return 'no_account';
  const unitCode = input.actor.unitCode;
  const isNew = await insertLockGround(tx, {
    id: newId(),
    accountId: account.id,
    ground: input.ground,
    reason: input.reason,
    requestedBy: input.requestedBy,
    openedAt: input.now,
    ...(unitCode === undefined ? {} : { unitCode }),
  });
  if (!isNew) return 'already';
  if (account.status !== 'locked') {
    await changeAccountStatus(tx, account.id, { from: account.status, to: 'locked' }, input.now);
    await recordActivationEvents(tx, [await accountEvent(tx, account, 'locked', input.now)]);
  }
  if (input.ground === 'death') await recordDeath(tx, account, input.now);
  await deps.outbox.enqueue(tx, { kind: 'end_access', payload: { accountId: account.id } });
  await appendAudit(tx, {
    at: input.now,
    actor: input.actor,
    action: 'account.locked',
    accountId: account.id,
    reason: input.reason,
    detail: { ground: input.ground },
  });
  if (input.smsText !== undefined) await tellHolder(tx, deps, account.id, input.smsText);
  return 'locked';
}

/** Closes a ground; the account opens when none remains. @returns `still_locked` while another ground is open, `not_open` when there was no such ground. */
export async function unlockAccount(
  tx: Db,
  deps: TellHolderDeps,
  input: Omit<LockInput, 'requestedBy'>,
): Promise<'unlocked' | 'still_locked' | 'not_open'> {
  const account = await findAccountForChange(tx, input.accountId);
  if (account === undefined) return 'not_open';
  const isClosed = await closeLockGround(tx, account.id, input.ground, {
    closedBy: input.actor.id ?? input.actor.kind,
    reason: input.reason,
    at: input.now,
  });
  if (!isClosed) return 'not_open';
  if (input.ground === 'death') await takeBackDeath(tx, account, input.now);
  const openGrounds = (await listOpenGrounds(tx, account.id)).map((one) => one.ground);
  const activatedLevels = (await listGrants(tx, account.id))
    .filter((grant) => grant.status === 'activated')
    .map((grant) => grant.accountLevel);
  const to = accountStatus({ activatedLevels, openGrounds, isClosed: account.status === 'closed' });
  await appendAudit(tx, {
    at: input.now,
    actor: input.actor,
    action: 'account.unlocked',
    accountId: account.id,
    reason: input.reason,
    detail: { ground: input.ground, status: to },
  });
  if (to === 'locked') return 'still_locked';
  await changeAccountStatus(tx, account.id, { from: 'locked', to }, input.now);
  await recordActivationEvents(tx, [await accountEvent(tx, account, 'unlocked', input.now)]);
  if (input.smsText !== undefined) await tellHolder(tx, deps, account.id, input.smsText);
  return 'unlocked';
}

/** From the day of the death, as the register knows it, else of the notice, a person is no resident. */
async function recordDeath(tx: Db, { id, personId }: Pick<Account, 'id' | 'personId'>, now: Date): Promise<void> {
  const diedAt = (await findPerson(tx, personId))?.deceasedAt ?? now;
  await recordResidentFact(tx, id, { personId, kind: 'died', quantity: 1, day: vietNamDay(diedAt) }, now);
}

async function takeBackDeath(tx: Db, { id, personId }: Pick<Account, 'id' | 'personId'>, now: Date): Promise<void> {
  const death = await findDeath(tx, personId);
  if (death === undefined) return;
  await recordResidentFact(tx, id, { personId, kind: 'died', quantity: -1, day: death.day }, now);
}

async function accountEvent(
  tx: Db,
  account: { id: string; personId: string },
  kind: 'locked' | 'unlocked',
  now: Date,
): Promise<ActivationEvent> {
  const unitCode = (await findPerson(tx, account.personId))?.residenceUnitCode;
  return {
    kind,
    accountId: account.id,
    accountLevel: 0,
    occurredAt: now,
    recordedAt: now,
    ...(unitCode === undefined ? {} : { unitCode }),
  };
}
