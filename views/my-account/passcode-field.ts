import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { secretField } from '../components/fields.ts';
import type { Html } from '../html.ts';

/** What confirms a sensitive act, with the way out for who has forgotten it. */
export function passcodeField({ t }: Chrome, errors: readonly FieldError[]): Html {
  return html`${secretField({
    name: 'passcode',
    label: t('my_account.passcode'),
    hint: t('my_account.passcode_hint'),
    error: errorOf(errors, 'passcode'),
    autocomplete: 'off',
    isNumeric: true,
    maxLength: 6,
  })}
<p class="hint"><a href="/recover?for=passcode">${t('my_account.passcode_forgot')}</a></p>`;
}
