import { html } from 'hono/html';
import type { Locale } from '../../src/i18n/translator.ts';
import type { Chrome } from '../chrome.ts';
import { dangerButton } from '../components/buttons.ts';
import { card, cards } from '../components/card.ts';
import { definitionList } from '../components/definition-list.ts';
import type { FieldError } from '../components/error-summary.ts';
import { form } from '../components/form.ts';
import type { Html } from '../html.ts';
import { accountPage } from './account-page.ts';
import { passcodeField } from './passcode-field.ts';

export type ServiceCardModel = {
  readonly href: string;
  readonly name: string;
  readonly first: string;
  readonly last: string;
};

export type ServicesModel = { readonly services: readonly ServiceCardModel[]; readonly done?: string | undefined };

export function servicesPage(chrome: Chrome, { services, done }: ServicesModel): Html {
  const { t } = chrome;
  return accountPage(chrome, {
    section: 'services',
    title: t('my_account.nav_services'),
    done,
    body: html`<p class="lead">${t('my_account.services_lead')}</p>
${
  services.length === 0
    ? html`<p class="empty">${t('my_account.services_none')}</p>`
    : cards(
        services.map(({ href, name, first, last }) =>
          card({
            title: name,
            href,
            body: html`<p>${t('my_account.service_since', { day: first, last })}</p>
<p class="hint">${t('my_account.service_open')}</p>`,
          }),
        ),
      )
}`,
  });
}

export type ServiceModel = {
  readonly action: string;
  readonly name: string;
  /** In the language in which it was agreed to. */
  readonly purpose: string;
  readonly purposeLocale: Locale;
  readonly first: string;
  readonly last: string;
  readonly allowed: readonly { readonly title: string; readonly content: string }[];
  readonly refused: readonly string[];
  readonly errors: readonly FieldError[];
};

export function servicePage(chrome: Chrome, model: ServiceModel): Html {
  const { t } = chrome;
  const { name: service, allowed, refused, errors } = model;
  return accountPage(chrome, {
    section: 'services',
    title: service,
    errors,
    body: html`${definitionList([
      {
        term: t('my_account.service_purpose'),
        description: html`<span lang="${model.purposeLocale}">${model.purpose}</span>`,
      },
      { term: t('my_account.service_first'), description: model.first },
      { term: t('my_account.service_last'), description: model.last },
    ])}
<section><h2>${t('my_account.service_allowed')}</h2>
${definitionList(allowed.map(({ title, content }) => ({ term: title, description: content })))}</section>
${
  refused.length > 0 &&
  html`<section><h2>${t('my_account.service_refused')}</h2>
<p>${t('my_account.service_refused_lead')}</p>
<ul>${refused.map((item) => html`<li>${item}</li>`)}</ul></section>`
}
<section><h2>${t('my_account.withdraw_title')}</h2>
<ul><li>${t('my_account.withdraw_now', { service })}</li>
<li>${t('my_account.withdraw_past', { service })}</li>
<li>${t('my_account.withdraw_again', { service })}</li></ul>
${form(
  chrome,
  { action: model.action },
  html`${passcodeField(chrome, errors)}
<div class="actions">${dangerButton(t('my_account.withdraw'))} <a href="/account/services">${t('common.back')}</a></div>`,
)}</section>`,
  });
}
