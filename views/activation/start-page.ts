import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { primaryButton } from '../components/buttons.ts';
import { details } from '../components/details.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { textField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { ACTIVATION_PARTS, activationSteps } from './step-labels.ts';

export type StartPageModel = {
  readonly values: { readonly citizenId: string; readonly phoneNumber: string };
  readonly errors: readonly FieldError[];
  /** An unfinished attempt of this browser: where it goes on, or that its time is over. */
  readonly attempt?: { readonly href: string } | 'over' | undefined;
  /** Where the visitor came from: a poster's QR code. */
  readonly via?: string | undefined;
};

export function startPage(chrome: Chrome, { values, errors, attempt, via }: StartPageModel): Html {
  const { t } = chrome;
  return layout(chrome, {
    title: t('activation.start_title'),
    errors,
    narrow: true,
    main: html`${activationSteps(chrome, ACTIVATION_PARTS, 'identity')}
<h1>${t('activation.start_title')}</h1>
<p class="lead">${t('activation.start_lead')}</p>
${attempt === 'over' && notice('warning', t('activation.attempt_over'))}
${
  typeof attempt === 'object' &&
  notice(
    'info',
    html`<p>${t('activation.attempt_open')} <a href="${attempt.href}">${t('activation.attempt_go_on')}</a></p>`,
  )
}
${form(
  chrome,
  { action: '/activate' },
  html`${via !== undefined && html`<input type="hidden" name="via" value="${via}">`}
${textField({
  name: 'citizen_id',
  label: t('activation.citizen_id'),
  hint: t('activation.citizen_id_hint'),
  error: errorOf(errors, 'citizen_id'),
  value: values.citizenId,
  inputMode: 'numeric',
  width: 20,
  maxLength: 24,
})}
${textField({
  name: 'phone_number',
  label: t('activation.phone_number'),
  hint: t('activation.phone_number_hint'),
  error: errorOf(errors, 'phone_number'),
  value: values.phoneNumber,
  type: 'tel',
  inputMode: 'tel',
  autocomplete: 'tel',
  width: 20,
  maxLength: 24,
})}
<p class="actions">${primaryButton(t('activation.send_request'))}</p>`,
)}
${details(t('activation.what_follows_title'), html`<p>${t('activation.what_follows')}</p>`)}
${details(t('activation.help_title'), html`<p>${t('activation.help_text')}</p>`)}`,
  });
}
