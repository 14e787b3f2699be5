import { comparisonPage } from '../../views/statistics/comparison-page.ts';
import { Refusal } from '../domain/refusal.ts';
import type { PageHandler } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import { answerJson, readRequest, type StatisticsDeps } from './answer-data.ts';
import { campaignsAsJson } from './as-data/campaigns-as-data.ts';
import { comparisonAsJson } from './as-data/comparison-as-data.ts';
import { funnelAsJson } from './as-data/funnel-as-data.ts';
import { rebuiltSeriesAsJson, rebuiltTableAsJson } from './as-data/rebuilt-as-data.ts';
import { activationFunnel } from './figures/activation-funnel.ts';
import { campaignReport } from './figures/campaign-figures.ts';
import { compareRates } from './figures/compare-rates.ts';
import { rebuiltSeries, rebuiltTable } from './figures/rebuilt-units.ts';
import { comparisonPageModel } from './pages/comparison-model.ts';
import { readComparison, readFunnelFilter, readRebuilt } from './read-query.ts';
import { mustMayRead } from './roles.ts';

type Handlers = Record<
  'showCampaignsJson' | 'showFunnelJson' | 'showComparison' | 'showComparisonJson' | 'showRebuiltJson',
  PageHandler
>;

/** What stands beside the rates: campaigns, the funnel, comparisons, rebuilt series. */
export function analysisRoutes(deps: StatisticsDeps): Handlers {
  const { db } = deps;
  return {
    showCampaignsJson: async (ctx) => {
      const { filter, access, now } = readRequest(deps, ctx);
      const { asOfDay, knownOnDay } = filter;
      const report = await campaignReport(db, { now, asOfDay, knownOnDay, viewer: access.viewer });
      answerJson(ctx, campaignsAsJson(report, access.viewer.kind === 'public'));
    },
    showFunnelJson: async (ctx) => {
      const { access, now } = readRequest(deps, ctx);
      const report = await activationFunnel(db, { ...readFunnelFilter(ctx, now), now, viewer: access.viewer });
      answerJson(ctx, funnelAsJson(report));
    },
    showComparison: async (ctx) => {
      const { filter, access, now } = readRequest(deps, ctx);
      const asked = readComparison(ctx, now);
      const query = asked && { ...asked, now, accountLevel: filter.accountLevel, viewer: access.viewer };
      const comparison = query && (await compareRates(db, query));
      const model = comparisonPageModel(ctx.state.locale, { asked, comparison, access });
      await render(ctx, comparisonPage(ctx.state.chrome, model));
    },
    showComparisonJson: async (ctx) => {
      const { filter, access, now } = readRequest(deps, ctx);
      const asked = readComparison(ctx, now);
      if (asked === undefined) throw new Refusal('invalid_field', { field: 'with_as_of' });
      const query = { ...asked, now, accountLevel: filter.accountLevel, viewer: access.viewer };
      answerJson(ctx, comparisonAsJson(await compareRates(db, query)));
    },
    showRebuiltJson: async (ctx) => {
      const { filter, access, now } = readRequest(deps, ctx);
      const { unitCode, geography } = readRebuilt(ctx);
      const { viewer } = access;
      mustMayRead(viewer, viewer.kind === 'unit' && viewer.unitCode === unitCode ? 'own_rebuilt' : 'rebuilt');
      if (unitCode === undefined) {
        const table = await rebuiltTable(db, geography, { ...filter, now });
        return answerJson(ctx, rebuiltTableAsJson(table));
      }
      const series = await rebuiltSeries(db, unitCode, { ...filter, now });
      if (series === undefined) throw new Refusal('invalid_field', { field: 'unit' });
      return answerJson(ctx, rebuiltSeriesAsJson(series));
    },
  };
}
