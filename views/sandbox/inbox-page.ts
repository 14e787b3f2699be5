import { html } from 'hono/html';
import { instantText } from '../../src/i18n/dates.ts';
import type { Chrome } from '../chrome.ts';
import { card } from '../components/card.ts';
import { link } from '../components/link.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';

export type InboxModel = {
  /** A fictional name, or the number that was asked for. */
  readonly title: string;
  readonly messages: readonly { readonly body: string; readonly sentAt: Date }[];
  /** Absent when a number was asked for: the page then has no address to open again. */
  readonly key?: string;
};

/** Every text message to one phone, newest first. */
export function inboxPage(chrome: Chrome, { title, messages, key }: InboxModel): Html {
  const { t, locale } = chrome;
  return layout(chrome, {
    title: t('sandbox.inbox_title', { name: title }),
    narrow: true,
    main: html`<p>${link('/sandbox', t('sandbox.back'))}</p>
<h1>${t('sandbox.inbox_title', { name: title })}</h1>
<p class="lead">${t('sandbox.inbox_lead')}</p>
${key !== undefined && html`<p><a class="button secondary" href="/sandbox/inbox?persona=${key}">${t('sandbox.inbox_reload')}</a></p>`}
${messages.length === 0 && html`<p class="empty">${t('sandbox.inbox_empty')}</p>`}
${messages.map(({ body, sentAt }) => card({ title: instantText(locale, sentAt), body: html`<p lang="vi" class="message">${body}</p>` }))}`,
  });
}
