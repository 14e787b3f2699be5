import { Refusal } from '../domain/refusal.ts';
import type { Db } from '../platform/database.ts';
import { clearCookie, cookieNames, readCookie, setCookie } from '../web/cookies.ts';
import type { PageContext } from '../web/page-context.ts';
import type { Viewer } from './figures/activation-rates.ts';
import type { ViewerSource } from './roles.ts';
import { type ApiToken, findApiToken, findApiTokenById } from './stores/api-token-store.ts';

/** How long a browser sees all figures after the token was entered. */
const COOKIE_SECONDS = 30 * 60;

/** Every way that is there today, in order. Officers' sessions come in front of the cookie. */
export function viewerSources(db: Db): readonly ViewerSource[] {
  return [bearerToken(db), tokenCookie(db)];
}

/** `Authorization: Bearer`. A token that does not open anything is refused, so that a script notices.
 *  @throws Refusal sign_in_required for a token unknown or over, forbidden for one of another role. */
function bearerToken(db: Db): ViewerSource {
  return async (ctx, now) => {
    const bearer = /^Bearer +(\S+)$/i.exec(ctx.get('Authorization'))?.[1];
    if (bearer === undefined) return undefined;
    const token = await findApiToken(db, bearer, now);
    if (token === undefined) {
      ctx.set('WWW-Authenticate', 'Bearer realm="statistics", error="invalid_token"');
      throw new Refusal('sign_in_required');
    }
    const viewer = viewerOf(token);
    if (viewer === undefined) throw new Refusal('forbidden');
    return { viewer, isByCookie: false };
  };
}

/** The cookie of a token that was entered on the page. One that is over is nobody's. */
function tokenCookie(db: Db): ViewerSource {
  return async (ctx, now) => {
    const [id, expiresAt] = readCookie(ctx, cookieName(ctx))?.split('.') ?? [];
    if (id === undefined || !(Number(expiresAt) > now.getTime())) return undefined;
    // The token is asked for again each time: a disabled one opens nothing, whatever cookies are left of it.
    const token = await findApiTokenById(db, id, now);
    const viewer = token && viewerOf(token);
    return viewer && { viewer, isByCookie: true };
  };
}

/** Opens all figures to this browser for a while. The cookie holds the token's id and an end, signed; never the token itself.
 *  @returns false when the token opens nothing here. */
export async function openByToken(ctx: PageContext, db: Db, secret: string, now: Date): Promise<boolean> {
  const token = await findApiToken(db, secret.trim(), now);
  if (token === undefined || viewerOf(token) === undefined) return false;
  const value = `${token.id}.${now.getTime() + COOKIE_SECONDS * 1000}`;
  setCookie(ctx, cookieName(ctx), value, { maxAgeSeconds: COOKIE_SECONDS });
  ctx.state.log.info({ tokenId: token.id }, 'statistics.opened');
  return true;
}

export function closeAccess(ctx: PageContext): void {
  clearCookie(ctx, cookieName(ctx));
}

function cookieName(ctx: PageContext): string {
  return cookieNames(ctx.state.isSecure).statistics;
}

function viewerOf({ role, unitCode }: ApiToken): Viewer | undefined {
  if (role !== 'statistics_full') return undefined;
  return unitCode === undefined ? { kind: 'full' } : { kind: 'unit', unitCode };
}
