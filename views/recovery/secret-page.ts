import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { primaryButton } from '../components/buttons.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { secretField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { recoverySteps } from './recovery-steps.ts';

export type SecretPageModel = { readonly target: 'password' | 'passcode'; readonly errors: readonly FieldError[] };

export function secretPage(chrome: Chrome, { target, errors }: SecretPageModel): Html {
  const { t } = chrome;
  const isPasscode = target === 'passcode';
  return layout(chrome, {
    title: t(`recovery.${target}_title`),
    errors,
    narrow: true,
    main: html`${recoverySteps(chrome, 'secret')}
<h1>${t(`recovery.${target}_title`)}</h1>
${form(
  chrome,
  { action: '/recover/secret' },
  html`${secretField({
    name: target,
    label: t(`activation.${target}`),
    hint: t(`activation.${target}_hint`),
    error: errorOf(errors, target),
    autocomplete: isPasscode ? 'off' : 'new-password',
    isNumeric: isPasscode,
    maxLength: isPasscode ? 6 : undefined,
  })}
<p class="hint">${t('recovery.secret_ends')}</p>
<div class="actions">${primaryButton(t(`recovery.${target}_save`))}</div>`,
)}`,
  });
}
