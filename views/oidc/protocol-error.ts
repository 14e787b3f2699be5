import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { definitionList } from '../components/definition-list.ts';
import { details } from '../components/details.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';

export type ProtocolErrorModel = {
  /** The citizen's own doing: an old page, a lost cookie, too much time. */
  readonly isExpired: boolean;
  /** OAuth's own words, for the service's developers. */
  readonly code: string;
  readonly description: string | undefined;
  readonly reference: string;
};

export function protocolErrorPage(
  chrome: Chrome,
  { isExpired, code, description, reference }: ProtocolErrorModel,
): Html {
  const { t } = chrome;
  const title = t(isExpired ? 'oidc.error_expired_title' : 'oidc.error_title');
  const facts = [
    { term: t('oidc.error_code'), description: html`<code>${code}</code>` },
    ...(description === undefined
      ? []
      : [{ term: t('oidc.error_description'), description: html`<span lang="en">${description}</span>` }]),
  ];
  return layout(chrome, {
    title,
    narrow: true,
    main: html`<h1>${title}</h1>
<p class="lead">${t(isExpired ? 'oidc.error_expired_text' : 'oidc.error_text')}</p>
<p class="reference"><strong>${t('common.reference')}:</strong> <code>${reference}</code></p>
<p class="hint">${t('common.reference_help')}</p>
${details(t('oidc.error_for_developers'), definitionList(facts), { isOpen: !isExpired })}
<p><a href="/">${t('common.home')}</a></p>`,
  });
}
