import { campaignsSection } from '../../views/statistics/campaigns-section.ts';
import { dashboardPage, type ReadySection } from '../../views/statistics/dashboard.ts';
import { Refusal } from '../domain/refusal.ts';
import { vietNamDay } from '../domain/viet-nam-time.ts';
import type { PageContext, PageHandler } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import { cacheData, conditionally, readRequest, type StatisticsDeps } from './answer-data.ts';
import { campaignsModel } from './campaigns-model.ts';
import { chartCache } from './chart-cache.ts';
import { DASHBOARD_CHARTS, isDashboardChart } from './dashboard-charts.ts';
import { dashboardModel } from './page-models.ts';
import { readDashboardFilter, readIsSmall, readLocale } from './read-query.ts';
import { type StatisticsReader, statisticsReader } from './statistics-reader.ts';

type Handlers = Record<'showDashboard' | 'showChart', PageHandler>;

/** A drawing is opened by itself or in an `img`: it needs its own style and nothing else. */
const CHART_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

export function dashboardRoutes({ db, clock }: StatisticsDeps): Handlers {
  const drawn = chartCache();
  const open = async (ctx: PageContext) => {
    const { access, now } = await readRequest({ db, clock }, ctx);
    const filter = readDashboardFilter(ctx, now);
    const dueOn = filter.dueOnDay ?? `${(filter.asOfDay ?? vietNamDay(now)).slice(0, 4)}-12-31`;
    return { access, filter, reader: statisticsReader(db, { ...filter, now, viewer: access.viewer, dueOn }) };
  };
  return {
    showDashboard: async (ctx) => {
      const { access, filter, reader } = await open(ctx);
      const page = { locale: ctx.state.locale, access, filter, reader, rates: await reader.rates() };
      await render(ctx, dashboardPage(ctx.state.chrome, await dashboardModel(page), await moreSections(ctx, reader)));
    },
    showChart: async (ctx) => {
      const name = /^(\w+)\.svg$/.exec(fileName(ctx))?.[1] ?? '';
      if (!isDashboardChart(name)) throw new Refusal('not_found');
      const locale = readLocale(ctx);
      const isSmall = readIsSmall(ctx);
      const { access, reader } = await open(ctx);
      const { span, model } = DASHBOARD_CHARTS[name];
      const svg = await drawn(await model(locale, reader), span, isSmall ? 'small' : 'large');
      cacheData(ctx, access);
      ctx.set('Content-Security-Policy', CHART_CSP);
      await conditionally(ctx, () => {
        ctx.type = 'image/svg+xml';
        ctx.body = svg;
      });
    },
  };
}

function fileName(ctx: PageContext): string {
  const { file } = ctx['params'] as { file: string };
  return file;
}

/** What others make for this page, each with a heading of its own. */
async function moreSections(ctx: PageContext, reader: StatisticsReader): Promise<readonly ReadySection[]> {
  const { chrome, locale } = ctx.state;
  const { t } = chrome;
  const campaigns = campaignsModel(locale, await reader.campaigns());
  return [
    {
      id: 'campaigns',
      title: t('analysis.campaigns_title'),
      body: campaignsSection(chrome, campaigns),
      hasHeading: true,
    },
  ];
}
