/** Failed tries under one key (a typed id, an address). It slows a guesser down and never touches the account's status.
 *  A key without failures, or after a success, has no state at all. */
export type ThrottleState = {
  /** Failures inside the window that began at `windowStartedAt`. */
  readonly failures: number;
  readonly windowStartedAt: Date;
  /** End of the latest block; absent before the first. */
  readonly blockedUntil?: Date;
  /** Blocks so far: each one lasts longer than the one before. */
  readonly strikes: number;
};

export type ThrottlePolicy = {
  readonly tries: number;
  readonly windowSeconds: number;
  readonly baseBlockSeconds: number;
  readonly growth: number;
  readonly maxBlockSeconds: number;
};

/** 5 tries in 15 minutes, then 15 minutes, 30, 60 … up to a day (design: the real system publishes no thresholds). */
export const THROTTLE_POLICY: ThrottlePolicy = {
  tries: 5,
  windowSeconds: 900,
  baseBlockSeconds: 900,
  growth: 2,
  maxBlockSeconds: 86_400,
};

export type ThrottleJudgement =
  | { readonly kind: 'open' }
  | { readonly kind: 'blocked'; readonly retryAfterSeconds: number };

/** Whether a try may be made now. `retryAfterSeconds` is at least 1, rounded up. */
export function judgeThrottle(
  state: ThrottleState | undefined,
  now: Date,
  policy: ThrottlePolicy = THROTTLE_POLICY,
): ThrottleJudgement {
  const remainingMs = (state?.blockedUntil?.getTime() ?? 0) - now.getTime();
  if (remainingMs <= 0) return { kind: 'open' };
  return { kind: 'blocked', retryAfterSeconds: Math.min(Math.ceil(remainingMs / 1000), policy.maxBlockSeconds) };
}

/** The state after one more failure at `now`. The last allowed failure of a window starts a block; a failure during a block
 *  counts for nothing, or strangers could prolong it; strikes are forgiven after a quiet time of `maxBlockSeconds` (design). */
export function afterFailure(
  state: ThrottleState | undefined,
  now: Date,
  policy: ThrottlePolicy = THROTTLE_POLICY,
): ThrottleState {
  if (state !== undefined && judgeThrottle(state, now, policy).kind === 'blocked') return state;
  const isWindowOpen = state !== undefined && secondsBetween(state.windowStartedAt, now) < policy.windowSeconds;
  const failures = isWindowOpen ? state.failures + 1 : 1;
  const strikes = state === undefined || isForgiven(state, now, policy) ? 0 : state.strikes;
  if (failures >= policy.tries) {
    const blockSeconds = Math.min(policy.baseBlockSeconds * policy.growth ** strikes, policy.maxBlockSeconds);
    const blockedUntil = new Date(now.getTime() + blockSeconds * 1000);
    return { failures: 0, windowStartedAt: now, blockedUntil, strikes: strikes + 1 };
  }
  const latestBlock = state?.blockedUntil === undefined ? {} : { blockedUntil: state.blockedUntil };
  return { failures, windowStartedAt: isWindowOpen ? state.windowStartedAt : now, strikes, ...latestBlock };
}

function isForgiven(state: ThrottleState, now: Date, policy: ThrottlePolicy): boolean {
  return state.blockedUntil !== undefined && secondsBetween(state.blockedUntil, now) >= policy.maxBlockSeconds;
}

function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}
