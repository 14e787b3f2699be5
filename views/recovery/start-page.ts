import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { linkButton, primaryButton } from '../components/buttons.ts';
import { details } from '../components/details.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { radios, textField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { recoverySteps } from './recovery-steps.ts';

export type StartPageModel = {
  readonly values: { readonly target: string; readonly citizenId: string; readonly phoneNumber: string };
  readonly errors: readonly FieldError[];
  /** What this browser began before. */
  readonly attempt?: 'over' | { readonly href: string } | undefined;
};

export function startPage(chrome: Chrome, { values, errors, attempt }: StartPageModel): Html {
  const { t } = chrome;
  return layout(chrome, {
    title: t('recovery.start_title'),
    errors,
    narrow: true,
    main: html`${recoverySteps(chrome, 'identity')}
<h1>${t('recovery.start_title')}</h1>
<p class="lead">${t('recovery.start_lead')}</p>
${attempt === 'over' && notice('info', t('recovery.attempt_over'))}
${typeof attempt === 'object' && notice('info', html`<p>${t('recovery.attempt_open')}</p><p>${linkButton(t('recovery.attempt_go_on'), attempt.href)}</p>`)}
${form(
  chrome,
  { action: '/recover' },
  html`${radios({
    name: 'target',
    label: t('recovery.target'),
    error: errorOf(errors, 'target'),
    chosen: [values.target],
    options: (['password', 'passcode'] as const).map((value) => ({
      value,
      text: t(`recovery.target_${value}`),
      hint: t(`recovery.target_${value}_hint`),
    })),
  })}
${textField({
  name: 'citizen_id',
  label: t('activation.citizen_id'),
  hint: t('activation.citizen_id_hint'),
  error: errorOf(errors, 'citizen_id'),
  value: values.citizenId,
  inputMode: 'numeric',
  autocomplete: 'username',
  width: 20,
})}
${textField({
  name: 'phone_number',
  label: t('activation.phone_number'),
  hint: t('activation.phone_number_hint'),
  error: errorOf(errors, 'phone_number'),
  value: values.phoneNumber,
  type: 'tel',
  autocomplete: 'tel',
  width: 20,
})}
<div class="actions">${primaryButton(t('activation.send_request'))}</div>`,
)}
${details(t('recovery.not_activated_title'), html`<p>${t('recovery.not_activated_text')} <a href="/activate">${t('recovery.go_activate')}</a></p>`)}
${details(t('recovery.no_phone_title'), html`<p>${t('recovery.no_phone_text')}</p>`)}`,
  });
}
