import { html } from 'hono/html';
import type { Chrome } from '../../../views/chrome.ts';
import { adoptionSection } from '../../../views/statistics/adoption-section.ts';
import { backlogSection } from '../../../views/statistics/backlog-section.ts';
import { campaignsSection } from '../../../views/statistics/campaigns-section.ts';
import { chartFigure } from '../../../views/statistics/chart-figure.ts';
import type { ReadySection } from '../../../views/statistics/dashboard.ts';
import { funnelSection } from '../../../views/statistics/funnel-section.ts';
import { residentsSection } from '../../../views/statistics/residents-section.ts';
import { waitsSection } from '../../../views/statistics/waits-section.ts';
import { adoptionModel } from './adoption-model.ts';
import { backlogModel } from './backlog-model.ts';
import { campaignsModel } from './campaigns-model.ts';
import { funnelModel } from './funnel-model.ts';
import { type Dashboard, dashboardChart } from './page-models.ts';
import { residentsModel } from './residents-model.ts';
import { waitsModel } from './waits-model.ts';

/** Sections of the dashboard that are also pages or parts of other pages, in their order. */
/** Of 126 in the city: the rest would be a sixth of the page. */
const UNITS_OF_BACKLOG = 20;

export async function moreSections(chrome: Chrome, page: Dashboard): Promise<readonly ReadySection[]> {
  const { t } = chrome;
  const { locale, reader } = page;
  const funnel = funnelModel(locale, await reader.funnel());
  const funnelPicture = funnel.rows.some(({ ratio }) => ratio > 0) && chartFigure(await dashboardChart(page, 'funnel'));
  const backlog = backlogModel(locale, await reader.backlog(), UNITS_OF_BACKLOG);
  const waits = waitsModel(locale, await reader.waits());
  const waitsPictures = html`<div class="beside">${chartFigure(await dashboardChart(page, 'survival', t('dashboard.survival_key')))}${chartFigure(
    await dashboardChart(page, 'waits', t('dashboard.waits_key')),
  )}</div>`;
  const adoption = await reader.adoption();
  const isUsed = adoption.services.some(({ counts }) => counts !== undefined);
  return [
    {
      id: 'backlog',
      title: t('delays.backlog_title'),
      body: backlogSection(chrome, backlog, backlog.isPublished && chartFigure(await dashboardChart(page, 'backlog'))),
    },
    {
      id: 'waits',
      title: t('delays.waits_title'),
      body: waitsSection(chrome, waits, waits.curve.length > 0 && waitsPictures),
    },
    {
      id: 'ages',
      title: t('dashboard.ages_title'),
      body: residentsSection(
        chrome,
        residentsModel(locale, await reader.residents()),
        chartFigure(await dashboardChart(page, 'ages')),
      ),
    },
    { id: 'funnel', title: t('analysis.funnel_title'), body: funnelSection(chrome, funnel, funnelPicture) },
    {
      id: 'campaigns',
      title: t('analysis.campaigns_title'),
      body: campaignsSection(chrome, campaignsModel(locale, await reader.campaigns())),
    },
    {
      id: 'adoption',
      title: t('adoption.title'),
      body: adoptionSection(
        chrome,
        adoptionModel(locale, adoption),
        isUsed && chartFigure(await dashboardChart(page, 'adoption')),
      ),
    },
  ];
}
