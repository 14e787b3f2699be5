/** The newest one-time code of an attempt, as it is kept: the code itself is stored hashed and compared elsewhere. */
export type StoredCode = {
  readonly expiresAt: Date;
  /** Tries already counted against this code. */
  readonly tries: number;
  /** When it was accepted; undefined while it was not. */
  readonly usedAt: Date | undefined;
};

export type CodeJudgement = { readonly kind: 'usable' | 'expired' | 'too_many_tries' | 'used' | 'none' };

/** Whether a typed code may be compared with the stored one at all. Only the newest code of an attempt is ever passed here.
 *  A code lives until just before `expiresAt`; after `maxTries` counted tries it is dead, even for the right digits. */
export function judgeCode(attempt: {
  readonly code: StoredCode | undefined;
  readonly now: Date;
  readonly maxTries: number;
}): CodeJudgement {
  const { code, now, maxTries } = attempt;
  if (code === undefined) return { kind: 'none' };
  if (code.usedAt !== undefined) return { kind: 'used' };
  if (code.tries >= maxTries) return { kind: 'too_many_tries' };
  return { kind: now.getTime() < code.expiresAt.getTime() ? 'usable' : 'expired' };
}

export type ResendPolicy = {
  readonly firstWaitSeconds: number;
  readonly growth: number;
  readonly longestWaitSeconds: number;
};

/** 30, 60, 120, 240, 480 … seconds, at most an hour (design). */
const RESEND_POLICY: ResendPolicy = { firstWaitSeconds: 30, growth: 2, longestWaitSeconds: 3600 };

/** Seconds to wait after the latest of `sentCount` codes before another may be sent; 0 before the first. */
export function resendWaitSeconds(sentCount: number, policy: ResendPolicy = RESEND_POLICY): number {
  if (sentCount <= 0) return 0;
  return Math.min(policy.firstWaitSeconds * policy.growth ** (sentCount - 1), policy.longestWaitSeconds);
}
