import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { actions, linkButton } from '../components/buttons.ts';
import { summaryList } from '../components/summary-list.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { type AccessModel, accessNote } from './access-note.ts';
import type { FigureModel } from './figure-cell.ts';
import { type FilterModel, filterForm } from './filter-form.ts';
import { type UnitsTableModel, unitsTable } from './units-table.ts';

export type RatesPageModel = {
  readonly asOf: string;
  readonly filter: FilterModel;
  readonly rates: readonly {
    readonly id: string;
    readonly name: string;
    readonly figure: FigureModel;
    readonly numerator: string;
    readonly denominator: string;
    readonly unitRule: string;
    readonly remark: string | undefined;
  }[];
  readonly units: UnitsTableModel;
  readonly access: AccessModel;
  readonly overviewHref: string;
  readonly jsonHref: string;
  readonly csvHref: string;
};

export function ratesPage(chrome: Chrome, model: RatesPageModel): Html {
  const { t } = chrome;
  return layout(chrome, {
    title: t('statistics.data_title'),
    main: html`<h1>${t('statistics.data_title')}</h1>
<p class="lead">${t('statistics.data_lead')}</p>
${filterForm(chrome, model.filter)}
<p class="as-of">${model.asOf}</p>
${actions(
  linkButton(t('statistics.download_csv'), model.csvHref),
  linkButton(t('statistics.download_json'), model.jsonHref),
  html`<a href="${model.overviewHref}">${t('statistics.overview_link')}</a>`,
)}
${model.rates.map((rate) => definition(chrome, rate))}
<p class="hint">${t('statistics.rounding')}</p>
<section><h2>${t('statistics.units_title')}</h2>
${accessNote(chrome, model.access)}
${unitsTable(model.units)}</section>`,
  });
}

function definition({ t }: Chrome, rate: RatesPageModel['rates'][number]): Html {
  const { id, name, figure, numerator, denominator, unitRule, remark } = rate;
  const value = [figure.text, figure.fraction].filter((text) => text !== undefined).join(' · ');
  return html`<section><h2>${name}</h2>${summaryList([
    { label: id, value: html`<strong>${value}</strong>` },
    { label: t('statistics.numerator'), value: numerator },
    { label: t('statistics.denominator'), value: denominator },
    { label: t('statistics.counted_where'), value: unitRule },
  ])}${remark !== undefined && html`<p class="hint">${remark}</p>`}</section>`;
}
