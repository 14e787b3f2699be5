import { html } from 'hono/html';
import type { Content, Html } from '../html.ts';
import { safeHref } from './safe-href.ts';

export type CardModel = {
  readonly title: string;
  readonly body?: Content;
  /** Makes the title a link and the whole card its target. */
  readonly href?: string | undefined;
  /** A tag beside the title. */
  readonly tag?: Html | undefined;
  /** 2 unless the card stands under another heading. */
  readonly headingLevel?: 2 | 3 | undefined;
};

export function card({ title, body, href, tag, headingLevel = 2 }: CardModel): Html {
  const safe = href === undefined ? undefined : safeHref(href);
  const text = safe === undefined ? title : html`<a href="${safe}">${title}</a>`;
  const heading = headingLevel === 2 ? html`<h2>${text}</h2>` : html`<h3>${text}</h3>`;
  return html`<div class="card${safe !== undefined && ' is-link'}"><div class="card-head">${heading}${tag}</div>${
    typeof body === 'string' ? html`<p>${body}</p>` : body
  }</div>`;
}

export function cards(items: readonly Html[]): Html {
  return html`<div class="cards">${items.map((item) => item)}</div>`;
}
