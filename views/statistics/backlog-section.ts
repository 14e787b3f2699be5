import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dataTable } from '../components/data-table.ts';
import type { Html } from '../html.ts';

export type BacklogModel = {
  readonly isPublished: boolean;
  /** Whether this reader sees the last month's end rather than the day asked for. */
  readonly isMonthly: boolean;
  readonly caption: string;
  readonly rows: readonly { readonly age: string; readonly grants: string }[];
  readonly unitsCaption: string;
  /** Units with their bands and their sum; none where the reader sees the whole alone. */
  readonly units: readonly { readonly name: string; readonly counts: readonly string[] }[];
  readonly bandNames: readonly string[];
};

export function backlogSection({ t }: Chrome, model: BacklogModel, chart?: Html | false): Html {
  const { isPublished, isMonthly, caption, rows, unitsCaption, units, bandNames } = model;
  return html`<section><h2>${t('delays.backlog_title')}</h2>
<p>${t('delays.backlog_definition')}</p>
${isMonthly && html`<p class="hint">${t('delays.monthly')}</p>`}
${
  isPublished
    ? html`<div class="beside">${chart}${dataTable({
        caption,
        columns: [{ text: t('delays.age') }, { text: t('delays.grants'), isNumeric: true }],
        rows: rows.map(({ age, grants }) => [age, grants]),
      })}</div>`
    : html`<p>${t('delays.backlog_hidden')}</p>`
}
${
  units.length > 0 &&
  html`<details><summary>${unitsCaption}</summary>${dataTable({
    caption: unitsCaption,
    columns: [{ text: t('statistics.unit') }, ...bandNames.map((text) => ({ text, isNumeric: true }))],
    rows: units.map(({ name, counts }) => [name, ...counts]),
  })}</details>`
}</section>`;
}
