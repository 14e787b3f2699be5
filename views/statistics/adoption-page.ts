import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { type AdoptionModel, adoptionSection } from './adoption-section.ts';

export function adoptionPage(chrome: Chrome, model: AdoptionModel): Html {
  const { t } = chrome;
  return layout(chrome, {
    title: t('adoption.page_title'),
    main: html`<h1>${t('adoption.page_title')}</h1>
${adoptionSection(chrome, model)}
<p><a href="/statistics/adoption.json">${t('statistics.download_json')}</a> · <a href="/statistics">${t('statistics.overview_link')}</a></p>`,
  });
}
