import { html } from 'hono/html';
import type { TextKey } from '../../src/i18n/translator.ts';
import { actions, linkButton, secondaryButton } from '../components/buttons.ts';
import { dataTable } from '../components/data-table.ts';
import { form } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import type { Html } from '../html.ts';
import type { DemoChrome } from './demo-chrome.ts';
import { demoLayout } from './demo-layout.ts';

export type HealthEntry = { readonly on: string; readonly what: TextKey; readonly where: TextKey };
export type HealthBookModel = {
  readonly name: string;
  readonly entries: readonly HealthEntry[];
  /** Error code, when the data service refused the token. */
  readonly refused?: string | undefined;
};

export function healthBookPage(chrome: DemoChrome, { name, entries, refused }: HealthBookModel): Html {
  const { t } = chrome;
  const title = t('demo.health_for', { name });
  const refusal = refused !== undefined && [
    html`<p>${t('demo.health_refused_text')}</p>`,
    html`<p>${t('demo.failure_code')}: <code>${refused}</code></p>`,
  ];
  return demoLayout(chrome, {
    title,
    main: html`<h1>${title}</h1>
${refusal && notice('warning', refusal, t('demo.health_refused_title'))}
${
  !refusal &&
  dataTable({
    caption: t('demo.health_records'),
    columns: [{ text: t('demo.health_day') }, { text: t('demo.health_what') }, { text: t('demo.health_where') }],
    rows: entries.map(({ on, what, where }) => [on, t(what), t(where)]),
    onPhone: 'stack',
    emptyText: t('demo.health_unread'),
  })
}
${actions(
  form(chrome, { action: '/read-again' }, secondaryButton(t('demo.health_reload'))),
  linkButton(t('demo.health_new_visit'), '/sign-in', refused === undefined ? 'secondary' : 'primary'),
)}
<section><h2>${t('demo.health_how_title')}</h2><p>${t('demo.health_how')}</p></section>`,
  });
}
