import { html } from 'hono/html';
import type { Html } from '../html.ts';

export type ChartFigureModel = {
  readonly src: string;
  /** The same for a phone. */
  readonly smallSrc: string;
  /** What the chart says, in a sentence. */
  readonly alt: string;
  readonly large: { readonly width: number; readonly height: number };
  readonly small: { readonly width: number; readonly height: number };
  /** Nothing is drawn: `alt` says so. */
  readonly isEmpty: boolean;
  /** How to read it. */
  readonly key?: string | undefined;
};

/** A picture of its own address. It can be opened by itself: to enlarge, to print, to keep. @param over what lies over it */
export function chartFigure({ src, smallSrc, alt, large, small, key, isEmpty }: ChartFigureModel, over?: Html): Html {
  if (isEmpty) return html`<p class="empty">${alt}</p>`;
  const picture = html`<picture><source media="(width < 40rem)" srcset="${smallSrc}" width="${small.width}" height="${small.height}"><img src="${src}" alt="${alt}" width="${large.width}" height="${large.height}"></picture>`;
  return html`<figure class="chart">${over === undefined ? picture : html`<div class="under-links">${picture}${over}</div>`}${
    key !== undefined && html`<figcaption class="hint">${key}</figcaption>`
  }</figure>`;
}
