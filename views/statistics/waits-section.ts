import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dataTable } from '../components/data-table.ts';
import { details } from '../components/details.ts';
import type { Html } from '../html.ts';

export type WaitsModel = {
  /** Whether this reader sees the last month's end rather than the day asked for. */
  readonly isMonthly: boolean;
  readonly caption: string;
  /** The whole first, then each week of the notice. A figure is a number, or in words why there is none. */
  readonly rows: readonly {
    readonly name: string;
    readonly notified: string;
    readonly activated: string;
    readonly p50: string;
    readonly p90: string;
  }[];
  /** Days on which the share falls; `waitingPercent` is for drawing. Counts are undefined where they are not published. */
  readonly curve: readonly {
    readonly days: number;
    readonly waiting: string;
    readonly waitingPercent: number;
    readonly atRisk: string | undefined;
    readonly ended: string | undefined;
  }[];
};

/** @param charts above the tables, which are then to be opened */
export function waitsSection(
  { t }: Chrome,
  { isMonthly, caption, rows, curve }: WaitsModel,
  charts?: Html | false,
): Html {
  const numeric = (text: string) => ({ text, isNumeric: true });
  const hasCounts = curve.some(({ atRisk }) => atRisk !== undefined);
  const tables = html`${dataTable({
    caption,
    columns: [
      { text: t('delays.week') },
      numeric(t('delays.notified')),
      numeric(t('delays.activated')),
      numeric(t('delays.p50')),
      numeric(t('delays.p90')),
    ],
    rows: rows.map(({ name, notified, activated, p50, p90 }) => [name, notified, activated, p50, p90]),
  })}
${isMonthly && curve.length > 0 && html`<p class="hint">${t('delays.curve_monthly')}</p>`}
${dataTable({
  caption: t('delays.curve_caption'),
  emptyText: t('delays.curve_hidden'),
  columns: [
    numeric(t('delays.curve_days')),
    ...(hasCounts ? [numeric(t('delays.at_risk')), numeric(t('delays.ended'))] : []),
    numeric(t('delays.still_waiting')),
  ],
  rows: curve.map(({ days, atRisk, ended, waiting }) => [
    `${days}`,
    ...(hasCounts ? [atRisk ?? '', ended ?? ''] : []),
    waiting,
  ]),
})}`;
  return html`<section><h2>${t('delays.waits_title')}</h2>
<p>${t('delays.waits_definition')}</p>
${isMonthly && html`<p class="hint">${t('delays.monthly')}</p>`}
${charts}
${charts === undefined ? tables : details(t('dashboard.chart_table'), tables)}</section>`;
}
