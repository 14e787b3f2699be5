import { html } from 'hono/html';
import type { Content, Html } from '../html.ts';
import { safeHref } from './safe-href.ts';

/** `name` and `value` tell the server which of several buttons was pressed. */
export type ButtonOptions = { readonly name?: string; readonly value?: string };

/** The one thing this page is for. */
export function primaryButton(text: string, options: ButtonOptions = {}): Html {
  return button('primary', text, options);
}

export function secondaryButton(text: string, options: ButtonOptions = {}): Html {
  return button('secondary', text, options);
}

/** For what cannot be taken back. */
export function dangerButton(text: string, options: ButtonOptions = {}): Html {
  return button('danger', text, options);
}

/** Looks like a button, goes like a link: for starting something by GET. */
export function linkButton(text: string, href: string, kind: 'primary' | 'secondary' = 'secondary'): Html {
  return html`<a class="button ${kind}" href="${safeHref(href) ?? '#'}">${text}</a>`;
}

/** Several buttons in a row; one under the other on a phone. */
export function actions(...items: readonly Content[]): Html {
  return html`<div class="actions">${items.map((item) => html`${item}`)}</div>`;
}

function button(kind: string, text: string, { name, value }: ButtonOptions): Html {
  const named = name !== undefined && html` name="${name}" value="${value ?? ''}"`;
  return html`<button type="submit" class="button ${kind}"${named}>${text}</button>`;
}
