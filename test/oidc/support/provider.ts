import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Router from '@koa/router';
import Koa from 'koa';
import { vi } from 'vitest';
import { type App, assembleApp } from '../../../src/assemble.ts';
import type { AuthFactor } from '../../../src/domain/assurance.ts';
import type { InteractionView } from '../../../src/oidc/gateway.ts';
import { createLog } from '../../../src/platform/log.ts';
import { seedPersonas } from '../../../src/sandbox/seed-personas.ts';
import type { PageState } from '../../../src/web/page-context.ts';
import { usePipeline } from '../../../src/web/pipeline.ts';
import { programRequests } from '../../../src/web/program-requests.ts';
import { testConfig } from '../../support/app.ts';
import type { Answer, Browser } from './relying-party.ts';

export type TestProvider = {
  app: App;
  issuer: string;
  /** Every line that was logged. */
  logged: string[];
  personaId(key: string): Promise<string>;
  travel(seconds: number): void;
  close(): Promise<void>;
};

/** The real provider with the personas, and in the place of our pages a few bare addresses by which a test plays the citizen:
 *  `/interaction/:uid` (the view as JSON), `…/login`, `…/consent`, `…/error`, and `/session`. */
export async function startProvider(options: { env?: Record<string, string> } = {}): Promise<TestProvider> {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-02T03:00:00Z') });
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-oidc-'));
  const server: Server = createHttpServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const logged: string[] = [];
  const log = createLog('info', { write: (line) => void logged.push(line) });
  const app = await assembleApp(testConfig(folder, { ISSUER: issuer, LOG_LEVEL: 'info', ...options.env }), { log });
  await seedPersonas(app, app.clock());
  server.on('request', requestListener(app));
  return {
    app,
    issuer,
    logged,
    async personaId(key) {
      const { personaAccount } = await import('../../../src/sandbox/persona-account.ts');
      const account = await personaAccount(app.db, key);
      if (account === undefined) throw new Error(`no persona ${key}`);
      return account.id;
    },
    travel(seconds) {
      vi.setSystemTime(Date.now() + seconds * 1000);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      await app.close();
      rmSync(folder, { recursive: true, force: true });
      vi.useRealTimers();
    },
  };
}

function requestListener(app: App): RequestListener {
  const koa = new Koa<PageState>();
  usePipeline(koa, {
    ...app,
    issuer: app.config.issuer,
    isSandbox: app.config.isSandbox,
    cookieKeys: app.config.secrets.cookieKeys,
  });
  const router = new Router<PageState>();
  const words = (text: string | string[] | undefined): string[] =>
    [text ?? ''].flat().flatMap((one) => one.split(' ').filter((word) => word !== ''));
  router.get('/interaction/:uid', async (ctx) => {
    ctx.body = (await app.gateway.findInteraction(ctx)) ?? { over: true };
  });
  router.get('/interaction/:uid/login', async (ctx) => {
    await app.gateway.finishLogin(ctx, {
      accountId: String(ctx.query['account']),
      factors: words(ctx.query['factors']) as AuthFactor[],
      signedInAt: app.clock(),
    });
  });
  router.get('/interaction/:uid/consent', async (ctx) => {
    const list = (name: string): string[] => words(ctx.query[name]);
    await app.gateway.finishConsent(ctx, {
      accountId: String(ctx.query['account']),
      clientId: String(ctx.query['client']),
      scopes: list('scopes'),
      claims: list('claims'),
      refusedScopes: list('refused_scopes'),
      refusedClaims: list('refused_claims'),
    });
  });
  router.get('/interaction/:uid/error', async (ctx) => {
    await app.gateway.finishError(ctx, {
      error: ctx.query['error'] as 'access_denied',
      description: 'said by the page',
    });
  });
  router.get('/session', async (ctx) => {
    ctx.body = (await app.gateway.currentSession(ctx)) ?? { none: true };
  });
  koa.use(router.routes());
  koa.use(app.oidc.mount);
  const answer = koa.callback();
  const answerProgram = programRequests(
    {
      ...app,
      issuer: app.config.issuer,
      admitsProgram: app.loadMeter.admitsProgram,
      isCrowded: () => false,
      watchPage: app.loadMeter.watchPage,
      countVisit: () => undefined,
    },
    app.oidc.programAt,
  );
  return (request, response) => answerProgram(request, response, () => void answer(request, response));
}

/** Where an authorization request waits for the citizen. */
export async function openInteraction(browser: Browser, url: string): Promise<{ at: string; view: InteractionView }> {
  const page = await browser.follow(url);
  if (page.location !== undefined) throw new Error(`no page: ${page.location.search}`);
  return { at: page.url, view: JSON.parse(page.text) as InteractionView };
}

/** Plays a step of the citizen's and follows until the next page, or back to the service. */
export function act(browser: Browser, at: string, step: string, fields: Record<string, string>): Promise<Answer> {
  return browser.follow(`${at}/${step}?${new URLSearchParams(fields).toString()}`);
}
