import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dataTable } from '../components/data-table.ts';
import type { Html } from '../html.ts';

export type RebuiltModel = {
  readonly caption: string;
  /** On which units of the other geography it draws, and with how much of each. */
  readonly draws: readonly string[];
  /** The latest first. */
  readonly rows: readonly {
    readonly day: string;
    readonly percent: string;
    /** Approximate numbers say so themselves. */
    readonly activated: string;
    readonly notified: string;
    readonly persons: string;
    readonly isApproximate: boolean;
  }[];
};

/** A unit's series across 1 July 2025. Never in one table with what was counted. */
export function rebuiltSection({ t }: Chrome, { caption, draws, rows }: RebuiltModel): Html {
  return html`<section><h2>${t('analysis.rebuilt_title')}</h2>
<p>${t('analysis.rebuilt_method')}</p>
<ul>${draws.map((draw) => html`<li>${draw}</li>`)}</ul>
${dataTable({
  caption,
  columns: [
    { text: t('statistics.day') },
    { text: t('statistics.rate.activation_of_granted'), isNumeric: true },
    { text: t('analysis.rebuilt_activated'), isNumeric: true },
    { text: t('analysis.rebuilt_notified'), isNumeric: true },
    { text: t('analysis.rebuilt_persons'), isNumeric: true },
    { text: t('analysis.rebuilt_kind') },
  ],
  rows: rows.map((row) => [
    row.day,
    row.percent,
    row.activated,
    row.notified,
    row.persons,
    t(row.isApproximate ? 'analysis.rebuilt_approximate' : 'analysis.rebuilt_counted'),
  ]),
})}</section>`;
}
