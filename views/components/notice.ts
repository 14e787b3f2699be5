import { html } from 'hono/html';
import type { Content, Html } from '../html.ts';

export type NoticeKind = 'info' | 'success' | 'warning' | 'danger';

/** A plain string becomes a paragraph. */
export function notice(kind: NoticeKind, content: Content, title?: string): Html {
  return html`<div class="notice ${kind}">${title !== undefined && html`<p class="notice-title">${title}</p>`}${
    typeof content === 'string' ? html`<p>${content}</p>` : content
  }</div>`;
}
