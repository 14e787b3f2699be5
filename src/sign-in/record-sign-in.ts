import { findAccount } from '../accounts/account-store.ts';
import { deviceSeen, findKnownDevice, insertKnownDevice } from '../accounts/known-device-store.ts';
import { hasUnusedGrant } from '../accounts/level-grant-store.ts';
import { recordFirstLogin } from '../accounts/record-first-login.ts';
import { signInInserted } from '../accounts/sign-in-history-store.ts';
import { tellHolder } from '../accounts/tell-holder.ts';
import { auditAppended } from '../audit/audit-store.ts';
import { type AuthFactor, amrOf, authLevelOf } from '../domain/assurance.ts';
import { inTransaction } from '../platform/database.ts';
import { newId, newSecret } from '../platform/ids.ts';
import { both, runShort, type Statements } from '../platform/prepared-queries.ts';
import type { SignInDeps } from './sign-in-deps.ts';

export type RecordSignInDeps = Pick<SignInDeps, 'db' | 'clock' | 'vault' | 'outbox' | 'countOutcome'>;

export type CompleteSignIn = {
  accountId: string;
  clientId: string;
  factors: readonly AuthFactor[];
  /** Where it is known already: a silent sign-in makes its session first. */
  sessionUid?: string;
  /** The browser; absent for a sign-in without one (a silent persona). `newDeviceSms` is what the holder is told when it is not known yet. `knownId`: which of hers
   *  it was a moment ago. */
  device?: { knownId?: string; tokens: readonly string[]; label: string; newDeviceSms: () => string };
  /** What else is saved with it. */
  settled?: () => Statements<void>;
};

/** What every complete sign-in leaves behind: the history row, the device, the audit entry, the notice of a new device, and the first sign-in that the
 *  rates count. @returns the token for the device cookie when the device was new to this account. */
export async function recordSignIn(deps: RecordSignInDeps, signIn: CompleteSignIn): Promise<string | undefined> {
  const now = deps.clock();
  const { accountId, device } = signIn;
  const knownId = device && (device.knownId ?? (await findKnownDevice(deps.db, accountId, device.tokens))?.id);
  const recorded =
    device === undefined || knownId !== undefined
      ? await runShort(deps.db, () => signInOfKnown(signIn, knownId, now))
      : undefined;
  // Forgotten in another window meanwhile is as good as never seen.
  const newToken =
    recorded === undefined && device !== undefined
      ? await recordNewDevice(deps, { ...signIn, device }, now)
      : undefined;
  if (recorded?.isFirst ?? true) await recordFirstLogin(deps.db, accountId, now);
  deps.countOutcome?.('sign_in', 'signed_in');
  return newToken;
}

/** @returns undefined when the device was forgotten: nothing is recorded then. `isFirst`: of a level. */
function* signInOfKnown(
  signIn: CompleteSignIn,
  deviceId: string | undefined,
  now: Date,
): Statements<{ isFirst: boolean } | undefined> {
  const { accountId, device } = signIn;
  const [isSeen, isFirst] =
    device === undefined || deviceId === undefined
      ? [true, yield* hasUnusedGrant(accountId)]
      : yield* both(deviceSeen(deviceId, device.label, now), hasUnusedGrant(accountId));
  if (!isSeen) return undefined;
  yield* signInRecorded(signIn, deviceId, now);
  return { isFirst };
}

/** @returns the token of its cookie. */
async function recordNewDevice(
  deps: RecordSignInDeps,
  signIn: CompleteSignIn & Required<Pick<CompleteSignIn, 'device'>>,
  now: Date,
): Promise<string> {
  const { accountId, device } = signIn;
  const [id, token] = [newId(), newSecret()];
  await inTransaction(deps.db, async (tx) => {
    await insertKnownDevice(tx, { id, accountId, label: device.label, token }, now);
    // The very first sign-in follows the activation, of which the holder was told minutes ago.
    const isFirst = (await findAccount(tx, accountId))?.firstLoginAt === undefined;
    if (!isFirst) await tellHolder(tx, deps, accountId, device.newDeviceSms());
    await runShort(tx, () => signInRecorded(signIn, id, now));
  });
  deps.outbox.nudge();
  return token;
}

function* signInRecorded(signIn: CompleteSignIn, deviceId: string | undefined, now: Date): Statements<void> {
  const { accountId, clientId, factors, settled } = signIn;
  if (settled !== undefined) yield* settled();
  const authLevel = authLevelOf(factors);
  const amr = amrOf(factors);
  yield* signInInserted({
    id: newId(),
    accountId,
    outcome: 'signed_in',
    clientId,
    authLevel,
    amr,
    occurredAt: now,
    ...(signIn.sessionUid === undefined ? {} : { sessionUid: signIn.sessionUid }),
    ...(deviceId === undefined ? {} : { deviceId }),
    ...(signIn.device === undefined ? {} : { deviceLabel: signIn.device.label }),
  });
  yield* auditAppended({
    at: now,
    actor: { kind: 'citizen', id: accountId },
    action: 'sign_in.succeeded',
    accountId,
    detail: { client: clientId, auth_level: authLevel, amr: amr.join(' ') },
  });
}
