import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dataTable } from '../components/data-table.ts';
import type { Html } from '../html.ts';

export type ResidentsModel = {
  readonly caption: string;
  /** Whether this reader sees the last month's end rather than the day asked for. */
  readonly isMonthly: boolean;
  /** What is not told by the figures themselves: ages of an earlier day, people not counted yet. */
  readonly remarks: readonly string[];
  /** Band, then female, male, both ever activated, usable now of both, share of the residents. */
  readonly rows: readonly (readonly [string, string, string, string, string, string])[];
};

export function residentsSection({ t }: Chrome, model: ResidentsModel, chart?: Html | false): Html {
  const numeric = (text: string) => ({ text, isNumeric: true });
  return html`<section><h2>${t('dashboard.ages_title')}</h2>
<p>${t('dashboard.ages_definition')}</p>
${model.isMonthly && html`<p class="hint">${t('statistics.channels_monthly')}</p>`}
${chart}
${dataTable({
  caption: model.caption,
  columns: [
    { text: t('dashboard.age') },
    numeric(t('dashboard.female')),
    numeric(t('dashboard.male')),
    numeric(t('dashboard.both_sexes')),
    numeric(t('dashboard.usable')),
    numeric(t('dashboard.of_residents')),
  ],
  rows: model.rows,
})}
${model.remarks.map((remark) => html`<p class="hint">${remark}</p>`)}</section>`;
}
