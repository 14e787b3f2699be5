import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { primaryButton, secondaryButton } from '../components/buttons.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { codeField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { ACTIVATION_PARTS, activationSteps } from './step-labels.ts';

export type CodePageModel = {
  /** Last three digits of the typed phone number. */
  readonly phoneTail: string;
  readonly minutes: number;
  /** Until another code may be asked for; 0 when now. */
  readonly waitSeconds: number;
  readonly isResent: boolean;
  readonly errors: readonly FieldError[];
};

/** The same for a pair that exists and for one that does not. */
export function codePage(chrome: Chrome, model: CodePageModel): Html {
  const { t } = chrome;
  const { phoneTail, minutes, waitSeconds, isResent, errors } = model;
  return layout(chrome, {
    title: t('activation.code_title'),
    errors,
    narrow: true,
    main: html`${activationSteps(chrome, ACTIVATION_PARTS, 'code')}
<h1>${t('activation.code_title')}</h1>
${isResent && notice('success', t('activation.resend_done'))}
<p>${t('activation.code_sent', { tail: phoneTail })}</p>
${form(
  chrome,
  { action: '/activate/code' },
  html`${codeField({
    name: 'code',
    label: t('activation.code'),
    hint: t('activation.code_hint', { minutes }),
    error: errorOf(errors, 'code'),
  })}
<p class="hint">${t('activation.code_never_share')}</p>
<p class="actions">${primaryButton(t('common.continue'))}</p>`,
)}
<h2>${t('activation.resend_title')}</h2>
<p>${t('activation.resend_text')}</p>
${form(
  chrome,
  { action: '/activate/code/resend' },
  html`${waitSeconds > 0 && html`<p class="hint">${t('activation.resend_wait', { seconds: waitSeconds })}</p>`}
<p class="actions">${secondaryButton(t('activation.resend'))} <a href="/activate">${t('activation.start_again')}</a></p>`,
)}`,
  });
}
