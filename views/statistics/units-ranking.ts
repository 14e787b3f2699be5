import { html } from 'hono/html';
import type { Html } from '../html.ts';
import { type FigureModel, figureCell } from './figure-cell.ts';

export type UnitsRankingModel = {
  readonly caption: string;
  readonly headings: readonly [rank: string, unit: string, rate: string, onTime: string, change: string];
  readonly hiddenSign: string;
  readonly rows: readonly {
    readonly rank: string;
    readonly name: string;
    /** Of the unit's own page. */
    readonly href: string | undefined;
    readonly rate: FigureModel;
    readonly onTime: FigureModel;
    readonly change: string;
  }[];
};

/** Hundred and more rows: no more markup than a row needs. */
export function unitsRanking({ caption, headings, hiddenSign, rows }: UnitsRankingModel): Html {
  return html`<div class="units with-total"><div class="table-frame" role="region" aria-label="${caption}" tabindex="0"><table class="scroll figures"><caption><span>${caption}</span></caption>
<thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ rank, name, href, rate, onTime, change }) =>
      html`<tr><td>${rank}</td><th scope="row" lang="vi">${
        href === undefined ? name : html`<a href="${href}">${name}</a>`
      }</th><td>${figureCell(rate, hiddenSign)}</td><td>${figureCell(onTime, hiddenSign)}</td><td>${change}</td></tr>\n`,
  )}</tbody></table></div></div>`;
}

export type MonthsTableModel = {
  readonly caption: string;
  readonly unitHeading: string;
  readonly months: readonly string[];
  /** One text a month. */
  readonly rows: readonly { readonly name: string; readonly texts: readonly string[] }[];
};

export function monthsTable({ caption, unitHeading, months, rows }: MonthsTableModel): Html {
  return html`<div class="table-frame" role="region" aria-label="${caption}" tabindex="0"><table class="scroll figures months with-total"><caption><span>${caption}</span></caption>
<thead><tr><th scope="col">${unitHeading}</th>${months.map((month) => html`<th scope="col">${month}</th>`)}</tr></thead>
<tbody>${rows.map(({ name, texts }) => html`<tr><th scope="row" lang="vi">${name}</th>${texts.map((text) => html`<td>${text}</td>`)}</tr>\n`)}</tbody></table></div>`;
}
