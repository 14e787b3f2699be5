import { changeCredential, findCredential } from '../accounts/credential-store.ts';
import { guessPolicy } from '../accounts/guess-policy.ts';
import { findSecretHolder } from '../accounts/secret-holder.ts';
import { deleteThrottle, takeTry, throttleKey } from '../accounts/throttle-store.ts';
import { verifyPassword } from '../accounts/verify-password.ts';
import { checkPassword, type PasswordReason } from '../domain/secrets-policy.ts';
import { confirmByPasscode, type NotConfirmed } from './confirm-by-passcode.ts';
import type { Holder, MyAccountDeps } from './my-account-deps.ts';
import { saveCredentialChange } from './save-credential-change.ts';

export type NewPassword = { currentPassword: string; newPassword: string; passcode: string };

export type ChangePasswordOutcome =
  | { kind: 'changed' }
  | { kind: 'elsewhere' }
  | { kind: 'wrong_password' }
  | { kind: 'same_as_before' }
  | { kind: 'weak'; reasons: readonly PasswordReason[] }
  | NotConfirmed;

/** Whoever found the device unlocked knows neither secret: both the current password and the passcode are asked for. What the new one lacks is said
 *  first, for it costs no try. */
export async function changePassword(
  deps: MyAccountDeps,
  holder: Holder,
  typed: NewPassword,
): Promise<ChangePasswordOutcome> {
  const { accountId } = holder.session;
  const judged = checkPassword(typed.newPassword, await findSecretHolder(deps, accountId));
  if (!judged.ok) return { kind: 'weak', reasons: judged.reasons };
  const notConfirmed = await confirmByPasscode(deps, accountId, typed.passcode);
  if (notConfirmed !== undefined) return notConfirmed;

  const current = await findCredential(deps.db, accountId, 'password');
  const notProved = await proveCurrentPassword(deps, accountId, typed.currentPassword);
  if (notProved !== undefined) return notProved;
  if (typed.newPassword === typed.currentPassword) return { kind: 'same_as_before' };
  const secret = await deps.hasher.hash(typed.newPassword);
  const isSaved = await saveCredentialChange(deps, holder, {
    action: 'credential.password_changed',
    sms: 'sms.password_changed',
    write: (tx, now) => changeCredential(tx, { id: current?.id ?? '', secret }, now),
  });
  return { kind: isSaved ? 'changed' : 'elsewhere' };
}

async function proveCurrentPassword(
  deps: MyAccountDeps,
  accountId: string,
  password: string,
): Promise<{ kind: 'wrong_password' } | { kind: 'throttled'; retryAfterSeconds: number } | undefined> {
  if (password === '') return { kind: 'wrong_password' };
  const key = throttleKey(deps.fingerprintKey, { kind: 'account_password', subject: accountId });
  const retryAfterSeconds = await takeTry(deps.db, key, guessPolicy(deps.config), deps.clock());
  if (retryAfterSeconds > 0) return { kind: 'throttled', retryAfterSeconds };
  if (!(await verifyPassword(deps, accountId, password))) return { kind: 'wrong_password' };
  await deleteThrottle(deps.db, key);
  return undefined;
}
