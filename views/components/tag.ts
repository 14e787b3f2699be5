import { html } from 'hono/html';
import type { Html } from '../html.ts';

export type TagKind = 'neutral' | 'info' | 'success' | 'warning' | 'danger';

/** A state in a word or two. The colour only repeats what the text says. */
export function tag(text: string, kind: TagKind = 'neutral'): Html {
  return html`<span class="tag ${kind}">${text}</span>`;
}
