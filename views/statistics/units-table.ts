import { html } from 'hono/html';
import { dataTable } from '../components/data-table.ts';
import type { Html } from '../html.ts';
import { type FigureModel, figureCell } from './figure-cell.ts';

export type UnitsTableModel = {
  readonly caption: string;
  readonly unitHeading: string;
  readonly hiddenSign: string;
  readonly rates: readonly { readonly id: string; readonly name: string }[];
  /** Whether the first row is all units together. */
  readonly hasTotal: boolean;
  readonly rows: readonly {
    readonly name: string;
    /** "before 1 July 2025", for a unit that is no more. */
    readonly remark: string | undefined;
    readonly figures: Readonly<Record<string, FigureModel>>;
  }[];
};

export function unitsTable({ caption, unitHeading, hiddenSign, rates, hasTotal, rows }: UnitsTableModel): Html {
  return html`<div class="units unit-rates${hasTotal && ' with-total'}">${dataTable({
    caption,
    columns: [{ text: unitHeading }, ...rates.map(({ name }) => ({ text: name, isNumeric: true }))],
    rows: rows.map(({ name, remark, figures }) => [
      html`<span lang="vi">${name}</span>${remark !== undefined && html` <span class="hint">(${remark})</span>`}`,
      ...rates.map(({ id }) => {
        const figure = figures[id];
        return figure === undefined ? '' : figureCell(figure, hiddenSign);
      }),
    ]),
  })}</div>`;
}
