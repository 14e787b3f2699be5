import etag from '@koa/etag';
import type { PageMiddleware } from './page-context.ts';

const tag = etag({ weak: true });

/** For public data (JSON, CSV, SVG), which pollers ask for again and again: 304 when it has not changed. Weak, because it may be
 *  compressed on the way. Not for pages: their nonce differs each time. */
export const conditionalGet: PageMiddleware = async (ctx, next) => {
  await tag(ctx, next);
  if (!ctx.fresh) return;
  ctx.status = 304;
  ctx.body = null;
};
