import { html } from 'hono/html';
import type { Content, Html } from '../html.ts';
import { safeHref } from './safe-href.ts';

/** A link; its bare text when the address is not one we would send a person to. */
export function link(href: string, text: Content): Html {
  const safe = safeHref(href);
  return safe === undefined ? html`${text}` : html`<a href="${safe}">${text}</a>`;
}
