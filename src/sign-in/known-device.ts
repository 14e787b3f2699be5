import { cookieNames, readCookie, setCookie } from '../web/cookies.ts';
import type { PageContext } from '../web/page-context.ts';

/** As long as browsers keep a cookie. @see RFC 6265bis, 5.5 (400 days) */
const LIFETIME_SECONDS = 400 * 86_400;
/** A family's computer: one token for each of so many accounts. */
const MOST_TOKENS = 6;

type CookieConfig = { config: { isSecure: boolean } };

/** The tokens by which this browser is known, one for each account that has signed in here. */
export function deviceTokens(ctx: PageContext, { config }: CookieConfig): string[] {
  return deviceTokensIn(readCookie(ctx, cookieNames(config.isSecure).device));
}

/** @param cookie its value. */
export function deviceTokensIn(cookie = ''): string[] {
  return cookie
    .split('.')
    .filter((token) => /^[\w-]{20,64}$/.test(token))
    .slice(0, MOST_TOKENS);
}

/** Keeps the tokens for as long again, the account's new one first. Each account has its own, made at its own sign-in: a cookie planted by somebody else makes nobody known. */
export function rememberDevice(ctx: PageContext, { config }: CookieConfig, tokens: readonly string[]): void {
  if (tokens.length === 0) return;
  const { value, maxAgeSeconds } = deviceCookieOf(tokens);
  setCookie(ctx, cookieNames(config.isSecure).device, value, { maxAgeSeconds });
}

export function deviceCookieOf(tokens: readonly string[]): { value: string; maxAgeSeconds: number } {
  return { value: tokens.slice(0, MOST_TOKENS).join('.'), maxAgeSeconds: LIFETIME_SECONDS };
}
