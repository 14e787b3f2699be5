import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { primaryButton } from '../components/buttons.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { secretField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import { link } from '../components/link.ts';
import { notice } from '../components/notice.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { type ActivationPart, activationSteps } from './step-labels.ts';

export type SecretPageModel = {
  /** `known_passcode`: the account has one, and it is asked for. */
  readonly secret: 'password' | 'passcode' | 'known_passcode';
  readonly parts: readonly ActivationPart[];
  /** The account was activated before and only gets its secrets here. */
  readonly isCredentialsOnly: boolean;
  readonly errors: readonly FieldError[];
};

export function secretPage(chrome: Chrome, { secret, parts, isCredentialsOnly, errors }: SecretPageModel): Html {
  const { t } = chrome;
  const isPasscode = secret !== 'password';
  const field = isPasscode ? 'passcode' : 'password';
  return layout(chrome, {
    title: t(`activation.${secret}_title`),
    errors,
    narrow: true,
    main: html`${activationSteps(chrome, parts, field)}
<h1>${t(`activation.${secret}_title`)}</h1>
${isCredentialsOnly && !isPasscode && notice('info', t('activation.credentials_notice'))}
<p>${t(`activation.${secret}_lead`)}</p>
${form(
  chrome,
  { action: `/activate/${field}` },
  html`${secretField({
    name: field,
    label: t(`activation.${secret}`),
    hint: t(`activation.${secret}_hint`),
    error: errorOf(errors, field),
    autocomplete: isPasscode ? 'off' : 'new-password',
    isNumeric: isPasscode,
    maxLength: isPasscode ? 6 : 64,
  })}
<p class="actions">${primaryButton(t('common.continue'))}</p>`,
)}
${secret === 'known_passcode' && html`<p>${link('/recover?for=passcode', t('activation.known_passcode_forgotten'))}</p>`}`,
  });
}
