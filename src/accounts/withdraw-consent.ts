import { appendAudit } from '../audit/audit-store.ts';
import type { AuditEntry } from '../domain/audit-event.ts';
import type { Db } from '../platform/database.ts';
import { changeConsentsWithdrawn } from './consent-store.ts';

/** Takes back everything an account allowed to a relying party, in the caller's transaction. What was granted by it (tokens, the provider's grant) ends by
 *  `gateway.endGrant` right after the commit. @returns false when nothing stood. */
export async function withdrawConsent(
  tx: Db,
  input: { accountId: string; clientId: string; actor: AuditEntry['actor']; now: Date },
): Promise<boolean> {
  const count = await changeConsentsWithdrawn(tx, input.accountId, input.clientId, input.now);
  if (count === 0) return false;
  await appendAudit(tx, {
    at: input.now,
    actor: input.actor,
    action: 'consent.withdrawn',
    accountId: input.accountId,
    detail: { client: input.clientId, receipts: count },
  });
  return true;
}
