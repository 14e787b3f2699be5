import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { primaryButton } from '../components/buttons.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { secretField, selectField, textField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import type { Content, Html } from '../html.ts';
import { accountPage } from './account-page.ts';
import { passcodeField } from './passcode-field.ts';

type ErrorsModel = { readonly errors: readonly FieldError[] };

export function changePasswordPage(chrome: Chrome, { errors }: ErrorsModel): Html {
  const { t } = chrome;
  return changePage(
    chrome,
    'password',
    errors,
    html`${secretField({
      name: 'current_password',
      label: t('my_account.current_password'),
      error: errorOf(errors, 'current_password'),
      autocomplete: 'current-password',
    })}
<p class="hint"><a href="/recover">${t('my_account.password_forgot')}</a></p>
${secretField({
  name: 'new_password',
  label: t('activation.password'),
  hint: t('activation.password_hint'),
  error: errorOf(errors, 'new_password'),
  autocomplete: 'new-password',
})}
${passcodeField(chrome, errors)}`,
  );
}

export function changePasscodePage(chrome: Chrome, { errors }: ErrorsModel): Html {
  const { t } = chrome;
  return changePage(
    chrome,
    'passcode',
    errors,
    html`${passcodeField(chrome, errors)}
${secretField({
  name: 'new_passcode',
  label: t('activation.passcode'),
  hint: t('activation.passcode_hint'),
  error: errorOf(errors, 'new_passcode'),
  autocomplete: 'off',
  isNumeric: true,
  maxLength: 6,
})}`,
  );
}

export type ChangeQuestionsModel = ErrorsModel & {
  readonly questions: readonly { readonly value: string; readonly text: string }[];
  readonly chosen: { readonly question1: string; readonly question2: string };
};

export function changeQuestionsPage(chrome: Chrome, model: ChangeQuestionsModel): Html {
  const { t } = chrome;
  const { errors, chosen } = model;
  const pair = (number: 1 | 2, value: string): Html => html`${selectField({
    name: `question_${number}`,
    label: t(`activation.question_${number}`),
    error: errorOf(errors, `question_${number}`),
    options: model.questions,
    value,
    placeholder: t('activation.choose_question'),
  })}
${textField({
  name: `answer_${number}`,
  label: t(`activation.answer_${number}`),
  error: errorOf(errors, `answer_${number}`),
  maxLength: 100,
})}`;
  return changePage(
    chrome,
    'questions',
    errors,
    html`<p>${t('my_account.questions_lead')}</p>
${pair(1, chosen.question1)}
${pair(2, chosen.question2)}
${passcodeField(chrome, errors)}`,
  );
}

function changePage(
  chrome: Chrome,
  part: 'password' | 'passcode' | 'questions',
  errors: readonly FieldError[],
  fields: Content,
): Html {
  const { t } = chrome;
  return accountPage(chrome, {
    section: 'methods',
    title: t(`my_account.${part}_title`),
    errors,
    body: form(
      chrome,
      { action: `/account/methods/${part}` },
      html`${fields}
<p class="hint">${t('my_account.change_ends_others')}</p>
<div class="actions">${primaryButton(t(`my_account.${part}_save`))} <a href="/account/methods">${t('common.cancel')}</a></div>`,
    ),
  });
}
