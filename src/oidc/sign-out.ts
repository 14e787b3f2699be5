import type { KoaContextWithOIDC } from 'oidc-provider';

/** A sign-out without a session has nothing to confirm: on to where the relying party (checked) wants the citizen. The library would
 *  answer with a page that sends itself by script. @see node_modules/oidc-provider/lib/actions/end_session.js `renderLogout` */
export async function finishEmptyLogout(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next();
  // Not every address has a context of the protocol.
  const oidc = ctx.oidc as KoaContextWithOIDC['oidc'] | undefined;
  if (oidc?.route !== 'end_session' || ctx.status !== 200 || oidc.session?.accountId !== undefined) return;
  const state = oidc.session?.state as { postLogoutRedirectUri?: string; state?: string } | undefined;
  const target = new URL(state?.postLogoutRedirectUri ?? oidc.urlFor('end_session_success'));
  if (state?.postLogoutRedirectUri !== undefined && state.state !== undefined)
    target.searchParams.set('state', state.state);
  ctx.body = null;
  ctx.redirect(target.href);
  ctx.status = 303;
}
