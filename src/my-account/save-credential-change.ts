import { findAccount } from '../accounts/account-store.ts';
import { tellHolder } from '../accounts/tell-holder.ts';
import { appendAudit } from '../audit/audit-store.ts';
import type { AuditAction } from '../domain/audit-event.ts';
import { instantText } from '../i18n/dates.ts';
import { translator } from '../i18n/translator.ts';
import { type Db, inTransaction } from '../platform/database.ts';
import type { Holder, MyAccountDeps } from './my-account-deps.ts';

export type CredentialChange = {
  action: Extract<AuditAction, `credential.${string}`>;
  sms:
    | 'sms.password_changed'
    | 'sms.passcode_changed'
    | 'sms.questions_changed'
    | 'sms.totp_enrolled'
    | 'sms.totp_removed';
  /** @returns false when what it would replace is there no more; then nothing at all is written. */
  write: (tx: Db, now: Date) => Promise<boolean>;
};

/** Writes a changed way to sign in, with its audit entry and the message to the holder, and ends every other session and every token: whoever got in
 *  with the old one is out. @returns false when the account or the credential was changed meanwhile. */
export async function saveCredentialChange(
  deps: MyAccountDeps,
  { session, locale }: Holder,
  change: CredentialChange,
): Promise<boolean> {
  const { accountId, uid: exceptSessionUid } = session;
  const now = deps.clock();
  const isSaved = await inTransaction(deps.db, async (tx) => {
    // Locked since this request began: nothing changes any more.
    if ((await findAccount(tx, accountId))?.status !== 'active') return false;
    if (!(await change.write(tx, now))) return false;
    const { action } = change;
    await appendAudit(tx, { at: now, actor: { kind: 'citizen', id: accountId }, action, accountId });
    const body = translator(locale)(change.sms, { at: instantText('vi', now), issuer: deps.config.issuer });
    await tellHolder(tx, deps, accountId, body);
    // A crash right after the commit must not leave the others signed in.
    await deps.outbox.enqueue(tx, { kind: 'end_other_access', payload: { accountId, exceptSessionUid } });
    return true;
  });
  if (!isSaved) return false;
  await deps.gateway.endAccess(accountId, { exceptSessionUid });
  deps.outbox.nudge();
  deps.log.info({ accountId, action: change.action }, 'credential.changed');
  return true;
}
