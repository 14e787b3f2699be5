import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import type { Html } from '../html.ts';

/** What is wrong, each with where to look. */
export type AttentionModel = readonly {
  readonly text: string;
  readonly links: readonly { readonly text: string; readonly href: string }[];
}[];

export function attention({ t }: Chrome, signals: AttentionModel): Html {
  return html`<section class="card attention"><h2>${t('dashboard.attention')}</h2>${
    signals.length === 0
      ? html`<p>${t('dashboard.attention_none')}</p>`
      : html`<ul>${signals.map(
          ({ text, links }) =>
            html`<li>${text}${links.map(({ text: name, href }, index) => html`${index > 0 && ','} <a href="${href}" lang="vi">${name}</a>`)}</li>`,
        )}</ul>`
  }</section>`;
}
