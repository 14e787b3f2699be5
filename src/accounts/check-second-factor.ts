import { guessPolicy } from './guess-policy.ts';
import { type CodeBinding, tryCode } from './one-time-code-store.ts';
import { deleteThrottle, takeTry } from './throttle-store.ts';
import { secondFactorKey, type VerifyTotpDeps, verifyTotp } from './verify-totp.ts';

export type CheckSecondFactorDeps = VerifyTotpDeps & {
  config: VerifyTotpDeps['config'] & { codeLifetimeSeconds: number; codeTries: number };
};

/** `otp`: a code of the authenticator app; `sms`: one that was sent for exactly this binding. */
export type SecondFactorProof = { method: 'otp'; code: string } | { method: 'sms'; code: string; binding: CodeBinding };

/** `expired`: the newest message's code is too old, tried too often, used, or none was sent; a new one helps. */
export type SecondFactorVerdict =
  | { kind: 'right' | 'wrong' | 'expired' | 'not_enrolled' }
  | { kind: 'throttled'; retryAfterSeconds: number };

/** A second factor of this account, whichever kind. Tries are counted by account, before judging. */
export async function checkSecondFactor(
  deps: CheckSecondFactorDeps,
  accountId: string,
  proof: SecondFactorProof,
): Promise<SecondFactorVerdict> {
  if (proof.method === 'otp') return verifyTotp(deps, accountId, proof.code);
  const key = secondFactorKey(deps, accountId);
  const now = deps.clock();
  const retryAfterSeconds = await takeTry(deps.db, key, guessPolicy(deps.config), now);
  if (retryAfterSeconds > 0) return { kind: 'throttled', retryAfterSeconds };
  const { codeLifetimeSeconds: lifetimeSeconds, codeTries: maxTries } = deps.config;
  const policy = { lifetimeSeconds, maxTries, hmacKey: deps.fingerprintKey };
  const verdict = await tryCode(deps.db, policy, { ...proof.binding, typed: proof.code }, now);
  if (verdict === 'wrong') return { kind: 'wrong' };
  if (verdict !== 'right') return { kind: 'expired' };
  await deleteThrottle(deps.db, key);
  return { kind: 'right' };
}
