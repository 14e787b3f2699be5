import { html } from 'hono/html';
import type { Html } from '../html.ts';

export type TileLinksModel = {
  readonly columns: number;
  readonly rows: number;
  /** What they are, together. */
  readonly label: string;
  readonly links: readonly {
    readonly column: number;
    readonly row: number;
    readonly href: string;
    readonly name: string;
  }[];
};

/** About as large as a square is on a large page, in pixels (9-statistics.css): what is drawn around a link is so thick as elsewhere. */
const TILE = { width: 82, height: 58 };

/** Links to lie over the drawing of the tiles, which is a picture and holds none. */
export function tileLinks({ columns, rows, label, links }: TileLinksModel): Html {
  return html`<svg class="tile-links" viewBox="0 0 ${columns * TILE.width} ${rows * TILE.height}" preserveAspectRatio="none" role="group" aria-label="${label}">${links.map(
    ({ column, row, href, name }) =>
      html`<a href="${href}" aria-label="${name}"><rect x="${column * TILE.width}" y="${row * TILE.height}"/></a>`,
  )}</svg>`;
}
