import type { RequestListener } from 'node:http';
import Router from '@koa/router';
import Koa from 'koa';
import { homePage } from '../views/home/home.ts';
import { activationRoutes } from './activation/routes.ts';
import type { App } from './assemble.ts';
import { developersRoutes } from './developers/routes.ts';
import { operationsRoutes } from './operations/routes.ts';
import { readyClients } from './relying-parties/ready-clients.ts';
import { formOrJson, sandboxRoutes } from './sandbox/routes.ts';
import { formGuard } from './web/forms.ts';
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
  const activation = activationRoutes(app);

  router.get('/', (ctx) => render(ctx, homePage(ctx.state.chrome)));

  router.get('/activate', activation.showStart);
  router.post('/activate', formGuard, activation.start);
  router.get('/activate/code', activation.showCode);
  router.post('/activate/code', formGuard, activation.proveCode);
  router.post('/activate/code/resend', formGuard, activation.resend);
  router.get('/activate/password', activation.showPassword);
  router.post('/activate/password', formGuard, activation.choosePassword);
  router.get('/activate/passcode', activation.showPasscode);
  router.post('/activate/passcode', formGuard, activation.choosePasscode);
  router.get('/activate/questions', activation.showQuestions);
  router.post('/activate/questions', formGuard, activation.answerQuestions);
  router.get('/activate/guardian', activation.showGuardian);
  router.get('/activate/done', activation.showDone);

  const publicClients = readyClients(app.config).filter((client) => client.origin === 'sandbox');
  const developers = developersRoutes({ ...app, readyClients: publicClients });
  router.get('/developers', developers.showDevelopers);

  if (app.config.isSandbox) {
    const sandbox = sandboxRoutes({ ...app, readyClients: publicClients });
    router.get('/sandbox', sandbox.showSandbox);
    router.get(['/sandbox/personas', '/sandbox/personas.json'], sandbox.showPersonas);
    router.get(['/sandbox/inbox', '/sandbox/inbox.json'], sandbox.showInbox);
    router.post('/sandbox/inbox', formGuard, sandbox.openInbox);
    router.post('/sandbox/people', formOrJson, sandbox.makePerson);
    router.get('/sandbox/people/:id', sandbox.showMadePerson);
  }

  router.get('/healthz', operations.showHealth);
  router.get('/readyz', operations.showReadiness);
  if (app.config.metricsPort === undefined && !app.config.isProduction) router.get('/metrics', operations.showMetrics);

  koa.use(router.routes());
  koa.use(router.allowedMethods());
  const answer = koa.callback();
  return (request, response) => void answer(request, response);
}

/** The operations' own port (METRICS_PORT): figures for Prometheus, and nothing else. */
export function createMetricsServer(app: App): RequestListener {
  const koa = new Koa<PageState>();
  const router = new Router<PageState>();
  router.get('/metrics', operationsRoutes(app).showMetrics);
  koa.use(router.routes());
  const answer = koa.callback();
  return (request, response) => void answer(request, response);
}
