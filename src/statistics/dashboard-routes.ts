import type { ChartModel, ChartSpan } from '../../views/statistics/charts/chart.ts';
import { dashboardPage } from '../../views/statistics/dashboard.ts';
import { unitPage } from '../../views/statistics/unit-page.ts';
import { existsOn } from '../domain/place.ts';
import { Refusal } from '../domain/refusal.ts';
import { vietNamDay } from '../domain/viet-nam-time.ts';
import type { PageContext, PageHandler } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import { readRequest, type StatisticsDeps } from './answer-data.ts';
import type { AdoptionDeps } from './figures/rp-adoption.ts';
import { statisticsReader } from './figures/statistics-reader.ts';
import { unitStatistics } from './figures/unit-statistics.ts';
import { chartCache } from './pages/chart-cache.ts';
import { DASHBOARD_CHARTS, isDashboardChart } from './pages/dashboard-charts.ts';
import { moreSections } from './pages/more-sections.ts';
import { dashboardModel } from './pages/page-models.ts';
import { unitHref } from './pages/unit-href.ts';
import { unitOfCode, unitPageModel, unitTrendChart } from './pages/unit-page-model.ts';
import { readDashboardFilter, readIsSmall, readLocale, readUnitCode } from './read-query.ts';

type Handlers = Record<'showDashboard' | 'showChart' | 'chooseUnit' | 'showUnit' | 'showUnitTrend', PageHandler>;

/** A drawing is opened by itself or in an `img`: it needs its own style and nothing else. */
const CHART_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

export function dashboardRoutes(deps: StatisticsDeps & AdoptionDeps): Handlers {
  const { db } = deps;
  const drawn = chartCache();
  const query = (ctx: PageContext) => {
    const { access, now } = readRequest(deps, ctx);
    const filter = readDashboardFilter(ctx, now);
    const dueOn = filter.dueOnDay ?? `${(filter.asOfDay ?? vietNamDay(now)).slice(0, 4)}-12-31`;
    return { access, filter, query: { ...filter, now, viewer: access.viewer, dueOn } };
  };
  const open = (ctx: PageContext) => {
    const asked = query(ctx);
    return { ...asked, reader: statisticsReader(deps, asked.query) };
  };
  /** A unit that is no more is shown as of its last day, unless a day is asked for. */
  const openUnit = async (ctx: PageContext) => {
    const unit = unitOfCode(parameter(ctx, 'code'));
    const { access, filter, query: asked } = query(ctx);
    const day =
      filter.asOfDay ??
      (unit?.validTo !== undefined && unit.validTo < vietNamDay(asked.now) ? unit.validTo : undefined);
    if (unit === undefined || (day !== undefined && !existsOn(unit, day))) throw new Refusal('not_found');
    const statistics = await unitStatistics(db, unit, { ...asked, asOfDay: day });
    return { access, filter, statistics };
  };
  const answerChart = async (ctx: PageContext, chart: { model: ChartModel; span: ChartSpan }) => {
    const svg = await drawn(chart.model, chart.span, readIsSmall(ctx) ? 'small' : 'large');
    ctx.set('Content-Security-Policy', CHART_CSP);
    ctx.type = 'image/svg+xml';
    ctx.body = svg;
  };
  return {
    showDashboard: async (ctx) => {
      const { access, filter, reader } = open(ctx);
      const page = { locale: ctx.state.locale, access, filter, reader, rates: await reader.rates() };
      await render(
        ctx,
        dashboardPage(ctx.state.chrome, await dashboardModel(page), await moreSections(ctx.state.chrome, page)),
      );
    },
    showChart: async (ctx) => {
      const name = /^(\w+)\.svg$/.exec(parameter(ctx, 'file'))?.[1] ?? '';
      if (!isDashboardChart(name)) throw new Refusal('not_found');
      const { reader } = open(ctx);
      const { span, model } = DASHBOARD_CHARTS[name];
      await answerChart(ctx, { model: await model(readLocale(ctx), reader), span });
    },
    chooseUnit: (ctx) => {
      const unit = unitOfCode(readUnitCode(ctx) ?? '');
      if (unit === undefined) throw new Refusal('not_found');
      ctx.redirect(unitHref(unit.code));
      ctx.status = 303;
    },
    showUnit: async (ctx) => {
      const { access, filter, statistics } = await openUnit(ctx);
      const page = { locale: ctx.state.locale, access, filter, rates: statistics.rates, statistics };
      await render(ctx, unitPage(ctx.state.chrome, unitPageModel(page)));
    },
    showUnitTrend: async (ctx) => {
      const { statistics } = await openUnit(ctx);
      await answerChart(ctx, { model: unitTrendChart(readLocale(ctx), statistics), span: 'full' });
    },
  };
}

function parameter(ctx: PageContext, name: 'file' | 'code'): string {
  return (ctx['params'] as Record<string, string | undefined>)[name] ?? '';
}
