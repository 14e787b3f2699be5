import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { ProgramAnswer } from '../web/program-requests.ts';

type Document = { readonly tag: string; readonly whole: ProgramAnswer; readonly unchanged: ProgramAnswer };

/** Discovery and JWKS, which everybody reads and which change only with the provider itself: their bytes are kept and answered without it. */
export type PublicDocuments = {
  /** Inside of the provider: keeps what it answers. */
  keep(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void>;
  /** @returns undefined when the provider has to answer. */
  answerTo(request: IncomingMessage): ProgramAnswer | undefined;
};

const ROUTES: ReadonlySet<string> = new Set(['discovery', 'jwks']);
/** Also to scripts of any service, to which the library's own `Access-Control-Allow-Origin: *` leads them (shared/cors.js). */
const OPEN = { 'Cross-Origin-Resource-Policy': 'cross-origin', 'Cache-Control': 'public, max-age=300' };

export function createPublicDocuments(): PublicDocuments {
  const documents = new Map<string, Document>();
  return {
    async keep(ctx, next) {
      await next();
      const route = (ctx as { oidc?: { route: string } }).oidc?.route;
      if (route === undefined || !ROUTES.has(route) || ctx.method !== 'GET' || ctx.status !== 200) return;
      const document = documentOf(ctx.response.type, Buffer.from(JSON.stringify(ctx.body)));
      documents.set(ctx.path, document);
      ctx.set({ ...OPEN, ETag: document.tag });
    },
    answerTo({ method, url = '', headers }) {
      const document = method === 'GET' || method === 'HEAD' ? documents.get(url) : undefined;
      if (document === undefined) return undefined;
      const known = headers['if-none-match'];
      return known !== undefined && isAmong(known, document.tag) ? document.unchanged : document.whole;
    },
  };
}

function documentOf(type: string, body: Buffer): Document {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const fields = ['Access-Control-Allow-Origin', '*', ...Object.entries(OPEN).flat(), 'ETag', tag];
  return {
    tag,
    whole: {
      status: 200,
      fields: ['Content-Type', type, 'Content-Length', String(body.length), ...fields],
      body: body.toString('latin1'),
      isBytes: true,
    },
    unchanged: { status: 304, fields, body: '' },
  };
}

/** Whether If-None-Match names it; a proxy that compresses makes it a weak one (RFC 9110, 13.1.2). */
function isAmong(known: string, tag: string): boolean {
  return known === '*' || known.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
