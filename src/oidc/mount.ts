import type { Provider } from 'oidc-provider';
import type { PageMiddleware } from '../web/page-context.ts';
import { rememberOuterContext } from './protocol-pages.ts';
import { ROUTES } from './provider-configuration.ts';
import type { PublicDocuments } from './public-documents.ts';

const DISCOVERY = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];
const ENDPOINTS: readonly string[] = [...Object.values(ROUTES), ...DISCOVERY];
/** The provider's own pages under its endpoints: a resumed authorization, a confirmed sign-out. */
const UNDER = [ROUTES.authorization, ROUTES.end_session, ROUTES.registration];

/** The last middleware of the server: hands the provider's own addresses to it, which answers by itself. */
export function mountProvider(current: () => { provider: Provider; documents: PublicDocuments }): PageMiddleware {
  const handlers = new WeakMap<Provider, ReturnType<Provider['callback']>>();
  return async (ctx, next) => {
    const endpoint = endpointOf(ctx.path);
    if (endpoint === undefined) {
      await next();
      return;
    }
    ctx.state.route = endpoint;
    const { provider, documents } = current();
    if (documents.answer(ctx)) return;
    const handle = handlers.get(provider) ?? provider.callback();
    handlers.set(provider, handle);
    rememberOuterContext(ctx);
    ctx.respond = false;
    await handle(ctx.req, ctx.res);
  };
}

/** The pattern of the endpoint, for the log; undefined for an address that is not the provider's. */
function endpointOf(path: string): string | undefined {
  if (ENDPOINTS.includes(path)) return path;
  const parent = UNDER.find((one) => path.startsWith(`${one}/`));
  return parent === undefined ? undefined : `${parent}/*`;
}
