import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import Router from '@koa/router';
import Keygrip from 'keygrip';
import Koa from 'koa';
import type { Logger } from 'pino';
import { type ClientSigningKey, readOrMakeSigningKey } from './client-signing-key.ts';
import { loadDemoAssets, serveDemoAssets } from './demo-assets.ts';
import { type DemoState, demoPages, formGuard } from './demo-page.ts';
import { createDemoSessions } from './demo-sessions.ts';
import { healthDataService } from './health-data-service.ts';
import { createLogoutTokenJudge } from './logout-token.ts';
import { createKeyFinder, createProviderClient } from './provider-client.ts';
import { receivedRoutes } from './received-routes.ts';
import { type DemoService, HEALTH_BOOK_RESOURCE } from './service-definitions.ts';
import { serviceRoutes } from './service-routes.ts';
import { signInRoutes } from './sign-in-routes.ts';

export type DemoAppOptions = {
  readonly issuer: URL;
  /** The service's own public address, without a slash at the end. */
  readonly baseUrl: string;
  /** Where its key lies, if it has one. */
  readonly folder: string;
  readonly log: Logger;
};

/** One relying party: every URL of it. */
export async function createDemoApp(service: DemoService, options: DemoAppOptions): Promise<RequestListener> {
  const { issuer, baseUrl, folder, log } = options;
  const hasKey = service.authentication.method === 'private_key_jwt';
  const key: ClientSigningKey | undefined = hasKey ? await readOrMakeSigningKey(folder, service.id) : undefined;
  const provider = createProviderClient(service, { issuer, baseUrl, signingKey: key?.privateKey });
  const findKeys = createKeyFinder(provider);
  const sessions = createDemoSessions();
  const assets = loadDemoAssets(service.id);
  const issuerName = issuer.href.replace(/\/$/, '');
  const judgeLogoutToken = createLogoutTokenJudge({ findKeys, issuer: issuerName, clientId: service.id });
  const dataUrl = new URL('/data/entries', baseUrl);

  const signIn = signInRoutes({
    service,
    baseUrl,
    provider,
    sessions,
    judgeLogoutToken,
    complete: async (received) =>
      service.requests[received.requestName]?.resource === HEALTH_BOOK_RESOURCE
        ? { ...received, resource: await provider.readResource(received, dataUrl) }
        : received,
  });
  const received = receivedRoutes({ service, provider, sessions });
  const own = serviceRoutes({ service, provider, sessions, dataUrl });
  const guard = formGuard(baseUrl);

  const router = new Router<DemoState>();
  router.get('/', own.showHome);
  if (own.hasForm) router.get('/form', own.showForm).post('/form', guard, own.takeForm);
  if (service.id === 'so-suc-khoe') {
    router.post('/read-again', guard, own.readAgain);
    router.get('/data/entries', healthDataService({ findKeys, issuer: issuerName }));
  }
  if (key !== undefined) {
    router.get('/jwks.json', (ctx) => {
      ctx.body = key.jwks;
    });
  }

  router.get('/sign-in', signIn.start);
  router.get('/callback', signIn.finish);
  router.post('/sign-out', guard, signIn.signOut);
  router.get('/signed-out', signIn.showSignedOut);
  router.post('/backchannel-logout', signIn.endByProvider);

  router.get('/received', received.show);
  router.post('/userinfo', guard, received.askUserinfo);
  router.post('/introspection', guard, received.askIntrospection);
  router.post('/refresh', guard, received.refresh);

  const koa = new Koa<DemoState>();
  // Sessions are in memory, so cookies need not outlive this process either.
  koa.keys = new Keygrip([randomBytes(32).toString('base64url')], 'sha256');
  koa.on('error', (error: unknown) => {
    log.warn({ err: error, service: service.id }, 'demo.broken_answer');
  });
  koa.use(serveDemoAssets(assets));
  koa.use(demoPages({ service, issuer, sessions, assets, log }));
  koa.use(router.routes());
  const answer = koa.callback();
  return (request, response) => void answer(request, response);
}
