import { type AuthLevel, acrOf } from '../domain/assurance.ts';
import type { CitizenSession } from '../oidc/gateway.ts';
import { newSecret } from '../platform/ids.ts';
import { clearCookie, cookieNames, readCookie, setCookie } from '../web/cookies.ts';
import type { PageContext } from '../web/page-context.ts';
import type { MyAccountDeps } from './my-account-deps.ts';

/** Where a citizen was going when she was sent to sign in, and how strong that sign-in must be. */
export type Entry = { returnTo: string; leastAuthLevel: AuthLevel };

const COOKIE_SECONDS = 30 * 60;

/** Sends the browser to our own authorization endpoint. The code that comes back is never redeemed, so the verifier of the challenge is made by nobody. */
export function startEntry(ctx: PageContext, deps: Pick<MyAccountDeps, 'config' | 'ownClientId'>, entry: Entry): void {
  const state = newSecret(16);
  setCookie(ctx, cookieName(deps), [state, entry.leastAuthLevel, entry.returnTo].join(' '), {
    maxAgeSeconds: COOKIE_SECONDS,
  });
  const acr = { essential: true, values: [acrOf(entry.leastAuthLevel)] };
  const query = new URLSearchParams({
    client_id: deps.ownClientId,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${deps.config.issuer}/account/enter`,
    state,
    code_challenge: newSecret(32),
    code_challenge_method: 'S256',
    ui_locales: ctx.state.locale,
    ...(entry.leastAuthLevel > 1 ? { claims: JSON.stringify({ id_token: { acr } }) } : {}),
  });
  ctx.status = 303;
  ctx.redirect(`/authorize?${query.toString()}`);
}

/** Takes the entry that this browser began and forgets it; the start page for an answer that none of its requests asked for. */
export function takeEntry(ctx: PageContext, deps: Pick<MyAccountDeps, 'config'>): Entry {
  const [state, level, returnTo] = (readCookie(ctx, cookieName(deps)) ?? '').split(' ');
  clearCookie(ctx, cookieName(deps));
  const isOurs = state !== undefined && state !== '' && ctx.query['state'] === state && returnTo !== undefined;
  return isOurs ? { returnTo, leastAuthLevel: level === '2' ? 2 : 1 } : { returnTo: '/account', leastAuthLevel: 1 };
}

/** Whether a session opens what the entry was for. */
export function suffices(session: CitizenSession | undefined, { leastAuthLevel }: Entry): session is CitizenSession {
  return session !== undefined && session.authLevel >= leastAuthLevel;
}

function cookieName(deps: Pick<MyAccountDeps, 'config'>): string {
  return cookieNames(deps.config.isSecure).account_entry;
}
