import { type AccountRecord, findAccountRecord } from '../accounts/account-record.ts';
import { listCredentials } from '../accounts/credential-store.ts';
import { listOpenGrounds } from '../accounts/lock-ground-store.ts';
import { type RecoveryVerdict, recoveryVerdict } from '../domain/recovery.ts';
import type { Db } from '../platform/database.ts';

/** Reads everything on which a recovery depends, and judges it. Undefined for an account that is gone. */
export async function judgeRecovery(
  tx: Db,
  accountId: string,
): Promise<{ record: AccountRecord; verdict: RecoveryVerdict } | undefined> {
  const record = await findAccountRecord(tx, accountId);
  if (record === undefined) return undefined;
  const { account, person } = record;
  const openGrounds = (await listOpenGrounds(tx, accountId)).map((one) => one.ground);
  const kinds = (await listCredentials(tx, accountId)).map((one) => one.kind);
  const verdict = recoveryVerdict({
    accountStatus: account.status,
    openGrounds,
    isDeceased: person.deceasedAt !== undefined,
    hasPassword: kinds.includes('password'),
    hasTotp: kinds.includes('totp'),
    hasCardIssueDate: person.cardIssuedOn !== undefined,
  });
  return { record, verdict };
}
