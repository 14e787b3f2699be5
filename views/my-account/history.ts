import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dataTable } from '../components/data-table.ts';
import { notice } from '../components/notice.ts';
import { tag } from '../components/tag.ts';
import type { Html } from '../html.ts';
import { accountPage } from './account-page.ts';

export type HistoryEntryModel = {
  readonly at: string;
  readonly outcome: 'signed_in' | 'wrong_password' | 'wrong_code' | 'refused';
  readonly authLevel?: 1 | 2 | 3 | 4 | undefined;
  readonly service: string;
  readonly deviceLabel?: string | undefined;
};

export type HistoryModel = {
  readonly entries: readonly HistoryEntryModel[];
  /** How long use history is kept. */
  readonly keptYears: number;
  readonly isFirstPage: boolean;
  readonly olderHref?: string | undefined;
};

export function historyPage(chrome: Chrome, { entries, keptYears, isFirstPage, olderHref }: HistoryModel): Html {
  const { t } = chrome;
  return accountPage(chrome, {
    section: 'history',
    title: t('my_account.nav_history'),
    body: html`<p class="lead">${t('my_account.history_lead', { years: keptYears })}</p>
${notice(
  'info',
  html`<p>${t('my_account.history_not_you')}</p>
<p><a href="/account/methods/password">${t('my_account.password_title')}</a> · <a href="/account/sessions">${t('my_account.nav_sessions')}</a> · <a href="/account/lock">${t('my_account.nav_lock')}</a></p>`,
)}
${dataTable({
  caption: t('my_account.history_caption'),
  onPhone: 'stack',
  emptyText: t('my_account.history_none'),
  columns: [
    { text: t('my_account.history_when') },
    { text: t('my_account.history_what') },
    { text: t('my_account.history_where') },
    { text: t('my_account.history_device') },
  ],
  rows: entries.map((entry) => [
    entry.at,
    outcome(chrome, entry),
    entry.service,
    entry.deviceLabel ?? t('my_account.session_unknown_device'),
  ]),
})}
<p class="actions">${!isFirstPage && html`<a href="/account/history">${t('my_account.history_newest')}</a>`}
${olderHref !== undefined && html`<a href="${olderHref}">${t('my_account.history_older')}</a>`}</p>`,
  });
}

/** In a word, and under it what more there is to say. */
function outcome({ t }: Chrome, { outcome: kind, authLevel }: HistoryEntryModel): Html {
  const more =
    kind === 'refused'
      ? t('my_account.history_refused_why')
      : authLevel !== undefined && t(`my_account.session_auth_${authLevel}`);
  return html`${tag(t(`my_account.history_${kind}`), kind === 'signed_in' ? 'success' : 'warning')}${more && html` ${more}`}`;
}
