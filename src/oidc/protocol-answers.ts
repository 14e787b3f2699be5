import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { isStoreOutage } from '../platform/store-outage.ts';
import type { OidcDeps } from './oidc-deps.ts';
import { findOuterContext } from './outer-context.ts';
import type { ErrorOut } from './protocol-pages.ts';
import { registrationOf } from './provider-clients.ts';

/** Loaded with the pages of the site, whose modules they share; who is shown one has come by those. */
const pages = () => import('./protocol-pages.ts');

type Middleware = (ctx: KoaContextWithOIDC, next: () => Promise<void>) => Promise<void>;

/** For `renderError`: what cannot be sent to a relying party, because it is not known which one or whether the address is its own. */
export async function renderProtocolError(ctx: KoaContextWithOIDC, out: ErrorOut, error: Error): Promise<void> {
  const outer = findOuterContext(ctx);
  // An address of programs has no pages, whatever is accepted there.
  if (outer === undefined) {
    ctx.body = out;
    return;
  }
  if (isStoreOutage(error)) {
    const back = addressForOutage(ctx);
    if (back === undefined) return (await pages()).renderInterrupted(ctx, outer);
    ctx.remove('Retry-After');
    ctx.status = 303;
    ctx.redirect(back);
    return;
  }
  // A request that is wrong by itself is so with every store there.
  ctx.remove('Retry-After');
  await (await pages()).renderRefusal(ctx, outer, { out, isExpired: error instanceof errors.SessionNotFound });
}

/** A service is told of an outage where it waits for the answer (RFC 6749, section 4.1.2.1), if it can be read and the address is one of its own. Undefined where a page is
 *  better: whose parameters lie in the store that is away, who would be sent to our own pages, and who is in the middle of a sign-in and need only load the page again. */
function addressForOutage(ctx: KoaContextWithOIDC): string | undefined {
  const { client, route, params = {} } = ctx.oidc;
  const { redirect_uri: uri, response_mode: mode = 'query', state, request_uri: pushed } = params;
  const isKnown = route === 'authorization' && pushed === undefined && registrationOf(client)?.origin !== 'own';
  if (!isKnown || typeof uri !== 'string' || client?.redirectUriAllowed(uri) !== true) return undefined;
  const { issuer: iss } = ctx.oidc.provider;
  return withAnswer(uri, mode, { ...TEMPORARILY_UNAVAILABLE, ...(typeof state === 'string' ? { state } : {}), iss });
}

/** An answer in the address; undefined for one that is a form. */
function withAnswer(uri: string, mode: unknown, answer: Record<string, string>): string | undefined {
  const address = new URL(uri);
  if (mode === 'fragment') address.hash = new URLSearchParams(answer).toString();
  else if (mode === 'query') for (const [name, value] of Object.entries(answer)) address.searchParams.set(name, value);
  else return undefined;
  return address.href;
}

export const TEMPORARILY_UNAVAILABLE = {
  error: 'temporarily_unavailable',
  error_description: 'a store does not answer, try again soon',
};
const RETRY_AFTER_SECONDS = 5;

/** A store does not answer: the same request may go well in a moment. */
export function sayInterrupted(ctx: KoaContextWithOIDC): void {
  ctx.status = 503;
  ctx.set('Retry-After', String(RETRY_AFTER_SECONDS));
}

/** The same request must not come again: its code is used, a second use counts as theft, and nothing was given for it. The service begins again. */
export function sayUsedUp(ctx: KoaContextWithOIDC): void {
  ctx.status = 400;
  ctx.body = { error: 'invalid_grant', error_description: 'the code was used when a store failed, begin again' };
}

/** Around the whole provider: the library's own answers to errors leave out what fails before or after them (it saves the session last of all). */
export function answerOutage({ log, countError }: Pick<OidcDeps, 'log' | 'countError'>): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!isStoreOutage(error)) throw error;
      const endpoint = ctx.path;
      log.error({ err: error, endpoint }, 'oidc.failed');
      countError?.({ endpoint, code: TEMPORARILY_UNAVAILABLE.error });
      const outer = findOuterContext(ctx);
      if (outer === undefined) ctx.body = TEMPORARILY_UNAVAILABLE;
      else await (await pages()).renderInterrupted(ctx, outer);
      sayInterrupted(ctx);
    }
  };
}

/** For `logoutSource`. */
export async function renderLogout(ctx: KoaContextWithOIDC): Promise<void> {
  await (await pages()).renderLogout(ctx);
}

/** For `postLogoutSuccessSource`. */
export async function renderLoggedOut(ctx: KoaContextWithOIDC): Promise<void> {
  await (await pages()).renderLoggedOut(ctx);
}
