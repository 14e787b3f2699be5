import { html } from 'hono/html';
import type { Content, Html } from '../html.ts';

/** Help that most people do not need. Works without script. */
export function details(summary: string, content: Content, { isOpen = false } = {}): Html {
  return html`<details${isOpen && html` open`}><summary>${summary}</summary><div class="details-body">${content}</div></details>`;
}
