import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { linkButton } from '../components/buttons.ts';
import { callButton } from '../components/hotline.ts';
import { notice } from '../components/notice.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { type Interaction, returnForm } from './interaction-page.ts';

export type ThrottledPageModel = Interaction & {
  readonly of: 'password' | 'code';
  /** A length of time, and the time of day at which it ends. */
  readonly wait: string;
  readonly until: string;
};

/** Too many wrong tries: when to come back, and that nothing worse has happened. */
export function throttledPage(chrome: Chrome, model: ThrottledPageModel): Html {
  const { t } = chrome;
  const { href, of, wait, until } = model;
  return layout(chrome, {
    title: t('sign_in.throttled_title'),
    narrow: true,
    main: html`<h1>${t('sign_in.throttled_title')}</h1>
${notice('warning', t(of === 'password' ? 'sign_in.throttled_password' : 'sign_in.throttled_code', { wait, until }))}
<p>${t('sign_in.throttled_not_locked')}</p>
${of === 'password' && html`<p>${t('sign_in.throttled_known_device')}</p>`}
<p class="actions">${linkButton(t('common.try_again'), `${href}?account=other`)} <a href="/recover">${t('sign_in.forgot')}</a></p>
${returnForm(chrome, model)}`,
  });
}

export type DeadEndPageModel = Interaction & {
  readonly title: string;
  readonly text: string;
  readonly todo: string;
  /** The holder can end it herself, by activating. */
  readonly isActivationOpen?: boolean | undefined;
  /** What to do begins with a call. */
  readonly isToCall?: boolean | undefined;
  /** Says that the relying party does not learn the reason: true wherever it is about the person. */
  readonly isPrivate: boolean;
};

/** The request cannot be fulfilled: why, what the person can do, and the way back. */
export function deadEndPage(chrome: Chrome, model: DeadEndPageModel): Html {
  const { t } = chrome;
  const { title, text, todo, clientName: client, isPrivate, isActivationOpen = false, isToCall = false } = model;
  return layout(chrome, {
    title,
    narrow: true,
    main: html`<h1>${title}</h1>
<p class="lead">${text}</p>
<h2>${t('sign_in.what_to_do')}</h2>
<p>${todo}</p>
${isActivationOpen && html`<p>${linkButton(t('sign_in.go_activate'), '/activate', 'primary')}</p>`}
${isToCall && html`<p class="actions">${callButton(chrome)}</p>`}
${isPrivate && html`<p class="hint">${t('sign_in.not_told', { client })}</p>`}
${returnForm(chrome, model)}`,
  });
}
