import type { KoaContextWithOIDC } from 'oidc-provider';
import { errorPage } from '../../views/errors/error-page.ts';
import type { Html } from '../../views/html.ts';
import { loggedOutPage, logoutPage } from '../../views/oidc/logout.ts';
import { protocolErrorPage } from '../../views/oidc/protocol-error.ts';
import { type PageContext, respectUiLocales } from '../web/page-context.ts';
import { pathAskedFor } from '../web/problem.ts';
import { allowFormActionTo } from '../web/security-headers.ts';
import { outerOf } from './outer-context.ts';
import { registrationOf } from './provider-clients.ts';

export type ErrorOut = { error: string; error_description?: string | undefined };

/** What cannot be sent to a relying party. */
export async function renderRefusal(
  ctx: KoaContextWithOIDC,
  outer: PageContext,
  { out, isExpired }: { out: ErrorOut; isExpired: boolean },
): Promise<void> {
  const page = protocolErrorPage(outer.state.chrome, {
    isExpired,
    code: out.error,
    description: out.error_description,
    reference: outer.state.requestId,
  });
  await answer(ctx, page, outer.state.locale);
}

/** A store does not answer. */
export async function renderInterrupted(ctx: KoaContextWithOIDC, outer: PageContext): Promise<void> {
  const { chrome, requestId, t } = outer.state;
  const [title, text] = [t('refusal.interrupted_title'), t('refusal.interrupted')];
  const page = errorPage(chrome, { title, text, reference: requestId, retry: pathAskedFor(outer) });
  await answer(ctx, page, outer.state.locale);
}

/** For `logoutSource`: asks before it ends the session, without needing a script. */
export async function renderLogout(ctx: KoaContextWithOIDC): Promise<void> {
  const outer = outerOf(ctx);
  respectUiLocales(outer, ctx.oidc.params?.['ui_locales']);
  const state = ctx.oidc.session?.state as { secret: string; postLogoutRedirectUri?: string };
  if (state.postLogoutRedirectUri !== undefined) allowFormActionTo(ctx, state.postLogoutRedirectUri);
  const page = logoutPage(outer.state.chrome, {
    action: new URL(ctx.oidc.urlFor('end_session_confirm')).pathname,
    xsrf: state.secret,
    service: registrationOf(ctx.oidc.client)?.name[outer.state.locale],
  });
  await answer(ctx, page, outer.state.locale);
}

/** For `postLogoutSuccessSource`. */
export async function renderLoggedOut(ctx: KoaContextWithOIDC): Promise<void> {
  const { chrome, locale } = outerOf(ctx).state;
  await answer(ctx, loggedOutPage(chrome), locale);
}

async function answer(ctx: KoaContextWithOIDC, page: Html, locale: string): Promise<void> {
  ctx.type = 'html';
  ctx.set('Content-Language', locale);
  ctx.set('Cache-Control', 'no-store');
  const text = page instanceof Promise ? await page : page;
  ctx.body = String(text);
}
