import { html } from 'hono/html';
import type { Content, Html } from '../html.ts';
import { safeHref } from './safe-href.ts';

export type SummaryRow = {
  readonly label: string;
  readonly value: Content;
  /** `about` is read out after `text`, so that ten "Change" links differ: "phone number". */
  readonly action?: { readonly text: string; readonly href: string; readonly about: string } | undefined;
};

/** What was answered or is known, one row a fact, each with its way to change it. */
export function summaryList(rows: readonly SummaryRow[]): Html {
  return html`<dl class="summary-list">${rows.map(
    ({ label, value, action }) =>
      html`<div><dt>${label}</dt><dd>${value}</dd>${
        action &&
        html`<dd class="action"><a href="${safeHref(action.href) ?? '#'}">${action.text}<span class="visually-hidden"> ${action.about}</span></a></dd>`
      }</div>`,
  )}</dl>`;
}
