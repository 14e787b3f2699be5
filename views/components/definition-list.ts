import { html } from 'hono/html';
import type { Content, Html } from '../html.ts';

export type Definition = { readonly term: Content; readonly description: Content };

/** Words and what they mean; facts to be read rather than changed. */
export function definitionList(definitions: readonly Definition[]): Html {
  return html`<dl class="definitions">${definitions.map(
    ({ term, description }) => html`<div><dt>${term}</dt><dd>${description}</dd></div>`,
  )}</dl>`;
}
