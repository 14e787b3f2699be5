import { createHash } from 'node:crypto';
import type { Next } from 'koa';
import { dashboardPage } from '../../views/statistics/dashboard.ts';
import { ratesPage } from '../../views/statistics/rates-page.ts';
import { tokenPage } from '../../views/statistics/token-page.ts';
import { TREND_STYLE, trendSvg } from '../../views/statistics/trend-svg.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import { conditionalGet } from '../web/conditional-get.ts';
import { readForm } from '../web/forms.ts';
import type { PageContext, PageHandler } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import { type ActivationRates, activationRates } from './activation-rates.ts';
import { activationTrend } from './activation-trend.ts';
import { channelShares } from './channel-shares.ts';
import { dashboardModel, ratesPageModel } from './page-models.ts';
import { listPublishedFigures } from './published-figure-store.ts';
import { ratesAsCsv, ratesAsJson } from './rates-as-data.ts';
import { type Filter, readFilter, readIsSmall, readLocale } from './read-query.ts';
import { trendModel } from './trend-model.ts';
import { type Access, closeAccess, openByToken, readAccess } from './viewer.ts';

export type StatisticsDeps = { readonly db: Db; readonly clock: Clock };

type Handlers = Record<
  'showDashboard' | 'showRates' | 'showJson' | 'showCsv' | 'showTrend' | 'showToken' | 'enterToken' | 'leave',
  PageHandler
>;

/** A drawing is opened by itself or in an `img`: it needs its own style and nothing else. */
const TREND_CSP = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(TREND_STYLE).digest('base64')}'; frame-ancestors 'none'`;

export function statisticsRoutes({ db, clock }: StatisticsDeps): Handlers {
  const read = async (ctx: PageContext): Promise<{ filter: Filter; access: Access; now: Date }> => {
    // Said before anything is refused: a refusal depends on who asks as well.
    ctx.vary('Authorization');
    ctx.vary('Cookie');
    const now = clock();
    const filter = readFilter(ctx, now);
    const access = await readAccess(ctx, db, now);
    if (filter.knownOnDay !== undefined && access.viewer.kind !== 'full') throw new Refusal('forbidden');
    return { filter, access, now };
  };
  const readRates = async (ctx: PageContext) => {
    const { filter, access, now } = await read(ctx);
    const rates: ActivationRates = await activationRates(db, { ...filter, now, viewer: access.viewer });
    return { filter, access, now, rates, locale: ctx.state.locale };
  };
  const writeJson = async (ctx: PageContext): Promise<void> => {
    const { rates, access, filter, now } = await readRates(ctx);
    const channels = await channelShares(db, { ...filter, now, viewer: access.viewer });
    cacheData(ctx, access);
    await conditionally(ctx, () => {
      ctx.type = 'json';
      ctx.body = JSON.stringify(ratesAsJson(rates, channels));
    });
  };
  const writeCsv = async (ctx: PageContext): Promise<void> => {
    const { rates, access } = await readRates(ctx);
    cacheData(ctx, access);
    await conditionally(ctx, () => {
      ctx.type = 'text/csv';
      ctx.attachment(`activation-${rates.moment.day}.csv`);
      ctx.body = ratesAsCsv(rates);
    });
  };

  return {
    showDashboard: async (ctx) => {
      const page = await readRates(ctx);
      const query = { ...page.filter, now: page.now, viewer: page.access.viewer };
      const trend = await activationTrend(db, query);
      const channels = await channelShares(db, query);
      const published = await listPublishedFigures(db, page.now);
      await render(ctx, dashboardPage(ctx.state.chrome, dashboardModel({ ...page, channels, published }, trend)));
    },
    showRates: async (ctx) => {
      ctx.vary('Accept');
      const type = ctx.accepts('html', 'json', 'csv');
      if (type === false) ctx.throw(406);
      if (type === 'json') return writeJson(ctx);
      if (type === 'csv') return writeCsv(ctx);
      const page = await readRates(ctx);
      await render(ctx, ratesPage(ctx.state.chrome, ratesPageModel(page)));
    },
    showJson: writeJson,
    showCsv: writeCsv,
    showTrend: async (ctx) => {
      const locale = readLocale(ctx);
      const isSmall = readIsSmall(ctx);
      const { filter, access, now } = await read(ctx);
      const trend = await activationTrend(db, { ...filter, now, viewer: access.viewer });
      cacheData(ctx, access);
      ctx.set('Content-Security-Policy', TREND_CSP);
      await conditionally(ctx, () => {
        ctx.type = 'image/svg+xml';
        ctx.body = trendSvg({ ...trendModel(locale, trend), isSmall });
      });
    },
    showToken: (ctx) => render(ctx, tokenPage(ctx.state.chrome, { isWrong: false })),
    enterToken: async (ctx) => {
      const { token } = readForm(ctx, ['token']);
      if (!(await openByToken(ctx, db, token, clock()))) {
        return render(ctx, tokenPage(ctx.state.chrome, { isWrong: true }), 422);
      }
      redirect(ctx, '/statistics');
    },
    leave(ctx) {
      closeAccess(ctx);
      redirect(ctx, '/statistics');
    },
  };
}

/** Data of the public view may lie in any cache for a minute; what a token opened, in none. Pages lie in none either (`render`): they carry a nonce, and a browser
 *  that heeds no `Vary: Cookie` (Chromium's cache) would show the public page to an official who has just entered her code. */
function cacheData(ctx: PageContext, { viewer }: Access): void {
  ctx.set('Cache-Control', viewer.kind === 'public' ? 'public, max-age=60' : 'private, no-store');
}

function conditionally(ctx: PageContext, write: () => void): Promise<void> {
  const next: Next = () => {
    write();
    return Promise.resolve();
  };
  return Promise.resolve(conditionalGet(ctx as Parameters<typeof conditionalGet>[0], next));
}

function redirect(ctx: PageContext, path: string): void {
  ctx.status = 303;
  ctx.set('Cache-Control', 'no-store');
  ctx.redirect(path);
  ctx.status = 303;
}
