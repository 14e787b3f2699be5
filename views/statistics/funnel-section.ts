import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dataTable } from '../components/data-table.ts';
import type { Html } from '../html.ts';

export type FunnelModel = {
  readonly caption: string;
  readonly isPublished: boolean;
  /** Whether all of these attempts are over, so that the figures stay as they are. */
  readonly isSettled: boolean;
  /** Whether this reader sees a month that is over rather than the days asked for. */
  readonly isMonthly: boolean;
  readonly completed: string;
  readonly rows: readonly {
    readonly step: string;
    readonly reached: string;
    readonly passed: string;
    readonly percent: string;
    /** Of all that were started, 0 to 1; for a drawing alone. */
    readonly ratio: number;
    readonly losses: readonly string[];
  }[];
};

export function funnelSection({ t }: Chrome, model: FunnelModel, chart?: Html | false): Html {
  return html`<section><h2>${t('analysis.funnel_title')}</h2>
<p>${t('analysis.funnel_lead')}</p>
${model.isMonthly && html`<p class="hint">${t('analysis.funnel_monthly')}</p>`}
${
  model.isPublished
    ? html`<p><strong>${model.completed}</strong></p>
${chart}
${dataTable({
  caption: model.caption,
  onPhone: 'stack',
  columns: [
    { text: t('analysis.funnel_step') },
    { text: t('analysis.funnel_reached'), isNumeric: true },
    { text: t('analysis.funnel_passed'), isNumeric: true },
    { text: t('analysis.funnel_percent'), isNumeric: true },
    { text: t('analysis.funnel_losses') },
  ],
  rows: model.rows.map((row) => [row.step, row.reached, row.passed, row.percent, lossList(row.losses)]),
})}`
    : html`<p>${t('analysis.funnel_not_published')}</p>`
}
${!model.isSettled && html`<p class="hint">${t('analysis.funnel_unsettled')}</p>`}</section>`;
}

function lossList(losses: readonly string[]): Html | string {
  return losses.length === 0 ? '–' : html`<ul>${losses.map((loss) => html`<li>${loss}</li>`)}</ul>`;
}
