import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { actions, secondaryButton } from '../components/buttons.ts';
import { dataTable } from '../components/data-table.ts';
import { type Option, selectField, textField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { type FigureModel, figureCell } from './figure-cell.ts';

export type ComparisonPageModel = {
  readonly isPublic: boolean;
  readonly units: readonly Option[];
  /** What the form was sent with; '' where nothing was chosen. */
  readonly chosen: {
    readonly unit: string;
    readonly asOf: string;
    readonly withUnit: string;
    readonly withAsOf: string;
  };
  /** Undefined where nothing was asked for yet. */
  readonly table: ComparisonTableModel | undefined;
  readonly jsonHref: string;
};

export type ComparisonTableModel = {
  readonly caption: string;
  readonly first: string;
  readonly second: string;
  readonly rows: readonly {
    readonly name: string;
    readonly first: FigureModel;
    readonly second: FigureModel;
    readonly count: string;
    /** Percentage points, or why there are none. */
    readonly points: string;
    readonly isComparable: boolean;
  }[];
};

export function comparisonPage(chrome: Chrome, model: ComparisonPageModel): Html {
  const { t } = chrome;
  return layout(chrome, {
    title: t('analysis.compare_title'),
    main: html`<h1>${t('analysis.compare_title')}</h1>
<p class="lead">${t('analysis.compare_lead')}</p>
${model.isPublic && html`<p class="hint">${t('analysis.compare_public')}</p>`}
${comparisonForm(chrome, model)}
${model.table !== undefined && html`${comparisonTable(chrome, model.table)}<p class="hint">${t('statistics.rounding')}</p>`}
${actions(
  model.table !== undefined && html`<a href="${model.jsonHref}">${t('statistics.download_json')}</a>`,
  html`<a href="/statistics">${t('statistics.overview_link')}</a>`,
)}`,
  });
}

function comparisonForm(chrome: Chrome, { units, chosen }: ComparisonPageModel): Html {
  const { t } = chrome;
  return html`<section class="filter" aria-label="${t('analysis.compare_button')}">${form(
    chrome,
    { action: '/statistics/compare', method: 'get' },
    [
      selectField({ name: 'unit', label: t('analysis.compare_unit'), value: chosen.unit, options: units }),
      textField({ name: 'as_of', label: t('analysis.compare_day'), type: 'date', value: chosen.asOf }),
      selectField({
        name: 'with_unit',
        label: t('analysis.compare_with_unit'),
        value: chosen.withUnit,
        options: [{ value: '', text: t('analysis.compare_same_unit') }, ...units],
      }),
      textField({ name: 'with_as_of', label: t('analysis.compare_with_day'), type: 'date', value: chosen.withAsOf }),
      secondaryButton(t('analysis.compare_button')),
    ],
  )}</section>`;
}

function comparisonTable({ t }: Chrome, { caption, first, second, rows }: ComparisonTableModel): Html {
  const hidden = t('statistics.not_published_sign');
  return html`<div class="comparison">${dataTable({
    caption,
    onPhone: 'stack',
    columns: [
      { text: t('analysis.compare_rate') },
      { text: first, isNumeric: true },
      { text: second, isNumeric: true },
      { text: t('analysis.compare_count'), isNumeric: true },
      // Often a sentence: why there is none.
      { text: t('analysis.compare_points') },
    ],
    rows: rows.map((row) => [
      row.name,
      figureCell(row.first, hidden),
      figureCell(row.second, hidden),
      row.count,
      row.isComparable ? html`<strong>${row.points}</strong>` : row.points,
    ]),
  })}</div>`;
}
