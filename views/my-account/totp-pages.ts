import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { dangerButton, primaryButton } from '../components/buttons.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { codeField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import type { Html } from '../html.ts';
import { trustedSvg } from '../trusted-svg.ts';
import { accountPage } from './account-page.ts';
import { passcodeField } from './passcode-field.ts';

export type TotpStartModel = { readonly isEnrolled: boolean; readonly errors: readonly FieldError[] };

/** Before a key is made: what the app is, and the passcode. */
export function totpStartPage(chrome: Chrome, { isEnrolled, errors }: TotpStartModel): Html {
  const { t } = chrome;
  return accountPage(chrome, {
    section: 'methods',
    title: t(isEnrolled ? 'my_account.totp_replace_title' : 'my_account.totp_title'),
    errors,
    body: html`<p class="lead">${t('my_account.totp_lead')}</p>
${isEnrolled && html`<p>${t('my_account.totp_replace_lead')} <a href="/account/methods/totp/remove">${t('my_account.totp_remove')}</a></p>`}
${form(
  chrome,
  { action: '/account/methods/totp' },
  html`${passcodeField(chrome, errors)}
<div class="actions">${primaryButton(t('my_account.totp_start'))} <a href="/account/methods">${t('common.cancel')}</a></div>`,
)}`,
  });
}

export type TotpScanModel = {
  /** SVG of the QR code, drawn by us. */
  readonly qrSvg: string;
  /** In groups of four. */
  readonly key: string;
  readonly until: string;
  readonly errors: readonly FieldError[];
};

export function totpScanPage(chrome: Chrome, { qrSvg, key, until, errors }: TotpScanModel): Html {
  const { t } = chrome;
  return accountPage(chrome, {
    section: 'methods',
    title: t('my_account.totp_scan_title'),
    errors,
    body: html`<p>${t('my_account.totp_scan')}</p>
<div class="qr" role="img" aria-label="${t('my_account.totp_qr')}">${trustedSvg(qrSvg)}</div>
<h2>${t('my_account.totp_key_title')}</h2>
<p>${t('my_account.totp_key')}</p>
<p><code class="key-text" translate="no" id="totp-key">${key}</code></p>
${form(
  chrome,
  { action: '/account/methods/totp/confirm' },
  html`${codeField({
    name: 'code',
    label: t('my_account.totp_code'),
    hint: t('my_account.totp_code_hint', { until }),
    error: errorOf(errors, 'code'),
  })}
<p class="hint">${t('my_account.change_ends_others')}</p>
<div class="actions">${primaryButton(t('my_account.totp_confirm'))} <a href="/account/methods/totp?again">${t('my_account.totp_start_again')}</a></div>`,
)}`,
  });
}

export type TotpRemoveModel = { readonly maskedPhone?: string | undefined; readonly errors: readonly FieldError[] };

export function totpRemovePage(chrome: Chrome, { maskedPhone, errors }: TotpRemoveModel): Html {
  const { t } = chrome;
  return accountPage(chrome, {
    section: 'methods',
    title: t('my_account.totp_remove_title'),
    errors,
    body: html`${
      maskedPhone === undefined
        ? notice('warning', t('my_account.totp_remove_no_phone'))
        : html`<p>${t('my_account.totp_remove_lead', { phone: maskedPhone })}</p>`
    }
${form(
  chrome,
  { action: '/account/methods/totp/remove' },
  html`${passcodeField(chrome, errors)}
<p class="hint">${t('my_account.change_ends_others')}</p>
<div class="actions">${dangerButton(t('my_account.totp_remove'))} <a href="/account/methods">${t('common.cancel')}</a></div>`,
)}`,
  });
}
