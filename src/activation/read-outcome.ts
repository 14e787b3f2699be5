import { findAccountRecord } from '../accounts/account-record.ts';
import { listActivations } from '../accounts/activation-store.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { isPastDue } from '../domain/level-grant.ts';
import type { ActivationDeps } from './activation-deps.ts';
import type { Attempt } from './attempt-store.ts';

export type OutcomeFacts = {
  /** The levels this attempt activated. */
  activatedLevels: AccountLevel[];
  /** Until when the level that is late now could be activated alone; absent when none is late. */
  lateSince?: Date;
};

/** What the last page tells beside the outcome. */
export async function readOutcome(deps: Pick<ActivationDeps, 'db' | 'clock'>, attempt: Attempt): Promise<OutcomeFacts> {
  const now = deps.clock();
  const grants = (await findAccountRecord(deps.db, attempt.accountId ?? ''))?.grants ?? [];
  const activations = await listActivations(deps.db, attempt.accountId ?? '');
  const ofAttempt = new Set(activations.filter((one) => one.attemptId === attempt.id).map((one) => one.grantId));
  const activatedLevels = grants.filter((grant) => ofAttempt.has(grant.id)).map((grant) => grant.accountLevel);
  const lateSince = grants
    .filter((grant) => grant.status === 'late_activation' || grant.status === 'pending_activation')
    .map((grant) => grant.dueAt)
    .findLast((dueAt) => dueAt !== undefined && isPastDue(dueAt, now));
  return { activatedLevels, ...(lateSince === undefined ? {} : { lateSince }) };
}
