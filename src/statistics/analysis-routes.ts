import type { PageHandler } from '../web/page-context.ts';
import { activationFunnel } from './activation-funnel.ts';
import { answerJson, readRequest, type StatisticsDeps } from './answer-data.ts';
import { campaignReport } from './campaign-figures.ts';
import { campaignsAsJson } from './campaigns-as-data.ts';
import { funnelAsJson } from './funnel-as-data.ts';
import { readFunnelFilter } from './read-query.ts';

/** What stands beside the rates: campaigns, the funnel, comparisons, rebuilt series. */
export function analysisRoutes(deps: StatisticsDeps): Record<'showCampaignsJson' | 'showFunnelJson', PageHandler> {
  const { db } = deps;
  return {
    showCampaignsJson: async (ctx) => {
      const { filter, access, now } = await readRequest(deps, ctx);
      const { asOfDay, knownOnDay } = filter;
      const report = await campaignReport(db, { now, asOfDay, knownOnDay, viewer: access.viewer });
      await answerJson(ctx, access, campaignsAsJson(report, access.viewer.kind === 'public'));
    },
    showFunnelJson: async (ctx) => {
      const { access, now } = await readRequest(deps, ctx);
      const report = await activationFunnel(db, { ...readFunnelFilter(ctx, now), now, viewer: access.viewer });
      await answerJson(ctx, access, funnelAsJson(report));
    },
  };
}
