import { html } from 'hono/html';
import type { Content, Html } from '../html.ts';

export type Column = { readonly text: string; readonly isNumeric?: boolean | undefined };
export type DataTableModel = {
  /** What the table says, in a sentence: read first by a screen reader, seen above the table. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** One cell a column; the first cell of a row is its heading. */
  readonly rows: readonly (readonly Content[])[];
  /** `stack`: on a phone each row becomes a card. `scroll` (for figures to be compared): the table scrolls within its frame. */
  readonly onPhone?: 'stack' | 'scroll' | undefined;
  /** Shown in place of a table without rows. */
  readonly emptyText?: string | undefined;
};

export function dataTable({ caption, columns, rows, onPhone = 'scroll', emptyText }: DataTableModel): Html {
  if (rows.length === 0 && emptyText !== undefined) return html`<p class="empty">${emptyText}</p>`;
  const numbersFrom = onPhone === 'scroll' ? firstOfNumbers(columns) : undefined;
  // What the table says of its columns no cell has to say.
  const named = numbersFrom === undefined ? columns : columns.map(({ text }) => ({ text }));
  const table = html`<table class="${onPhone}${numbersFrom !== undefined && ` numbers-from-${numbersFrom}`}">
<caption><span>${caption}</span></caption>
<thead><tr>${named.map((column) => html`<th scope="col"${numeric(column)}>${column.text}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${named.map((column, index) => cell(column, row[index], { index, onPhone }))}</tr>\n`)}</tbody>
</table>`;
  // A frame that scrolls must be reachable by keyboard, and then it needs a name (WCAG 2.1.1).
  return onPhone === 'scroll'
    ? html`<div class="table-frame" role="region" aria-label="${caption}" tabindex="0">${table}</div>`
    : html`<div class="table-frame">${table}</div>`;
}

/** The place of the first of several columns of numbers at the end, when the style sheet has a rule for it. */
function firstOfNumbers(columns: readonly Column[]): number | undefined {
  const from = columns.findIndex(({ isNumeric }) => isNumeric === true) + 1;
  const isToTheEnd = columns.slice(from - 1).every(({ isNumeric }) => isNumeric === true);
  return from >= 1 && from <= 3 && isToTheEnd ? from : undefined;
}

function cell(
  column: Column,
  content: Content,
  { index, onPhone }: { index: number; onPhone: 'stack' | 'scroll' },
): Html {
  if (index === 0) return html`<th scope="row"${numeric(column)}>${content}</th>`;
  return html`<td${numeric(column)}${onPhone === 'stack' && html` data-label="${column.text}"`}>${content}</td>`;
}

function numeric(column: Column): Html | false {
  return column.isNumeric === true && html` class="numeric"`;
}
