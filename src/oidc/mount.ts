import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { PageMiddleware } from '../web/page-context.ts';
import { type ProgramAnswer, type ProgramEndpoint, sendProgramAnswer } from '../web/program-requests.ts';
import { rememberOuterContext } from './outer-context.ts';
import type { PlainEndpoints } from './plain/plain-endpoints.ts';
import { ROUTES } from './provider-configuration.ts';
import type { PublicDocuments } from './public-documents.ts';

/** What only programs call, and what never answers with a page. */
const OF_PROGRAMS: readonly string[] = [
  ROUTES.token,
  ROUTES.userinfo,
  ROUTES.jwks,
  ROUTES.introspection,
  ROUTES.revocation,
  ROUTES.pushed_authorization_request,
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
];
const OF_BROWSERS: readonly string[] = [ROUTES.authorization, ROUTES.end_session, ROUTES.registration];

type Current = () => { provider: Provider; documents: PublicDocuments };
type Handle = ReturnType<Provider['callback']>;

export type Mounted = {
  /** A middleware of the server: hands the provider's addresses to it, which answers by itself. */
  mount: PageMiddleware;
  /** The addresses that only programs call, for a server that answers them ahead of its pages. */
  programAt: (path: string) => ProgramEndpoint | undefined;
};

/** @param plain asked before the library is. */
export function mountProvider(current: Current, plain: PlainEndpoints): Mounted {
  const handlers = new WeakMap<Provider, Handle>();
  const handlerOf = (provider: Provider): Handle => {
    const handle = handlers.get(provider) ?? provider.callback();
    handlers.set(provider, handle);
    return handle;
  };
  const prepare = (request: IncomingMessage): Promise<ProgramAnswer | undefined> => plain(current().provider, request);
  const byLibrary = (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    handlerOf(current().provider)(request, response);
  const kept = (request: IncomingMessage): ProgramAnswer | undefined => current().documents.answerTo(request);
  const programs = new Map<string, ProgramEndpoint>(
    OF_PROGRAMS.map((route) => [route, { route, kept, prepare, answer: byLibrary }]),
  );
  // Most who come here go on at once; who is shown a page needs what pages need.
  const triedBefore = new WeakSet<IncomingMessage>();
  const goOn: ProgramEndpoint['prepare'] = (request) => {
    triedBefore.add(request);
    return prepare(request);
  };
  programs.set(ROUTES.authorization, { route: ROUTES.authorization, prepare: goOn });
  const resumed: ProgramEndpoint = { route: `${ROUTES.authorization}/*`, prepare: goOn };
  return {
    programAt: (path) => programs.get(path) ?? (path.startsWith(`${ROUTES.authorization}/`) ? resumed : undefined),
    async mount(ctx, next) {
      const endpoint = endpointOf(ctx.path);
      // The page after a sign-out answers a form; to load it again is a page of the server's own.
      const isReload = ctx.method === 'GET' && ctx.path === `${ROUTES.end_session}/confirm`;
      if (endpoint === undefined || isReload) {
        await next();
        return;
      }
      ctx.state.route = endpoint;
      rememberOuterContext(ctx);
      ctx.respond = false;
      const prepared = triedBefore.has(ctx.req) ? undefined : (kept(ctx.req) ?? (await prepare(ctx.req)));
      if (prepared === undefined) await byLibrary(ctx.req, ctx.res);
      else sendProgramAnswer(ctx.res, withCookiesOf(ctx.res, prepared));
    },
  };
}

/** With those that the pages' middlewares have set, which would be replaced by those of the answer. */
function withCookiesOf(response: ServerResponse, answer: ProgramAnswer): ProgramAnswer {
  const lines = [response.getHeader('Set-Cookie') ?? []].flat();
  return { ...answer, fields: [...lines.flatMap((line) => ['Set-Cookie', String(line)]), ...answer.fields] };
}

/** The pattern of the endpoint, for the log; undefined for an address that is not the provider's. */
function endpointOf(path: string): string | undefined {
  if (OF_PROGRAMS.includes(path) || OF_BROWSERS.includes(path)) return path;
  // The provider's own pages under its endpoints: a resumed authorization, a confirmed sign-out.
  const parent = OF_BROWSERS.find((one) => path.startsWith(`${one}/`));
  return parent === undefined ? undefined : `${parent}/*`;
}
