import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dataTable } from '../components/data-table.ts';
import type { Html } from '../html.ts';
import { type FigureModel, figureCell } from './figure-cell.ts';

export type ChannelsModel = {
  readonly isPublished: boolean;
  /** Whether this reader sees the last month's end rather than the day asked for. */
  readonly isMonthly: boolean;
  readonly caption: string;
  readonly rows: readonly { readonly name: string; readonly figure: FigureModel }[];
};

export function channelsTable({ t }: Chrome, { isPublished, isMonthly, caption, rows }: ChannelsModel): Html {
  if (!isPublished) return html`<p>${t('statistics.channels_hidden')}</p>`;
  return html`${isMonthly && html`<p class="hint">${t('statistics.channels_monthly')}</p>`}
${dataTable({
  caption,
  columns: [{ text: t('statistics.channel') }, { text: t('statistics.percent'), isNumeric: true }],
  rows: rows.map(({ name, figure }) => [name, figureCell(figure, t('statistics.not_published_sign'))]),
})}`;
}
