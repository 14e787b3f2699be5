import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { isStoreOutage } from '../platform/store-outage.ts';
import { allowFormActionTo } from '../web/security-headers.ts';
import type { OidcDeps } from './oidc-deps.ts';
import { sayInterrupted, sayUsedUp, TEMPORARILY_UNAVAILABLE } from './protocol-answers.ts';

const ERROR_EVENTS = [
  'authorization.error',
  'pushed_authorization_request.error',
  'grant.error',
  'userinfo.error',
  'introspection.error',
  'revocation.error',
  'registration_create.error',
  'end_session.error',
  'end_session_confirm.error',
  'end_session_success.error',
  'jwks.error',
  'discovery.error',
  'server_error',
] as const;

type Deps = Pick<OidcDeps, 'log' | 'countError'>;

/** Logs and counts each failed request once: the library may emit two events and render a page for one error. What a client sent is not
 *  logged, only the error's code. */
export function watchErrors(provider: Provider, { log, countError }: Deps): void {
  const seen = new WeakSet<object>();
  for (const event of ERROR_EVENTS) {
    provider.on(event as 'server_error', (ctx: KoaContextWithOIDC, error: Error) => {
      if (seen.has(ctx)) return;
      seen.add(ctx);
      const endpoint = ctx.oidc.route;
      const isOutage = event === 'server_error' && isStoreOutage(error);
      if (isOutage) tellInterrupted(ctx);
      const code = isOutage ? TEMPORARILY_UNAVAILABLE.error : event === 'server_error' ? 'server_error' : codeOf(error);
      const clientId = ctx.oidc.client?.clientId;
      if (event === 'server_error') log.error({ err: error, endpoint, clientId }, 'oidc.failed');
      else log.warn({ error: code, endpoint, clientId }, 'oidc.refused');
      countError?.({ endpoint, code });
    });
  }
  allowFormPosts(provider);
}

/** Programs are told by OAuth's own word for it, people by a page (`renderProtocolError`). The library calls us once it has the answer for programs, and before it
 *  makes the page. */
function tellInterrupted(ctx: KoaContextWithOIDC): void {
  // The library has put it there once it was consumed.
  if (ctx.oidc.route === 'token' && ctx.oidc.entities.AuthorizationCode !== undefined) {
    sayUsedUp(ctx);
    return;
  }
  sayInterrupted(ctx);
  if (typeof ctx.body === 'object' && ctx.body !== null && 'error' in ctx.body) ctx.body = TEMPORARILY_UNAVAILABLE;
}

function codeOf(error: Error): string {
  return 'error' in error ? String(error.error) : error.message;
}

/** response_mode=form_post answers with a page whose form goes to the relying party. */
function allowFormPosts(provider: Provider): void {
  const allow = (ctx: KoaContextWithOIDC): void => {
    const redirectUri = ctx.oidc.params?.['redirect_uri'];
    if (ctx.oidc.redirectUriCheckPerformed !== true || typeof redirectUri !== 'string') return;
    if (ctx.oidc.responseMode === 'form_post') allowFormActionTo(ctx, redirectUri);
  };
  provider.on('authorization.success', allow);
  provider.on('authorization.error', allow);
}
