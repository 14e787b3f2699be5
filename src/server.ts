import type { RequestListener } from 'node:http';
import Router from '@koa/router';
import Koa from 'koa';
import { homePage } from '../views/home/home.ts';
import type { App } from './assemble.ts';
import { operationsRoutes } from './operations/routes.ts';
import type { PageState } from './web/page-context.ts';
import { usePipeline } from './web/pipeline.ts';
import { render } from './web/render.ts';

/** Every URL of the provider, in order: our own pages first, oidc-provider last. */
export function createServer(app: App): RequestListener {
  const koa = new Koa<PageState>();
  koa.proxy = app.config.trustProxy;
  koa.maxIpsCount = 1;
  koa.on('error', (error: unknown) => {
    app.log.error({ err: error }, 'http.broken_answer');
  });
  koa.use(app.metrics.middleware as Koa.Middleware<PageState>);
  usePipeline(koa, {
    ...app,
    issuer: app.config.issuer,
    isSandbox: app.config.isSandbox,
    cookieKeys: app.config.secrets.cookieKeys,
  });

  const router = new Router<PageState>();
  const operations = operationsRoutes(app);

  router.get('/', (ctx) => render(ctx, homePage(ctx.state.chrome)));

  router.get('/healthz', operations.showHealth);
  router.get('/readyz', operations.showReadiness);
  if (app.config.metricsPort === undefined && !app.config.isProduction) router.get('/metrics', operations.showMetrics);

  koa.use(router.routes());
  koa.use(router.allowedMethods());
  const answer = koa.callback();
  return (request, response) => void answer(request, response);
}
