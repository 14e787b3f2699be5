import { changeCredential, findCredential } from '../accounts/credential-store.ts';
import { findSecretHolder } from '../accounts/secret-holder.ts';
import { checkPasscode, type PasscodeReason } from '../domain/secrets-policy.ts';
import { confirmByPasscode, type NotConfirmed } from './confirm-by-passcode.ts';
import type { Holder, MyAccountDeps } from './my-account-deps.ts';
import { saveCredentialChange } from './save-credential-change.ts';

export type ChangePasscodeOutcome =
  | { kind: 'changed' }
  | { kind: 'elsewhere' }
  | { kind: 'same_as_before' }
  | { kind: 'weak'; reasons: readonly PasscodeReason[] }
  | NotConfirmed;

export async function changePasscode(
  deps: MyAccountDeps,
  holder: Holder,
  typed: { passcode: string; newPasscode: string },
): Promise<ChangePasscodeOutcome> {
  const { accountId } = holder.session;
  const newPasscode = typed.newPasscode.trim();
  const judged = checkPasscode(newPasscode, await findSecretHolder(deps, accountId));
  if (!judged.ok) return { kind: 'weak', reasons: judged.reasons };
  const current = await findCredential(deps.db, accountId, 'passcode');
  const notConfirmed = await confirmByPasscode(deps, accountId, typed.passcode);
  if (notConfirmed !== undefined) return notConfirmed;
  if (newPasscode === typed.passcode.trim()) return { kind: 'same_as_before' };
  const secret = await deps.hasher.hash(newPasscode);
  const isSaved = await saveCredentialChange(deps, holder, {
    action: 'credential.passcode_changed',
    sms: 'sms.passcode_changed',
    write: (tx, now) => changeCredential(tx, { id: current?.id ?? '', secret }, now),
  });
  return { kind: isSaved ? 'changed' : 'elsewhere' };
}
