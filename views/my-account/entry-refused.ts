import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { linkButton } from '../components/buttons.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';

export type EntryRefusedModel = {
  /** `too_weak`: there is a session, but not one strong enough for what she wanted to do. */
  readonly reason: 'not_signed_in' | 'too_weak';
  readonly again: string;
};

/** The sign-in came back without what it was for. Never a redirect: that would go round in circles. */
export function entryRefusedPage(chrome: Chrome, { reason, again }: EntryRefusedModel): Html {
  const { t } = chrome;
  const isTooWeak = reason === 'too_weak';
  const title = t(isTooWeak ? 'my_account.enter_too_weak_title' : 'my_account.enter_refused_title');
  return layout(chrome, {
    title,
    narrow: true,
    main: html`<h1>${title}</h1>
<p class="lead">${t(isTooWeak ? 'my_account.enter_too_weak' : 'my_account.enter_refused')}</p>
${!isTooWeak && html`<p>${t('my_account.enter_cookies')}</p>`}
<div class="actions">${linkButton(t('my_account.enter_again'), again, 'primary')} ${
      isTooWeak ? html`<a href="/account">${t('my_account.title')}</a>` : html`<a href="/">${t('common.home')}</a>`
    }</div>`,
  });
}
