import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { linkButton } from '../components/buttons.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';

export type ErrorPageModel = {
  readonly title: string;
  readonly text: string;
  /** What is at fault, by the name that the address or the form gives it. */
  readonly field?: string | undefined;
  /** The request's id: finds the log lines, says nothing about the person. */
  readonly reference: string;
  /** A path of ours that may go well when it is asked for again. */
  readonly retry?: string | undefined;
};

export function errorPage(chrome: Chrome, { title, text, field, reference, retry }: ErrorPageModel): Html {
  const { t } = chrome;
  return layout(chrome, {
    title,
    narrow: true,
    main: html`<h1>${title}</h1>
<p class="lead">${text}</p>
${field !== undefined && html`<p>${t('common.error_field')} <code>${field}</code></p>`}${retry !== undefined && html`<p>${linkButton(t('common.try_again'), retry, 'primary')}</p>`}<p class="reference"><strong>${t('common.reference')}:</strong> <code>${reference}</code></p>
<p class="hint">${t('common.reference_help')}</p>
<p><a href="/">${t('common.home')}</a></p>`,
  });
}
