import { findAccountRecord } from '../accounts/account-record.ts';
import { findGrant } from '../accounts/level-grant-store.ts';
import { openCitizenId } from '../accounts/person-store.ts';
import type { AttemptOutcome } from '../domain/activation-funnel.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { maskCitizenId } from '../domain/citizen-id.ts';
import type { ActivationDeps } from './activation-deps.ts';
import { type Attempt, findAttemptForGuardian, listAttemptsForGuardian } from './attempt-store.ts';

/** What a guardian sees of a request put before her. */
export type GuardianRequest = {
  reference: string;
  childName: string;
  maskedCitizenId: string;
  /** Absent when only the child's password and passcode are set. */
  accountLevel?: AccountLevel;
  askedAt: Date;
  expiresAt: Date;
  outcome?: AttemptOutcome;
};

type RequestDeps = Pick<ActivationDeps, 'db' | 'vault' | 'clock'>;

/** Requests that wait for this guardian; her own account page lists them too. */
export async function listGuardianRequests(deps: RequestDeps, guardianAccountId: string): Promise<GuardianRequest[]> {
  const attempts = await listAttemptsForGuardian(deps.db, guardianAccountId, deps.clock());
  const requests = await Promise.all(attempts.map((attempt) => requestOf(deps, attempt)));
  return requests.filter((request) => request !== undefined);
}

export async function findGuardianRequest(
  deps: RequestDeps,
  by: { reference: string; guardianAccountId: string },
): Promise<GuardianRequest | undefined> {
  const attempt = await findAttemptForGuardian(deps.db, by, deps.clock());
  return attempt && requestOf(deps, attempt);
}

async function requestOf(deps: RequestDeps, attempt: Attempt): Promise<GuardianRequest | undefined> {
  const record = await findAccountRecord(deps.db, attempt.accountId ?? '');
  if (record === undefined || attempt.guardianReference === undefined) return undefined;
  const grant = attempt.grantId === undefined ? undefined : await findGrant(deps.db, attempt.grantId);
  return {
    reference: attempt.guardianReference,
    childName: record.person.fullName,
    maskedCitizenId: maskCitizenId(openCitizenId(deps.vault, record.person)),
    askedAt: attempt.createdAt,
    expiresAt: attempt.expiresAt,
    ...(grant === undefined ? {} : { accountLevel: grant.accountLevel }),
    ...(attempt.outcome === undefined ? {} : { outcome: attempt.outcome }),
  };
}
