import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { summaryList } from '../components/summary-list.ts';
import type { Html } from '../html.ts';
import { accountPage } from './account-page.ts';

/** Instants ready to print; absent for what was never set. */
export type MethodsModel = {
  readonly passwordSince?: string | undefined;
  readonly passcodeSince?: string | undefined;
  readonly questionsSince?: string | undefined;
  readonly totpSince?: string | undefined;
  readonly maskedPhone?: string | undefined;
  readonly done?: string | undefined;
};

export function methodsPage(chrome: Chrome, model: MethodsModel): Html {
  const { t } = chrome;
  const { totpSince, maskedPhone } = model;
  const since = (at: string | undefined): string =>
    at === undefined ? t('my_account.method_not_set') : t('my_account.method_since', { at });
  const change = (part: 'password' | 'passcode' | 'questions') => ({
    text: t('common.change'),
    href: `/account/methods/${part}`,
    about: t(`my_account.method_${part}`),
  });
  return accountPage(chrome, {
    section: 'methods',
    title: t('my_account.nav_methods'),
    done: model.done,
    body: html`<p class="lead">${t('my_account.methods_lead')}</p>
${summaryList([
  { label: t('my_account.method_password'), value: since(model.passwordSince), action: change('password') },
  {
    label: t('my_account.method_sms'),
    value:
      maskedPhone === undefined
        ? t('my_account.method_no_phone')
        : t('my_account.method_phone', { phone: maskedPhone }),
  },
  {
    label: t('my_account.method_totp'),
    value: totpSince === undefined ? t('my_account.method_off') : t('my_account.method_on_since', { at: totpSince }),
    action: {
      text: totpSince === undefined ? t('my_account.turn_on') : t('common.change'),
      href: '/account/methods/totp',
      about: t('my_account.method_totp'),
    },
  },
  { label: t('my_account.method_passcode'), value: since(model.passcodeSince), action: change('passcode') },
  { label: t('my_account.method_questions'), value: since(model.questionsSince), action: change('questions') },
])}
<p class="hint">${t('my_account.method_level_hint')}</p>`,
  });
}
