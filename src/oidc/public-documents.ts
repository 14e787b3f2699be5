import type { KoaContextWithOIDC } from 'oidc-provider';
import type { PageContext } from '../web/page-context.ts';

type Document = { type: string; body: Buffer };

/** Discovery and JWKS, which everybody reads and which change only with the provider itself: their bytes are kept and answered without it. */
export type PublicDocuments = {
  /** Inside of the provider: keeps what it answers. */
  keep(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void>;
  /** @returns false when the provider has to answer. */
  answer(ctx: PageContext): boolean;
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
    answer(ctx) {
      const document = ctx.method === 'GET' ? documents.get(ctx.path) : undefined;
      if (document === undefined) return false;
      ctx.type = document.type;
      ctx.body = document.body;
      // Read by scripts of any service, as the library allows (shared/cors.js).
      ctx.set('Access-Control-Allow-Origin', '*');
      ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
      ctx.set('Cache-Control', `public, max-age=${SECONDS_AT_CLIENTS}`);
      return true;
    },
  };
}
