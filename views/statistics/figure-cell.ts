import { html } from 'hono/html';
import type { Html } from '../html.ts';

/** A rate as it is shown: its percent (or why there is none) and, beside it, what it is made of. */
export type FigureModel = {
  readonly kind: 'shown' | 'no_basis' | 'suppressed';
  /** `67,8%`, `chưa nạp mẫu số`, `không công bố`. */
  readonly text: string;
  /** `4.220.601 / 6.220.864`, or the numerator alone; undefined when nothing is published. */
  readonly fraction: string | undefined;
};

/** In a table. What is hidden is short there: the page says once what it means. */
export function figureCell(figure: FigureModel, hiddenSign: string): Html {
  if (figure.kind === 'suppressed') return html`<span class="figure-hidden">${hiddenSign}</span>`;
  if (figure.kind === 'no_basis') return html`<span class="figure-fraction">${figure.fraction}</span>`;
  return html`<span class="figure-percent">${figure.text}</span> <span class="figure-fraction">${figure.fraction}</span>`;
}
