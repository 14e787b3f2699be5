import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dataTable } from '../components/data-table.ts';
import type { Html } from '../html.ts';

export type PublishedModel = readonly {
  readonly topic: string;
  /** As published; in words where no day was. */
  readonly day: string;
  readonly percent: string;
  /** `4.220.601 / 6.220.864`, or the numerator alone. */
  readonly fraction: string;
  readonly basis: string;
  readonly source: string;
}[];

/** What others published, with what it was divided by: a reader who compares two lines must see first that they cannot be compared. */
export function publishedTable({ t }: Chrome, rows: PublishedModel): Html {
  return html`<p>${t('statistics.published_lead')}</p>
${dataTable({
  caption: t('statistics.published_title'),
  columns: [
    { text: t('statistics.published_topic') },
    { text: t('statistics.day') },
    { text: t('statistics.percent'), isNumeric: true },
    { text: `${t('statistics.numerator')} / ${t('statistics.denominator')}`, isNumeric: true },
    { text: t('statistics.denominator') },
    { text: t('statistics.published_source') },
  ],
  rows: rows.map(({ topic, day, percent, fraction, basis, source }) => [
    topic,
    day,
    percent,
    fraction,
    basis,
    html`<span lang="vi">${source}</span>`,
  ]),
})}`;
}
