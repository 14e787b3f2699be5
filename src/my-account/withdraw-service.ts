import { listStandingConsents } from '../accounts/consent-store.ts';
import { withdrawConsent } from '../accounts/withdraw-consent.ts';
import { inTransaction } from '../platform/database.ts';
import { confirmByPasscode, type NotConfirmed } from './confirm-by-passcode.ts';
import type { Holder, MyAccountDeps } from './my-account-deps.ts';

export type WithdrawOutcome = { kind: 'withdrawn' } | { kind: 'unknown' } | NotConfirmed;

/** Takes back everything allowed to one relying party: the receipts are marked, its grant and tokens end, and it is told. */
export async function withdrawService(
  deps: MyAccountDeps,
  { session }: Holder,
  asked: { clientId: string; passcode: string },
): Promise<WithdrawOutcome> {
  const { accountId } = session;
  const { clientId } = asked;
  if ((await listStandingConsents(deps.db, accountId, clientId)).length === 0) return { kind: 'unknown' };
  const notConfirmed = await confirmByPasscode(deps, accountId, asked.passcode);
  if (notConfirmed !== undefined) return notConfirmed;

  const now = deps.clock();
  const isWithdrawn = await inTransaction(deps.db, async (tx) => {
    const actor = { kind: 'citizen' as const, id: accountId };
    if (!(await withdrawConsent(tx, { accountId, clientId, actor, now }))) return false;
    // A crash right after the commit must not leave the tokens alive.
    await deps.outbox.enqueue(tx, { kind: 'end_grant', payload: { accountId, clientId } });
    return true;
  });
  if (!isWithdrawn) return { kind: 'unknown' };
  await deps.gateway.endGrant(accountId, clientId);
  deps.outbox.nudge();
  deps.log.info({ accountId, clientId }, 'consent.withdrawn');
  return { kind: 'withdrawn' };
}
