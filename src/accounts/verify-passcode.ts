import type { Clock } from '../platform/clock.ts';
import { findCredential } from './credential-store.ts';
import { type GuessConfig, guessPolicy } from './guess-policy.ts';
import { deleteThrottle, takeTry, throttleKey } from './throttle-store.ts';
import { type VerifySecretDeps, verifyHashed } from './verify-password.ts';

export type VerifyPasscodeDeps = VerifySecretDeps & { clock: Clock; fingerprintKey: Buffer; config: GuessConfig };
export type PasscodeVerdict =
  | { kind: 'right' | 'wrong' | 'not_set' }
  | { kind: 'throttled'; retryAfterSeconds: number };

/** The passcode that confirms a sensitive act of someone signed in. Tries are counted by account, before the passcode is looked at. */
export async function verifyPasscode(
  deps: VerifyPasscodeDeps,
  accountId: string,
  passcode: string,
): Promise<PasscodeVerdict> {
  if ((await findCredential(deps.db, accountId, 'passcode')) === undefined) return { kind: 'not_set' };
  const key = throttleKey(deps.fingerprintKey, { kind: 'passcode', subject: accountId });
  const retryAfterSeconds = await takeTry(deps.db, key, guessPolicy(deps.config), deps.clock());
  if (retryAfterSeconds > 0) return { kind: 'throttled', retryAfterSeconds };
  if (!(await verifyHashed(deps, accountId, 'passcode', passcode))) return { kind: 'wrong' };
  await deleteThrottle(deps.db, key);
  return { kind: 'right' };
}
