import { createHash } from 'node:crypto';
import { clearCookie, cookieNames, readCookie, setCookie } from '../web/cookies.ts';
import type { PageContext } from '../web/page-context.ts';
import type { ActivationDeps } from './activation-deps.ts';
import { type Attempt, findAttemptByToken } from './attempt-store.ts';

/** The attempt whose token this browser holds. `isOver`: it held one, but its time has passed. */
export type PresentAttempt = { attempt?: Attempt; isOver: boolean };

export async function presentAttempt(
  ctx: PageContext,
  deps: Pick<ActivationDeps, 'db' | 'clock' | 'config'>,
): Promise<PresentAttempt> {
  const token = readCookie(ctx, cookieName(deps));
  if (token === undefined) return { isOver: false };
  const attempt = await findAttemptByToken(deps.db, hashToken(token), deps.clock());
  return attempt === undefined ? { isOver: true } : { attempt, isOver: false };
}

/** The cookie lives as long as the attempt, so that it survives a restart of the browser. */
export function rememberAttempt(
  ctx: PageContext,
  deps: Pick<ActivationDeps, 'config'>,
  token: string,
  lifetimeSeconds: number,
): void {
  setCookie(ctx, cookieName(deps), token, { maxAgeSeconds: lifetimeSeconds });
}

/** Gives the same token a new life: until `lifetimeSeconds` from now, or only until the browser closes. */
export function prolongAttempt(
  ctx: PageContext,
  deps: Pick<ActivationDeps, 'config'>,
  lifetimeSeconds: number | undefined,
): void {
  const token = readCookie(ctx, cookieName(deps));
  if (token !== undefined) setCookie(ctx, cookieName(deps), token, { maxAgeSeconds: lifetimeSeconds });
}

export function forgetAttempt(ctx: PageContext, deps: Pick<ActivationDeps, 'config'>): void {
  clearCookie(ctx, cookieName(deps));
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function cookieName(deps: Pick<ActivationDeps, 'config'>): string {
  return cookieNames(deps.config.isSecure).attempt;
}
