import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dataTable } from '../components/data-table.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';

type Dataset = 'rates' | 'channels' | 'backlog' | 'residents' | 'funnel' | 'adoption';

export type OpenDataModel = {
  readonly licence: string;
  readonly least: number;
  readonly datasets: readonly Dataset[];
};

export function openDataPage(chrome: Chrome, { licence, least, datasets }: OpenDataModel): Html {
  const { t } = chrome;
  const file = (name: string, type: string): Html =>
    html`<a href="/statistics/open-data/${name}.${type}">${type.toUpperCase()}</a>`;
  return layout(chrome, {
    title: t('open_data.title'),
    main: html`<h1>${t('open_data.title')}</h1>
<p class="lead">${t('open_data.lead', { least })}</p>
${dataTable({
  caption: t('open_data.caption'),
  onPhone: 'stack',
  columns: [{ text: t('open_data.dataset') }, { text: t('open_data.definition') }, { text: t('open_data.files') }],
  rows: datasets.map((name) => [
    t(`open_data.${name}`),
    t(`open_data.${name}_text`),
    html`${file(name, 'json')} · ${file(name, 'csv')}`,
  ]),
})}
<p>${t('open_data.archive')}</p>
<p>${t('open_data.licence', { licence })}</p>
<p><a href="/statistics/openapi.json">OpenAPI</a> · <a href="/statistics/activation">${t('statistics.data_link')}</a></p>`,
  });
}
