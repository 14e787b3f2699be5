import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';

type Document = { type: string; body: Buffer };

/** Discovery and JWKS, which everybody reads and which change only with the provider itself: their bytes are kept and answered without it. */
export type PublicDocuments = {
  /** Inside of the provider: keeps what it answers. */
  keep(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void>;
  /** @returns false when the provider has to answer. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
};

const ROUTES: ReadonlySet<string> = new Set(['discovery', 'jwks']);
const SECONDS_AT_CLIENTS = 300;

export function createPublicDocuments(): PublicDocuments {
  const documents = new Map<string, Document>();
  return {
    async keep(ctx, next) {
      await next();
      const route = (ctx as { oidc?: { route: string } }).oidc?.route;
      if (route === undefined || !ROUTES.has(route) || ctx.method !== 'GET' || ctx.status !== 200) return;
      const document = { type: ctx.response.type, body: Buffer.from(JSON.stringify(ctx.body)) };
      documents.set(ctx.path, document);
      ctx.set('Cache-Control', `public, max-age=${SECONDS_AT_CLIENTS}`);
    },
    answer(request, response) {
      const document = request.method === 'GET' ? documents.get(request.url ?? '') : undefined;
      if (document === undefined) return false;
      response.statusCode = 200;
      response.setHeader('Content-Type', document.type);
      response.setHeader('Content-Length', document.body.length);
      // Read by scripts of any service, as the library allows (shared/cors.js).
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      response.setHeader('Cache-Control', `public, max-age=${SECONDS_AT_CLIENTS}`);
      response.end(document.body);
      return true;
    },
  };
}
