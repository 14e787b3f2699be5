import { createHash } from 'node:crypto';
import { clearCookie, cookieNames, readCookie, setCookie } from '../web/cookies.ts';
import type { PageContext } from '../web/page-context.ts';
import { findAttemptByToken, type RecoveryAttempt } from './recovery-attempt-store.ts';
import type { RecoveryDeps } from './recovery-deps.ts';

/** The attempt whose token this browser holds. `isOver`: it held one, but its time has passed. */
export async function presentAttempt(
  ctx: PageContext,
  deps: Pick<RecoveryDeps, 'db' | 'clock' | 'config'>,
): Promise<{ attempt?: RecoveryAttempt; isOver: boolean }> {
  const token = readCookie(ctx, cookieName(deps));
  if (token === undefined) return { isOver: false };
  const attempt = await findAttemptByToken(deps.db, hashToken(token), deps.clock());
  return attempt === undefined ? { isOver: true } : { attempt, isOver: false };
}

export function rememberAttempt(ctx: PageContext, deps: Pick<RecoveryDeps, 'config'>, token: string): void {
  setCookie(ctx, cookieName(deps), token, { maxAgeSeconds: deps.config.attemptLifetimeSeconds });
}

export function forgetAttempt(ctx: PageContext, deps: Pick<RecoveryDeps, 'config'>): void {
  clearCookie(ctx, cookieName(deps));
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function cookieName(deps: Pick<RecoveryDeps, 'config'>): string {
  return cookieNames(deps.config.isSecure).recovery;
}
