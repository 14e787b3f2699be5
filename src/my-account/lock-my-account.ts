import { lockAccount } from '../accounts/lock-account.ts';
import { instantText } from '../i18n/dates.ts';
import { translator } from '../i18n/translator.ts';
import { inTransaction } from '../platform/database.ts';
import { confirmByPasscode, type NotConfirmed } from './confirm-by-passcode.ts';
import type { Holder, MyAccountDeps } from './my-account-deps.ts';

/** Locks the account at its holder's request; every session and token ends, the present one too. Only the identity authority opens it again, after it has
 *  identified her. Source: Decree 69/2024/NĐ-CP, Article 29. */
export async function lockMyAccount(
  deps: MyAccountDeps,
  { session, locale }: Holder,
  passcode: string,
): Promise<{ kind: 'locked' } | NotConfirmed> {
  const { accountId } = session;
  const notConfirmed = await confirmByPasscode(deps, accountId, passcode);
  if (notConfirmed !== undefined) return notConfirmed;
  const now = deps.clock();
  await inTransaction(deps.db, (tx) =>
    lockAccount(tx, deps, {
      accountId,
      ground: 'holder_request',
      reason: 'asked for by the holder on her account page',
      actor: { kind: 'citizen', id: accountId },
      requestedBy: 'holder',
      now,
      smsText: translator(locale)('sms.locked_by_holder', { at: instantText('vi', now) }),
    }),
  );
  await deps.gateway.endAccess(accountId);
  deps.outbox.nudge();
  deps.log.info({ accountId }, 'account.locked_by_holder');
  return { kind: 'locked' };
}
