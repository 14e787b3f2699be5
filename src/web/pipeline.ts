import type Koa from 'koa';
import compress from 'koa-compress';
import type { Logger } from 'pino';
import { type Assets, serveAssets } from './assets.ts';
import { cookieSigner } from './cookie-signer.ts';
import { type PageMiddleware, type PageState, type PageStateDeps, pageState } from './page-context.ts';
import { errorPages, refuseBrokenAddress } from './problem.ts';
import { requestLog } from './request-log.ts';
import { securityHeaders } from './security-headers.ts';

export type PipelineDeps = PageStateDeps & {
  readonly log: Logger;
  readonly assets: Assets;
  /** Whether an error means that a store does not answer. */
  readonly isOutage?: (error: unknown) => boolean;
  /** Stands before everything that costs: the waiting room. */
  readonly gate?: PageMiddleware;
};

/** What every request passes before a router sees it, in order. */
export function usePipeline(app: Koa<PageState>, deps: PipelineDeps): void {
  // Only what broke after the headers were sent, or the connection itself: errorPages answers for all else.
  app.on('error', (error: unknown) => deps.log.warn({ err: error }, 'http.broken_answer'));
  app.keys = cookieSigner(deps.cookieKeys);
  app.use(requestLog(deps));
  app.use(securityHeaders(deps));
  app.use(serveAssets(deps));
  if (deps.gate !== undefined) app.use(deps.gate);
  app.use(compress({ threshold: 1024 }));
  app.use(pageState(deps));
  app.use(errorPages(deps.isOutage));
  app.use(refuseBrokenAddress);
}
