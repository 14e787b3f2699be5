import type { IncomingMessage } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { PageContext } from '../web/page-context.ts';

/** The provider runs as an application of its own inside ours: its pages find the outer request, with its language and nonce, here. */
const outerContexts = new WeakMap<IncomingMessage, PageContext>();

export function rememberOuterContext(ctx: PageContext): void {
  outerContexts.set(ctx.req, ctx);
}

/** Undefined where there are no pages: an address of programs. */
export function findOuterContext(ctx: KoaContextWithOIDC): PageContext | undefined {
  return outerContexts.get(ctx.req);
}

export function outerOf(ctx: KoaContextWithOIDC): PageContext {
  const outer = findOuterContext(ctx);
  if (outer === undefined) throw new Error('a page of the provider outside of its mount');
  return outer;
}
