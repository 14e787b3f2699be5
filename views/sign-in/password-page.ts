import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { primaryButton } from '../components/buttons.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { secretField, textField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { type Interaction, returnForm } from './interaction-page.ts';

export type PasswordPageModel = Interaction & {
  readonly citizenId: string;
  /** The relying party wants a fresh sign-in although there is a session. */
  readonly isAgain: boolean;
  readonly errors?: readonly FieldError[] | undefined;
};

export function passwordPage(chrome: Chrome, model: PasswordPageModel): Html {
  const { t } = chrome;
  const { href, clientName: client, citizenId, isAgain, errors = [] } = model;
  return layout(chrome, {
    title: t('sign_in.title'),
    narrow: true,
    errors,
    main: html`<h1>${t('sign_in.title')}</h1>
<p class="lead">${t(isAgain ? 'sign_in.again' : 'sign_in.lead', { client })}</p>
${form(
  chrome,
  { action: `${href}/password` },
  html`${textField({
    name: 'citizen_id',
    label: t('sign_in.citizen_id'),
    hint: t('sign_in.citizen_id_hint'),
    error: errorOf(errors, 'citizen_id'),
    value: citizenId,
    inputMode: 'numeric',
    autocomplete: 'username',
    width: 20,
  })}
${secretField({
  name: 'password',
  label: t('sign_in.password'),
  error: errorOf(errors, 'password'),
  autocomplete: 'current-password',
})}
${primaryButton(t('sign_in.submit'))}`,
)}
<p class="actions"><a href="/recover">${t('sign_in.forgot')}</a> <a href="/activate">${t('sign_in.activate')}</a></p>
${returnForm(chrome, model)}`,
  });
}
