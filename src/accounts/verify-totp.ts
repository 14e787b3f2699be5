import { verify } from 'otplib';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import type { SealedPlace, Vault } from '../platform/vault.ts';
import { changeLastTimeStep, findCredential } from './credential-store.ts';
import { type GuessConfig, guessPolicy } from './guess-policy.ts';
import { deleteThrottle, takeTry, throttleKey } from './throttle-store.ts';

export type VerifyTotpDeps = { db: Db; vault: Vault; clock: Clock; fingerprintKey: Buffer; config: GuessConfig };
export type TotpVerdict =
  | { kind: 'right' | 'wrong' | 'not_enrolled' }
  | { kind: 'throttled'; retryAfterSeconds: number };

/** One step before and after: phones' clocks drift. @see RFC 6238 §5.2 */
const TOLERANCE_SECONDS = 30;

/** Where the sealed shared secret of a `totp` credential lies. */
export function totpSecretPlace(credentialId: string): SealedPlace {
  return { table: 'credentials', column: 'secret', id: credentialId };
}

/** The time step that a code of this shared secret (base32) belongs to; undefined when it fits none near `now`. */
export async function matchTotp(
  secret: string,
  code: string,
  now: Date,
  afterTimeStep?: number,
): Promise<number | undefined> {
  // otplib throws on anything but digits.
  if (!/^\d{6}$/.test(code)) return undefined;
  const result = await verify({
    secret,
    token: code,
    epoch: Math.floor(now.getTime() / 1_000),
    epochTolerance: TOLERANCE_SECONDS,
    ...(afterTimeStep === undefined ? {} : { afterTimeStep }),
  });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}

/** A code of the account's authenticator app. Tries are counted by account before the code is looked at, one budget with the other second factors;
 *  a step is used up by compare-and-set, so that the same code sent twice at once is right once. */
export async function verifyTotp(deps: VerifyTotpDeps, accountId: string, code: string): Promise<TotpVerdict> {
  const credential = await findCredential(deps.db, accountId, 'totp');
  if (credential === undefined) return { kind: 'not_enrolled' };
  const key = secondFactorKey(deps, accountId);
  const now = deps.clock();
  const retryAfterSeconds = await takeTry(deps.db, key, guessPolicy(deps.config), now);
  if (retryAfterSeconds > 0) return { kind: 'throttled', retryAfterSeconds };
  const secret = deps.vault.open(credential.secret, totpSecretPlace(credential.id));
  const step = await matchTotp(secret, code, now, credential.lastTimeStep);
  if (step === undefined || !(await changeLastTimeStep(deps.db, credential.id, step))) return { kind: 'wrong' };
  await deleteThrottle(deps.db, key);
  return { kind: 'right' };
}

/** By what the tries of an account's second factors are counted. */
export function secondFactorKey(deps: { fingerprintKey: Buffer }, accountId: string): string {
  return throttleKey(deps.fingerprintKey, { kind: 'second_factor', subject: accountId });
}
