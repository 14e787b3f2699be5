import { findAccount } from '../accounts/account-store.ts';
import { changeDeviceSeen, findKnownDevice, insertKnownDevice } from '../accounts/known-device-store.ts';
import { recordFirstLogin } from '../accounts/record-first-login.ts';
import { insertSignIn } from '../accounts/sign-in-history-store.ts';
import { tellHolder } from '../accounts/tell-holder.ts';
import { appendAudit } from '../audit/audit-store.ts';
import { type AuthFactor, amrOf, authLevelOf } from '../domain/assurance.ts';
import { type Db, inTransaction } from '../platform/database.ts';
import { newId, newSecret } from '../platform/ids.ts';
import type { SignInDeps } from './sign-in-deps.ts';

export type RecordSignInDeps = Pick<SignInDeps, 'db' | 'clock' | 'vault' | 'outbox' | 'countOutcome'>;

export type CompleteSignIn = {
  accountId: string;
  clientId: string;
  factors: readonly AuthFactor[];
  /** Where it is known already: a silent sign-in makes its session first. */
  sessionUid?: string;
  /** The browser; absent for a sign-in without one (a silent persona). `newDeviceSms` is what the holder is told when it is not known yet. */
  device?: { tokens: readonly string[]; label: string; newDeviceSms: string };
};

/** What every complete sign-in leaves behind: the history row, the device, the audit entry, the notice of a new device, and the first sign-in that the
 *  rates count. @returns the token for the device cookie when the device was new to this account. */
export async function recordSignIn(deps: RecordSignInDeps, signIn: CompleteSignIn): Promise<string | undefined> {
  const now = deps.clock();
  const { accountId, clientId, factors } = signIn;
  const authLevel = authLevelOf(factors);
  const amr = amrOf(factors);
  const newToken = await inTransaction(deps.db, async (tx) => {
    const device = signIn.device && (await seeDevice(tx, deps, { ...signIn.device, accountId }));
    await insertSignIn(tx, {
      id: newId(),
      accountId,
      outcome: 'signed_in',
      clientId,
      authLevel,
      amr,
      occurredAt: now,
      ...(signIn.sessionUid === undefined ? {} : { sessionUid: signIn.sessionUid }),
      ...(device === undefined ? {} : { deviceId: device.id, deviceLabel: device.label }),
    });
    await appendAudit(tx, {
      at: now,
      actor: { kind: 'citizen', id: accountId },
      action: 'sign_in.succeeded',
      accountId,
      detail: { client: clientId, auth_level: authLevel, amr: amr.join(' ') },
    });
    return device?.newToken;
  });
  await recordFirstLogin(deps.db, accountId, now);
  deps.outbox.nudge();
  deps.countOutcome?.('sign_in', 'signed_in');
  return newToken;
}

async function seeDevice(
  tx: Db,
  deps: RecordSignInDeps,
  seen: NonNullable<CompleteSignIn['device']> & { accountId: string },
): Promise<{ id: string; label: string; newToken?: string }> {
  const { accountId, label } = seen;
  const known = await findKnownDevice(tx, accountId, seen.tokens);
  if (known !== undefined) {
    await changeDeviceSeen(tx, known.id, label, deps.clock());
    return { id: known.id, label };
  }
  const device = { id: newId(), accountId, label, token: newSecret() };
  await insertKnownDevice(tx, device, deps.clock());
  // The very first sign-in follows the activation, of which the holder was told minutes ago.
  const isFirst = (await findAccount(tx, accountId))?.firstLoginAt === undefined;
  if (!isFirst) await tellHolder(tx, deps, accountId, seen.newDeviceSms);
  return { id: device.id, label, newToken: device.token };
}
