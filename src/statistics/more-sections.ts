import type { Chrome } from '../../views/chrome.ts';
import { campaignsSection } from '../../views/statistics/campaigns-section.ts';
import { chartFigure } from '../../views/statistics/chart-figure.ts';
import type { ReadySection } from '../../views/statistics/dashboard.ts';
import { funnelSection } from '../../views/statistics/funnel-section.ts';
import { campaignsModel } from './campaigns-model.ts';
import { funnelModel } from './funnel-model.ts';
import { type Dashboard, dashboardChart } from './page-models.ts';

/** Sections of the dashboard that are also pages or parts of other pages, in their order. */
export async function moreSections(chrome: Chrome, page: Dashboard): Promise<readonly ReadySection[]> {
  const { t } = chrome;
  const { locale, reader } = page;
  const funnel = funnelModel(locale, await reader.funnel());
  const funnelPicture =
    funnel.isPublished && funnel.rows.length > 0 && chartFigure(await dashboardChart(page, 'funnel'));
  return [
    { id: 'funnel', title: t('analysis.funnel_title'), body: funnelSection(chrome, funnel, funnelPicture) },
    {
      id: 'campaigns',
      title: t('analysis.campaigns_title'),
      body: campaignsSection(chrome, campaignsModel(locale, await reader.campaigns())),
    },
  ];
}
