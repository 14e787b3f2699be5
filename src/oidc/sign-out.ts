import type { KoaContextWithOIDC } from 'oidc-provider';
import { clearCookie } from '../web/cookies.ts';

/** A sign-out without a session has nothing to confirm: on to where the relying party (checked) wants the citizen. The library would
 *  answer with a page that sends itself by script, and keeps a session for it, whose cookie would show that something was begun.
 *  @see node_modules/oidc-provider/lib/actions/end_session.js `renderLogout` */
export async function finishEmptyLogout(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next();
  // Not every address has a context of the protocol.
  const oidc = ctx.oidc as KoaContextWithOIDC['oidc'] | undefined;
  const { session } = oidc ?? {};
  if (oidc?.route !== 'end_session' || ctx.status !== 200 || session === undefined || session.accountId !== undefined)
    return;
  const { postLogoutRedirectUri, state } = (session.state ?? {}) as { postLogoutRedirectUri?: string; state?: string };
  const target = new URL(postLogoutRedirectUri ?? oidc.urlFor('end_session_success'));
  if (postLogoutRedirectUri !== undefined && state !== undefined) target.searchParams.set('state', state);
  await session.destroy();
  clearCookie(ctx, oidc.provider.cookieName('session'));
  ctx.body = null;
  ctx.redirect(target.href);
  ctx.status = 303;
}
