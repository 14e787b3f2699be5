import { type VerifyPasscodeDeps, verifyPasscode } from '../accounts/verify-passcode.ts';

/** Why a sensitive act was not confirmed; nothing was done. */
export type NotConfirmed =
  | { kind: 'passcode_malformed' | 'passcode_wrong' | 'passcode_not_set' }
  | { kind: 'throttled'; retryAfterSeconds: number };

/** Whether the holder confirms with her passcode. What is not six digits costs no try. @returns undefined when she does. */
export async function confirmByPasscode(
  deps: VerifyPasscodeDeps,
  accountId: string,
  typed: string,
): Promise<NotConfirmed | undefined> {
  const passcode = typed.trim();
  if (!/^[0-9]{6}$/.test(passcode)) return { kind: 'passcode_malformed' };
  const verdict = await verifyPasscode(deps, accountId, passcode);
  switch (verdict.kind) {
    case 'right':
      return undefined;
    case 'throttled':
      return verdict;
    case 'wrong':
    case 'not_set':
      return { kind: `passcode_${verdict.kind}` };
  }
}
