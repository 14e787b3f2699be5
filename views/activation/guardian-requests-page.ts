import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { card, cards } from '../components/card.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';

export type GuardianRequestCard = {
  readonly childName: string;
  readonly href: string;
  readonly askedAt: string;
};

export function guardianRequestsPage(chrome: Chrome, requests: readonly GuardianRequestCard[]): Html {
  const { t } = chrome;
  return layout(chrome, {
    title: t('activation.requests_title'),
    narrow: true,
    main: html`<h1>${t('activation.requests_title')}</h1>
<p class="lead">${t('activation.requests_lead')}</p>
${
  requests.length === 0
    ? html`<p class="empty">${t('activation.requests_none')}</p>`
    : cards(
        requests.map(({ childName, href, askedAt }) =>
          card({
            title: childName,
            href,
            body: html`<p>${t('activation.confirm_asked_at')} ${askedAt}</p><p>${t('activation.requests_open')}</p>`,
          }),
        ),
      )
}`,
  });
}
