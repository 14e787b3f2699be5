import type { PageHandler } from '../web/page-context.ts';
import { answerJson, readRequest, type StatisticsDeps } from './answer-data.ts';
import { campaignReport } from './campaign-figures.ts';
import { campaignsAsJson } from './campaigns-as-data.ts';

/** What stands beside the rates: campaigns, the funnel, comparisons, rebuilt series. */
export function analysisRoutes(deps: StatisticsDeps): Record<'showCampaignsJson', PageHandler> {
  const { db } = deps;
  return {
    showCampaignsJson: async (ctx) => {
      const { filter, access, now } = await readRequest(deps, ctx);
      const { asOfDay, knownOnDay } = filter;
      const report = await campaignReport(db, { now, asOfDay, knownOnDay, viewer: access.viewer });
      await answerJson(ctx, access, campaignsAsJson(report, access.viewer.kind === 'public'));
    },
  };
}
