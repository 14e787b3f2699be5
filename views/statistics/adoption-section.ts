import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dataTable } from '../components/data-table.ts';
import type { Html } from '../html.ts';
import { type FigureModel, figureCell } from './figure-cell.ts';

export type AdoptionModel = {
  readonly caption: string;
  readonly isMonthly: boolean;
  readonly rows: readonly {
    readonly name: string;
    readonly day: string;
    /** Persons, and beside them usage counts. */
    readonly subjects: string;
    readonly signIns: string;
    readonly coverage: readonly { readonly basis: string; readonly figure: FigureModel }[];
  }[];
  readonly totals: readonly {
    readonly name: string;
    readonly topic: string;
    readonly period: string;
    readonly share: string;
    readonly fraction: string;
    readonly source: string;
  }[];
};

export function adoptionSection({ t }: Chrome, model: AdoptionModel, chart?: Html | false): Html {
  return html`<section><h2>${t('adoption.title')}</h2>
<p>${t('adoption.lead')}</p>
${model.isMonthly && html`<p class="hint">${t('adoption.monthly')}</p>`}
${chart}
${dataTable({
  caption: model.caption,
  emptyText: t('adoption.empty'),
  columns: [
    { text: t('adoption.service') },
    { text: t('adoption.as_of') },
    { text: t('adoption.subjects'), isNumeric: true },
    { text: t('adoption.sign_ins'), isNumeric: true },
    { text: t('adoption.coverage') },
  ],
  rows: model.rows.map((row) => [
    row.name,
    row.day,
    row.subjects,
    row.signIns,
    html`${row.coverage.map(({ basis, figure }) => html`<div>${basis}: ${figureCell(figure, '–')}</div>`)}`,
  ]),
})}
<h3>${t('adoption.totals_title')}</h3>
<p>${t('adoption.totals_lead')}</p>
${dataTable({
  caption: t('adoption.totals_title'),
  emptyText: t('adoption.totals_empty'),
  columns: [
    { text: t('adoption.service') },
    { text: t('adoption.topic') },
    { text: t('adoption.period') },
    { text: t('adoption.share'), isNumeric: true },
    { text: t('adoption.source') },
  ],
  rows: model.totals.map((row) => [
    row.name,
    row.topic,
    row.period,
    html`<span class="figure-percent">${row.share}</span> <span class="figure-fraction">${row.fraction}</span>`,
    html`<span lang="vi">${row.source}</span>`,
  ]),
})}</section>`;
}
