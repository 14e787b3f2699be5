import { insertSignIn } from '../accounts/sign-in-history-store.ts';
import { appendAudit } from '../audit/audit-store.ts';
import { inTransaction } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Obstacle } from './judge-eligibility.ts';
import type { SignInDeps } from './sign-in-deps.ts';

/** The password was right, and the account may not be used at this service. */
export async function recordRefusal(
  deps: Pick<SignInDeps, 'db' | 'clock' | 'countOutcome'>,
  refusal: { accountId: string; clientId: string; obstacle: Obstacle['kind'] },
): Promise<void> {
  const { accountId, clientId, obstacle } = refusal;
  deps.countOutcome?.('sign_in', 'refused');
  const now = deps.clock();
  await inTransaction(deps.db, async (tx) => {
    await insertSignIn(tx, { id: newId(), accountId, outcome: 'refused', clientId, occurredAt: now });
    await appendAudit(tx, {
      at: now,
      actor: { kind: 'citizen', id: accountId },
      action: 'sign_in.failed',
      accountId,
      detail: { client: clientId, obstacle },
    });
  });
}
