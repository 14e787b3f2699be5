import type { IncomingMessage, RequestListener } from 'node:http';
import Router from '@koa/router';
import Koa from 'koa';
import { homePage } from '../views/home/home.ts';
import { guardianRoutes } from './activation/guardian-routes.ts';
import { activationRoutes } from './activation/routes.ts';
import type { App } from './assemble.ts';
import { methodRoutes } from './my-account/method-routes.ts';
import { myAccountRoutes } from './my-account/routes.ts';
import { operationsRoutes, showHealth, showMetrics } from './operations/routes.ts';
import { isStoreOutage } from './platform/store-outage.ts';
import { answerPrograms } from './programs.ts';
import { recoveryRoutes } from './recovery/routes.ts';
import { listClients } from './relying-parties/client-store.ts';
import { readyClients } from './relying-parties/ready-clients.ts';
import { signInRoutes } from './sign-in/routes.ts';
import { signInAhead } from './sign-in/sign-in-ahead.ts';
import { openView } from './statistics/open/open-view.ts';
import { behindTheDoor, frontDoor } from './waiting-room/front-door.ts';
import { formGuard, formOrJson, jsonBody } from './web/forms.ts';
import type { PageHandler, PageState } from './web/page-context.ts';
import { usePipeline } from './web/pipeline.ts';
import { render } from './web/render.ts';
import { room } from './web/room.ts';
import { secretForm } from './web/secret-form.ts';

/** Forms whose answer, when something is wrong, is the page above with its errors. To load that again, or to read it in the other language, is
 *  to GET the form's address. */
const FORM_ADDRESSES = [
  '/activate/code/resend',
  '/recover/code/resend',
  '/account/methods/totp/confirm',
  '/account/sessions/end',
  '/account/services/:client/withdraw',
  '/logout/confirm',
];

const toPageAbove: PageHandler = (ctx) => {
  ctx.redirect(ctx.path.slice(0, ctx.path.lastIndexOf('/')));
  ctx.status = 303;
};

/** Every URL of the provider: our own pages, and those of the protocol by exact addresses (`app.oidc`), which none of ours begins with.
 *  @param isLeaving whether the process is about to stop, so that a balancer should send nobody. */
export function createServer(app: App, isLeaving: () => boolean = () => false): RequestListener {
  const koa = new Koa<PageState>();
  koa.proxy = app.config.trustProxy;
  koa.maxIpsCount = 1;
  koa.use(app.metrics.middleware as Koa.Middleware<PageState>);
  const door = frontDoor(app);
  usePipeline(koa, {
    ...app,
    isOutage: isStoreOutage,
    issuer: app.config.issuer,
    isSandbox: app.config.isSandbox,
    hotline: app.config.hotline,
    cookieKeys: app.config.secrets.cookieKeys,
    gate: door.gate,
  });

  const router = new Router<PageState>();
  const operations = operationsRoutes({ ...app, isLeaving });
  const secrets = { serve: app.hasher.serve, onServed: app.waitingRoom.served };
  const secretGuard = secretForm(secrets);
  const activation = activationRoutes(app);

  router.get('/', (ctx) => render(ctx, homePage(ctx.state.chrome)));

  // Two have routers of their own, asked first: each address is compared with all patterns of a router.
  const activating = new Router<PageState>();
  activating.get('/activate', activation.showStart);
  activating.post('/activate', formGuard, activation.start);
  activating.get('/activate/code', activation.showCode);
  activating.post('/activate/code', formGuard, activation.proveCode);
  activating.post('/activate/code/resend', formGuard, activation.resend);
  activating.get('/activate/password', activation.showPassword);
  activating.post('/activate/password', formGuard, secretGuard, activation.choosePassword);
  activating.get('/activate/passcode', activation.showPasscode);
  activating.post('/activate/passcode', formGuard, secretGuard, activation.choosePasscode);
  activating.get('/activate/questions', activation.showQuestions);
  activating.post(
    '/activate/questions',
    formGuard,
    secretForm(secrets, activation.questionsBusy),
    activation.answerQuestions,
  );
  activating.get('/activate/guardian', activation.showGuardian);
  activating.get('/activate/done', activation.showDone);

  const guardian = guardianRoutes(app);
  router.get('/activate/guardian/requests', guardian.showRequests);
  router.get('/activate/guardian/confirm/:reference', guardian.showConfirm);
  router.post('/activate/guardian/confirm/:reference', formGuard, secretGuard, guardian.confirm);

  const interactions = new Router<PageState>();
  const ahead = signInAhead(app, app.waitingRoom.served);
  const isProved = (request: IncomingMessage): boolean => ahead.outcomeOf(request) !== undefined;
  const signIn = signInRoutes({ ...app, ...ahead }, ahead);
  interactions.get('/interaction/:uid', signIn.show);
  interactions.get('/interaction/:uid/:step', signIn.showAgain);
  interactions.post(
    '/interaction/:uid/password',
    formGuard,
    secretForm(secrets, signIn.busy, isProved),
    signIn.provePassword,
  );
  interactions.post('/interaction/:uid/send-code', formGuard, signIn.sendCode);
  interactions.post('/interaction/:uid/second-factor', formGuard, signIn.proveSecondFactor);
  interactions.post('/interaction/:uid/consent', formGuard, signIn.consent);
  interactions.post('/interaction/:uid/return', formGuard, signIn.returnToClient);

  const recovery = recoveryRoutes(app);
  router.get('/recover', recovery.showStart);
  router.post('/recover', formGuard, recovery.start);
  router.get('/recover/code', recovery.showCode);
  router.post('/recover/code', formGuard, recovery.proveCode);
  router.post('/recover/code/resend', formGuard, recovery.resend);
  router.get('/recover/proof', recovery.showProof);
  router.post('/recover/proof', formGuard, recovery.proveSecond);
  router.get('/recover/secret', recovery.showSecret);
  router.post('/recover/secret', formGuard, secretGuard, recovery.chooseSecret);
  router.get('/recover/done', recovery.showDone);

  const account = myAccountRoutes(app);
  const methods = methodRoutes(app);
  router.get('/account', account.showOverview);
  router.get('/account/enter', account.enter);
  router.post('/account/sign-out', formGuard, account.signOut);
  router.get('/account/methods', methods.showMethods);
  router.get('/account/methods/password', methods.showPassword);
  router.post('/account/methods/password', formGuard, secretGuard, methods.changePassword);
  router.get('/account/methods/passcode', methods.showPasscode);
  router.post('/account/methods/passcode', formGuard, secretGuard, methods.changePasscode);
  router.get('/account/methods/questions', methods.showQuestions);
  router.post('/account/methods/questions', formGuard, secretGuard, methods.changeQuestions);
  router.get('/account/methods/totp', methods.showTotp);
  router.post('/account/methods/totp', formGuard, secretGuard, methods.startTotp);
  router.post('/account/methods/totp/confirm', formGuard, methods.confirmTotp);
  router.get('/account/methods/totp/remove', methods.showTotpRemove);
  router.post('/account/methods/totp/remove', formGuard, secretGuard, methods.removeTotp);
  router.get('/account/sessions', account.showSessions);
  router.post('/account/sessions/end', formGuard, secretGuard, account.endSessions);
  router.get('/account/services', account.showServices);
  router.get('/account/services/:client', account.showService);
  router.post('/account/services/:client/withdraw', formGuard, secretGuard, account.withdraw);
  router.get('/account/history', account.showHistory);
  router.get('/account/lock', account.showLock);
  router.post('/account/lock', formGuard, secretGuard, account.lock);

  const open = openView({ ...app, isOutage: isStoreOutage });
  const statistics = room(async () => (await import('./statistics/routes.ts')).statisticsRoutes(app));
  const dashboard = room(async () =>
    (await import('./statistics/dashboard-routes.ts')).dashboardRoutes({
      ...app,
      listClients: () => listClients(app.db),
    }),
  );
  router.get('/statistics', open, dashboard.showDashboard);
  router.get('/statistics/charts/:file', open, dashboard.showChart);
  router.get('/statistics/units', open, dashboard.chooseUnit);
  router.get('/statistics/units/:code', open, dashboard.showUnit);
  router.get('/statistics/units/:code/trend.svg', open, dashboard.showUnitTrend);
  router.get('/statistics/activation', open, statistics.showRates);
  router.get('/statistics/activation.json', open, statistics.showJson);
  router.get('/statistics/activation.csv', open, statistics.showCsv);
  const analysis = room(async () => (await import('./statistics/analysis-routes.ts')).analysisRoutes(app));
  router.get('/statistics/campaigns.json', open, analysis.showCampaignsJson);
  router.get('/statistics/funnel.json', open, analysis.showFunnelJson);
  router.get('/statistics/compare', open, analysis.showComparison);
  router.get('/statistics/compare.json', open, analysis.showComparisonJson);
  router.get('/statistics/rebuilt.json', open, analysis.showRebuiltJson);
  const adoption = room(async () =>
    (await import('./statistics/adoption-routes.ts')).adoptionRoutes({
      ...app,
      findMachineToken: (token) => app.gateway.findMachineToken(token),
      findReporter: app.findService,
      listClients: () => listClients(app.db),
    }),
  );
  router.get('/statistics/openapi.json', open, adoption.showOpenApi);
  router.get('/statistics/adoption', open, adoption.showAdoption);
  router.get('/statistics/adoption.json', open, adoption.showAdoptionJson);
  router.get('/relying-parties/totals', adoption.listOwnTotals);
  router.post('/relying-parties/totals', jsonBody, adoption.reportTotals);
  const report = room(async () => (await import('./statistics/report-routes.ts')).reportRoutes(app));
  router.get('/statistics/report', open, report.showReport);
  router.get('/statistics/report.json', open, report.showReportJson);
  router.get('/statistics/report.csv', open, report.showReportCsv);
  router.get('/statistics/report.xlsx', open, report.showReportXlsx);
  const openData = room(async () =>
    (await import('./statistics/open/open-data-routes.ts')).openDataRoutes({
      ...app,
      listClients: () => listClients(app.db),
    }),
  );
  router.get('/statistics/open-data', open, openData.showOpenData);
  router.get('/statistics/open-data/rates.json', open, openData['rates.json']);
  router.get('/statistics/open-data/rates.csv', open, openData['rates.csv']);
  router.get('/statistics/open-data/channels.json', open, openData['channels.json']);
  router.get('/statistics/open-data/channels.csv', open, openData['channels.csv']);
  router.get('/statistics/open-data/backlog.json', open, openData['backlog.json']);
  router.get('/statistics/open-data/backlog.csv', open, openData['backlog.csv']);
  router.get('/statistics/open-data/residents.json', open, openData['residents.json']);
  router.get('/statistics/open-data/residents.csv', open, openData['residents.csv']);
  router.get('/statistics/open-data/funnel.json', open, openData['funnel.json']);
  router.get('/statistics/open-data/funnel.csv', open, openData['funnel.csv']);
  router.get('/statistics/open-data/adoption.json', open, openData['adoption.json']);
  router.get('/statistics/open-data/adoption.csv', open, openData['adoption.csv']);
  router.options('/statistics/open-data/:file', openData.answerPreflight);
  router.get('/statistics/token', open, statistics.showToken);
  router.post('/statistics/token', open, formGuard, statistics.enterToken);
  router.post('/statistics/token/leave', formGuard, statistics.leave);

  const publicClients = readyClients(app.config).filter((client) => client.origin === 'sandbox');
  const developers = room(async () =>
    (await import('./developers/routes.ts')).developersRoutes({ ...app, readyClients: publicClients }),
  );
  router.get('/developers', developers.showDevelopers);

  if (app.config.isSandbox) {
    const sandbox = room(async () =>
      (await import('./sandbox/routes.ts')).sandboxRoutes({ ...app, readyClients: publicClients }),
    );
    router.get('/sandbox', sandbox.showSandbox);
    router.get(['/sandbox/personas', '/sandbox/personas.json'], sandbox.showPersonas);
    router.get(['/sandbox/inbox', '/sandbox/inbox.json'], sandbox.showInbox);
    router.post('/sandbox/inbox', formGuard, sandbox.openInbox);
    router.post('/sandbox/people', formOrJson, sandbox.makePerson);
    router.get('/sandbox/people', toPageAbove);
    router.get('/sandbox/people/:id', sandbox.showMadePerson);
  }

  router.get(FORM_ADDRESSES, toPageAbove);

  router.get('/healthz', operations.showHealth);
  router.get('/readyz', operations.showReadiness);
  // A worker knows its own figures alone: their primary shows the sum, on METRICS_PORT.
  const { metricsPort, isProduction, workers } = app.config;
  if (metricsPort === undefined && !isProduction && workers === 1) router.get('/metrics', operations.showMetrics);

  koa.use(app.oidc.mount);
  koa.use(interactions.routes());
  koa.use(activating.routes());
  koa.use(router.routes());
  koa.use(router.allowedMethods());
  const koaAnswer = koa.callback();
  const answer = behindTheDoor(door, (request, response) => void koaAnswer(request, response));
  const answerProgram = answerPrograms(app, (path) => app.oidc.programAt(path) ?? ahead.endpointAt(path));
  const answerAny: RequestListener = (request, response) =>
    answerProgram(request, response, () => answer(request, response));
  const { tracing } = app;
  if (tracing === undefined) return answerAny;
  return (request, response) => tracing.during(request, response, () => answerAny(request, response));
}

/** The operations' own port (METRICS_PORT), never TLS: figures for Prometheus, and whether the process (with WORKERS their primary) is alive. */
export function createMetricsServer(metrics: Pick<App['metrics'], 'text'>): RequestListener {
  const koa = new Koa<PageState>();
  const router = new Router<PageState>();
  router.get('/metrics', showMetrics(metrics));
  router.get('/healthz', showHealth);
  koa.use(router.routes());
  const answer = koa.callback();
  return (request, response) => void answer(request, response);
}
