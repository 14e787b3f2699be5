import { fixedWindow } from '../accounts/guess-policy.ts';
import type { CodePolicy } from '../accounts/one-time-code-store.ts';
import { takeTry, throttleKey } from '../accounts/throttle-store.ts';
import { SECOND_PROOFS_PER_DAY } from '../domain/recovery.ts';
import type { RecoveryDeps } from './recovery-deps.ts';

type LimitDeps = Pick<RecoveryDeps, 'db' | 'fingerprintKey' | 'config' | 'clock'>;

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

export function codePolicy(deps: Pick<RecoveryDeps, 'config' | 'fingerprintKey'>): CodePolicy {
  const { codeLifetimeSeconds, codeTries } = deps.config;
  return { lifetimeSeconds: codeLifetimeSeconds, maxTries: codeTries, hmacKey: deps.fingerprintKey };
}

/** Many people share one address: its limit is generous and only stops a flood. @returns seconds to wait, 0 when the start may go on. */
export async function takeStart(deps: LimitDeps, from: { pair: string; address: string }): Promise<number> {
  const { attemptsPerAddressPerHour, attemptsPerAccountPerHour } = deps.config;
  const byAddress = throttleKey(deps.fingerprintKey, { kind: 'recovery_address', subject: from.address });
  const wait = await takeTry(deps.db, byAddress, fixedWindow(attemptsPerAddressPerHour, HOUR_SECONDS), deps.clock());
  if (wait > 0) return wait;
  const byPair = throttleKey(deps.fingerprintKey, { kind: 'recovery_pair', subject: from.pair });
  return takeTry(deps.db, byPair, fixedWindow(attemptsPerAccountPerHour, HOUR_SECONDS), deps.clock());
}

/** @returns seconds to wait, 0 when another code may be sent today. */
export async function takeCode(deps: LimitDeps, pair: string): Promise<number> {
  const key = throttleKey(deps.fingerprintKey, { kind: 'recovery_codes', subject: pair });
  return takeTry(deps.db, key, fixedWindow(deps.config.codesPerPhonePerDay, DAY_SECONDS), deps.clock());
}

/** By the account, over all its attempts: who holds the phone must not guess the second proof attempt by attempt.
 *  @returns seconds to wait, 0 when one more may be judged. */
export async function takeSecondProof(deps: LimitDeps, accountId: string): Promise<number> {
  const key = throttleKey(deps.fingerprintKey, { kind: 'recovery_proof', subject: accountId });
  return takeTry(deps.db, key, fixedWindow(SECOND_PROOFS_PER_DAY, DAY_SECONDS), deps.clock());
}
