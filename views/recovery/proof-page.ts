import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { primaryButton } from '../components/buttons.ts';
import { details } from '../components/details.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { codeField, textField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { recoverySteps } from './recovery-steps.ts';

export type ProofPageModel = { readonly proof: 'otp' | 'card'; readonly errors: readonly FieldError[] };

/** Only somebody who proved the phone gets here. */
export function proofPage(chrome: Chrome, { proof, errors }: ProofPageModel): Html {
  const { t } = chrome;
  const shared = {
    label: t(`recovery.${proof}`),
    hint: t(`recovery.${proof}_hint`),
  };
  return layout(chrome, {
    title: t(`recovery.${proof}_title`),
    errors,
    narrow: true,
    main: html`${recoverySteps(chrome, 'proof')}
<h1>${t(`recovery.${proof}_title`)}</h1>
<p class="lead">${t(`recovery.${proof}_lead`)}</p>
${form(
  chrome,
  { action: '/recover/proof' },
  html`${
    proof === 'otp'
      ? codeField({ ...shared, name: 'code', error: errorOf(errors, 'code') })
      : textField({
          ...shared,
          name: 'card_issued_on',
          error: errorOf(errors, 'card_issued_on'),
          width: 12,
          maxLength: 12,
        })
  }
<div class="actions">${primaryButton(t('common.continue'))}</div>`,
)}
${details(t('recovery.proof_help_title'), html`<p>${t('recovery.proof_help')}</p>`)}`,
  });
}
