import { Router } from '@koa/router';
import { html } from 'hono/html';
import Koa from 'koa';
import { pino } from 'pino';
import request from 'supertest';
import { Refusal } from '../../src/domain/refusal.ts';
import { loadAssets } from '../../src/web/assets.ts';
import { conditionalGet } from '../../src/web/conditional-get.ts';
import { formGuard, jsonBody, readAll, readForm } from '../../src/web/forms.ts';
import type { PageContext, PageState } from '../../src/web/page-context.ts';
import { respectUiLocales } from '../../src/web/page-context.ts';
import { usePipeline } from '../../src/web/pipeline.ts';
import { render } from '../../src/web/render.ts';
import { allowFormActionTo } from '../../src/web/security-headers.ts';
import { codeField } from '../../views/components/fields.ts';
import { form } from '../../views/components/form.ts';
import { homePage } from '../../views/home/home.ts';
import { layout } from '../../views/layout.ts';

const assets = loadAssets();

type WebAppOptions = {
  readonly issuer?: string;
  readonly cookieKeys?: readonly string[];
  readonly isSandbox?: boolean;
};

/** A real Koa application with nothing but the pieces of src/web and a few small pages. */
export function webApp({
  issuer = 'http://localhost:3000',
  cookieKeys = ['key-1'],
  isSandbox = true,
}: WebAppOptions = {}) {
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line) => void lines.push(line) });
  const app = new Koa<PageState>();
  if (issuer.startsWith('https:')) app.proxy = true;
  usePipeline(app, { issuer, cookieKeys, isSandbox, assets, log });
  const router = pages();
  app.use(router.routes()).use(router.allowedMethods());
  return { agent: () => request.agent(app.callback()), assets, lines };
}

function pages(): Router<PageState> {
  const router = new Router<PageState>();
  router.get('/', (ctx: PageContext) => render(ctx, homePage(ctx.state.chrome)));
  router.get('/form', showForm);
  router.post('/form', formGuard, (ctx: PageContext) => {
    ctx.body = { ...readForm(ctx, ['code', 'name']), all: readAll(ctx, 'scope') };
  });
  router.post('/json', jsonBody, (ctx: PageContext) => {
    ctx.body = { got: ctx.request.body };
  });
  router.get('/interaction', (ctx: PageContext) => {
    respectUiLocales(ctx, 'fr en-GB');
    return showForm(ctx);
  });
  router.get('/consent', (ctx: PageContext) => {
    allowFormActionTo(ctx, String(ctx.query['redirect_uri']));
    return showForm(ctx);
  });
  router.get('/persons/:id', () => {
    throw new Error('insert into persons values (999123456789)');
  });
  router.get('/data', conditionalGet, (ctx: PageContext) => {
    ctx.body = { activated: 4_220_601 };
  });
  router.get('/late', () => {
    throw new Refusal('attempt_over');
  });
  return router;
}

function showForm(ctx: PageContext): Promise<void> {
  const { chrome } = ctx.state;
  const fields = html`${codeField({ name: 'code', label: 'Code' })}`;
  return render(ctx, layout(chrome, { title: 'Form', main: form(chrome, { action: '/form' }, fields) }));
}

/** The hidden field of a page. */
export function tokenIn(page: string): string {
  return /name="csrf_token" value="([^"]+)"/.exec(page)?.[1] ?? '';
}
