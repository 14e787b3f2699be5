import { createHmac } from 'node:crypto';
import type { CodePolicy } from '../accounts/one-time-code-store.ts';
import { type Limit, takeTries, throttleKey } from '../accounts/throttle-store.ts';
import type { CitizenId } from '../domain/citizen-id.ts';
import type { PhoneNumber } from '../domain/phone-number.ts';
import type { ThrottlePolicy } from '../domain/throttle.ts';
import type { ActivationDeps } from './activation-deps.ts';

type LimitDeps = Pick<ActivationDeps, 'db' | 'fingerprintKey' | 'config' | 'clock'>;

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

export function codePolicy(deps: Pick<ActivationDeps, 'config' | 'fingerprintKey'>): CodePolicy {
  const { codeLifetimeSeconds, codeTries } = deps.config;
  return { lifetimeSeconds: codeLifetimeSeconds, maxTries: codeTries, hmacKey: deps.fingerprintKey };
}

/** Keyed fingerprint of what was typed. Limits count by the pair, not by the id or the phone alone: a stranger who knows one of the two can neither
 *  lock the holder out nor learn from a limit whether the two belong together; and the pair is the account, for one phone belongs to one account. */
export function pairFingerprint(fingerprintKey: Buffer, citizenId: CitizenId, phone: PhoneNumber): string {
  return createHmac('sha256', fingerprintKey)
    .update(`activation_pair\u241f${citizenId}\u241f${phone}`)
    .digest('base64url');
}

/** A start and its first code. Many people share one address behind carrier NAT, at a ward's desk or a post office: its limit is generous and only stops a flood.
 *  @returns seconds to wait, 0 when the start may go on. */
export async function takeStart(deps: LimitDeps, from: { pair: string; address: string }): Promise<number> {
  const { attemptsPerAddressPerHour, attemptsPerAccountPerHour } = deps.config;
  const byAddress = throttleKey(deps.fingerprintKey, { kind: 'activation_address', subject: from.address });
  const byPair = throttleKey(deps.fingerprintKey, { kind: 'activation_pair', subject: from.pair });
  const limits = [
    { key: byAddress, policy: perHour(attemptsPerAddressPerHour) },
    { key: byPair, policy: perHour(attemptsPerAccountPerHour) },
    codes(deps, from.pair),
  ];
  return takeTries(deps.db, limits, deps.clock());
}

/** @returns seconds to wait, 0 when another code may be sent today. */
export async function takeCode(deps: LimitDeps, pair: string): Promise<number> {
  return takeTries(deps.db, [codes(deps, pair)], deps.clock());
}

function codes({ fingerprintKey, config }: LimitDeps, pair: string): Limit {
  const key = throttleKey(fingerprintKey, { kind: 'activation_codes', subject: pair });
  return { key, policy: fixedWindow(config.codesPerPhonePerDay, DAY_SECONDS) };
}

function perHour(tries: number): ThrottlePolicy {
  return fixedWindow(tries, HOUR_SECONDS);
}

function fixedWindow(tries: number, seconds: number): ThrottlePolicy {
  return { tries, windowSeconds: seconds, baseBlockSeconds: seconds, growth: 1, maxBlockSeconds: seconds };
}
