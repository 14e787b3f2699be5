import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dataTable } from '../components/data-table.ts';
import type { Html } from '../html.ts';

export type CampaignsModel = {
  readonly caption: string;
  readonly rows: readonly {
    readonly name: string;
    readonly note: string;
    readonly days: string;
    readonly units: string;
    /** A number, or in words why there is none. */
    readonly persons: string;
    readonly grants: string;
    readonly personsBefore: string;
    readonly ofTarget: string;
  }[];
  readonly notes: readonly { readonly text: string; readonly note: string }[];
};

export function campaignsSection({ t }: Chrome, { caption, rows, notes }: CampaignsModel): Html {
  return html`<section><h2>${t('analysis.campaigns_title')}</h2>
<p>${t('analysis.campaigns_lead')}</p>
${dataTable({
  caption,
  emptyText: t('analysis.campaigns_empty'),
  columns: [
    { text: t('analysis.campaign') },
    { text: t('analysis.campaign_days') },
    { text: t('analysis.campaign_units') },
    { text: t('analysis.campaign_persons'), isNumeric: true },
    { text: t('analysis.campaign_before'), isNumeric: true },
    { text: t('analysis.campaign_grants'), isNumeric: true },
    { text: t('analysis.campaign_target'), isNumeric: true },
  ],
  rows: rows.map((row) => [
    row.note === '' ? row.name : html`${row.name} <span class="hint" lang="vi">${row.note}</span>`,
    row.days,
    row.units,
    row.persons,
    row.personsBefore,
    row.grants,
    row.ofTarget,
  ]),
})}
${notes.length > 0 && html`<h3>${t('analysis.notes_title')}</h3><ul>${notes.map(({ text, note }) => html`<li>${text}${note !== '' && html` <span class="hint" lang="vi">${note}</span>`}</li>`)}</ul>`}</section>`;
}
