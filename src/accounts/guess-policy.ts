import { THROTTLE_POLICY, type ThrottlePolicy } from '../domain/throttle.ts';

/** The part of the configuration that says how often a secret may be guessed. */
export type GuessConfig = { signInTries: number; signInWindowSeconds: number };

/** So many tries in a window, then a block that grows: for everything a person types to prove who she is (password, passcode, second factor). */
export function guessPolicy(config: GuessConfig): ThrottlePolicy {
  const { signInTries: tries, signInWindowSeconds: windowSeconds } = config;
  return { ...THROTTLE_POLICY, tries, windowSeconds, baseBlockSeconds: windowSeconds };
}

/** So many in a window, then a wait of one window that does not grow: for what is limited rather than guessed (messages, starts). */
export function fixedWindow(tries: number, windowSeconds: number): ThrottlePolicy {
  return { tries, windowSeconds, baseBlockSeconds: windowSeconds, growth: 1, maxBlockSeconds: windowSeconds };
}
