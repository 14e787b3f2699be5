import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dangerButton } from '../components/buttons.ts';
import type { FieldError } from '../components/error-summary.ts';
import { form } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { accountPage } from './account-page.ts';
import { passcodeField } from './passcode-field.ts';

export function lockPage(chrome: Chrome, { errors }: { readonly errors: readonly FieldError[] }): Html {
  const { t } = chrome;
  return accountPage(chrome, {
    section: 'lock',
    title: t('my_account.lock_title'),
    errors,
    body: html`<p class="lead">${t('my_account.lock_lead')}</p>
<h2>${t('my_account.lock_does_title')}</h2>
<ul><li>${t('my_account.lock_does_1')}</li>
<li>${t('my_account.lock_does_2')}</li>
<li>${t('my_account.lock_does_3')}</li></ul>
<h2>${t('my_account.lock_open_title')}</h2>
${notice('warning', t('my_account.lock_open'))}
<p><a href="/account/sessions">${t('my_account.lock_other')}</a></p>
${form(
  chrome,
  { action: '/account/lock' },
  html`${passcodeField(chrome, errors)}
<div class="actions">${dangerButton(t('my_account.lock'))} <a href="/account">${t('common.cancel')}</a></div>`,
)}`,
  });
}

/** The last page of the session that locked the account. */
export function lockedPage(chrome: Chrome): Html {
  const { t } = chrome;
  return layout(chrome, {
    title: t('my_account.locked_title'),
    narrow: true,
    main: html`<h1>${t('my_account.locked_title')}</h1>
${notice('success', t('my_account.locked'))}
<h2>${t('my_account.lock_open_title')}</h2>
<p>${t('my_account.lock_open')}</p>
<p><a href="/">${t('common.home')}</a></p>`,
  });
}
