import { appendAudit } from '../audit/audit-store.ts';
import { accountStatus } from '../domain/account.ts';
import type { ActivationChannel } from '../domain/activation.ts';
import type { AuditEntry } from '../domain/audit-event.ts';
import { isPastDue, moveGrant } from '../domain/level-grant.ts';
import { vietNamDay } from '../domain/viet-nam-time.ts';
import { presentValues } from '../platform/columns.ts';
import type { Db } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { type Account, changeAccountStatus, changeFirstActivatedAt, findAccountForChange } from './account-store.ts';
import { type ActivationEvent, recordActivationEvents } from './activation-event-store.ts';
import { insertActivations } from './activation-store.ts';
import { changeGrant, type LevelGrant, listGrantsForChange } from './level-grant-store.ts';
import { listOpenGrounds } from './lock-ground-store.ts';

export type ActivationFact = {
  accountId: string;
  grantId: string;
  at: Date;
  channel: ActivationChannel;
  /** The unit that helped, kept with the activation; the grant's when absent. Rates count an activation where its grant was notified, in the grant's unit. */
  unitCode?: string;
  attemptId?: string;
  helperId?: string;
  guardianAccountId?: string;
  actor: AuditEntry['actor'];
};

/** The move granted → activated with everything that belongs to it: the grant, the activation's own row, the account's status, the audit entry, the
 *  events and their counters. Runs in the caller's transaction, which also holds the credentials: all of it stands or nothing does.
 *  @returns `not_waiting` when another device was faster, `late` when the due time has passed; then nothing was written. */
export async function completeActivation(tx: Db, fact: ActivationFact): Promise<'activated' | 'not_waiting' | 'late'> {
  const grants = await listGrantsForChange(tx, fact.accountId);
  const grant = grants.find((one) => one.id === fact.grantId);
  const account = await findAccountForChange(tx, fact.accountId);
  if (grant === undefined || account === undefined || moveGrant(grant.status, 'activate') === undefined)
    return 'not_waiting';
  if (grant.dueAt !== undefined && isPastDue(grant.dueAt, fact.at)) return 'late';

  const isFirstOfGrant = grant.firstActivatedAt === undefined;
  const unitCode = fact.unitCode ?? grant.unitCode;
  const moved = await changeGrant(
    tx,
    { id: grant.id, from: grant.status },
    {
      status: 'activated',
      activatedAt: fact.at,
      channel: fact.channel,
      ...(isFirstOfGrant ? { firstActivatedAt: fact.at } : {}),
    },
    fact.at,
  );
  if (!moved) return 'not_waiting';

  await insertActivations(
    tx,
    [
      {
        id: newId(),
        grantId: grant.id,
        accountId: fact.accountId,
        activatedAt: fact.at,
        channel: fact.channel,
        ...presentValues({
          unitCode,
          attemptId: fact.attemptId,
          helperId: fact.helperId,
          guardianAccountId: fact.guardianAccountId,
        }),
      },
    ],
    fact.at,
  );

  const isFirstOfPerson = await changeFirstActivatedAt(tx, fact.accountId, fact.at);
  await bringStatusUpToDate(tx, account, grant, fact.at);

  await recordActivationEvents(tx, activationEvents({ grant, fact, isFirstOfGrant, isFirstOfPerson }));
  await appendAudit(tx, {
    at: fact.at,
    actor: fact.actor,
    action: 'grant.activated',
    accountId: fact.accountId,
    detail: {
      grant: grant.id,
      account_level: grant.accountLevel,
      channel: fact.channel,
      helper: fact.helperId ?? null,
      guardian: fact.guardianAccountId ?? null,
    },
  });
  return 'activated';
}

/** A ground that was opened before the activation keeps the account locked. */
async function bringStatusUpToDate(tx: Db, account: Account, activated: LevelGrant, at: Date): Promise<void> {
  const openGrounds = (await listOpenGrounds(tx, account.id)).map((one) => one.ground);
  const isClosed = account.status === 'closed';
  const to = accountStatus({ activatedLevels: [activated.accountLevel], openGrounds, isClosed });
  if (to !== account.status) await changeAccountStatus(tx, account.id, { from: account.status, to }, at);
}

function activationEvents(input: {
  grant: LevelGrant;
  fact: ActivationFact;
  isFirstOfGrant: boolean;
  isFirstOfPerson: boolean;
}): ActivationEvent[] {
  const { grant, fact, isFirstOfGrant, isFirstOfPerson } = input;
  const base = {
    accountId: fact.accountId,
    grantId: grant.id,
    accountLevel: grant.accountLevel,
    channel: fact.channel,
    occurredAt: fact.at,
    recordedAt: fact.at,
    ...(grant.unitCode === undefined ? {} : { unitCode: grant.unitCode }),
  };
  const events: ActivationEvent[] = [
    isFirstOfGrant ? { ...base, ...noticeOf(grant), kind: 'activated' } : { ...base, kind: 'reactivated' },
  ];
  if (isFirstOfPerson) events.push({ ...base, kind: 'person_activated' });
  const dueAt = grant.firstDueAt;
  if (isFirstOfGrant && dueAt !== undefined && fact.at.getTime() <= dueAt.getTime()) {
    // Counted where the grant's `due` is counted: in the grant's own unit, on the due day, without a channel.
    events.push({ ...dueEvent(grant, dueAt, fact.at), kind: 'on_time' });
  }
  return events;
}

/** Of which notice, and of which window when it was reopened, a first activation or a reopening speaks. */
export function noticeOf({
  notifiedAt,
  firstDueAt,
  dueAt,
}: Pick<LevelGrant, 'notifiedAt' | 'firstDueAt' | 'dueAt'>): Pick<ActivationEvent, 'notifiedOn' | 'dueOn'> {
  if (notifiedAt === undefined) return {};
  const notifiedOn = vietNamDay(notifiedAt);
  const isReopened = dueAt !== undefined && dueAt.getTime() !== firstDueAt?.getTime();
  return isReopened ? { notifiedOn, dueOn: vietNamDay(dueAt) } : { notifiedOn };
}

/** The place in the counters where a grant falls due: `due` and `on_time` must lie together or their ratio means nothing. */
export function dueEvent(
  grant: Pick<LevelGrant, 'id' | 'accountId' | 'accountLevel' | 'unitCode'>,
  firstDueAt: Date,
  recordedAt: Date,
): ActivationEvent {
  return {
    kind: 'due',
    accountId: grant.accountId,
    grantId: grant.id,
    accountLevel: grant.accountLevel,
    occurredAt: firstDueAt,
    recordedAt,
    ...(grant.unitCode === undefined ? {} : { unitCode: grant.unitCode }),
  };
}
