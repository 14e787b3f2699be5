import { clearCookie, cookieNames, readCookie, setCookie } from '../web/cookies.ts';
import type { PageContext } from '../web/page-context.ts';

/** What has just been done, told once at the top of the next page. In a signed cookie rather than in the address: a link must not be able to make our
 *  page claim what did not happen. */
export const PAGE_NOTICES = [
  'password_changed',
  'passcode_changed',
  'questions_changed',
  'totp_enrolled',
  'totp_removed',
  'session_ended',
  'withdrawn',
] as const;
export type PageNotice = (typeof PAGE_NOTICES)[number];

const COOKIE_SECONDS = 60;

export function leaveNotice(ctx: PageContext, notice: PageNotice): void {
  setCookie(ctx, cookieNames(ctx.state.isSecure).account_notice, notice, { maxAgeSeconds: COOKIE_SECONDS });
}

export function takeNotice(ctx: PageContext): PageNotice | undefined {
  const name = cookieNames(ctx.state.isSecure).account_notice;
  const left = readCookie(ctx, name);
  if (left === undefined) return undefined;
  clearCookie(ctx, name);
  return PAGE_NOTICES.find((notice) => notice === left);
}
