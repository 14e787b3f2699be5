import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import type { Html } from '../html.ts';

/** `field` is the name of the form field, which is also its element id; '' for an error of the page as a whole. */
export type FieldError = { readonly field: string; readonly text: string };

/** The text beside one field, if it has an error. */
export function errorOf(errors: readonly FieldError[], field: string): string | undefined {
  return errors.find((error) => error.field === field)?.text;
}

/** Lists every error with a link to its field, and takes the focus when the page opens (`autofocus`: no script needed). */
export function errorSummary(chrome: Chrome, errors: readonly FieldError[]): Html {
  if (errors.length === 0) return html``;
  return html`<div class="error-summary" role="alert" tabindex="-1" autofocus aria-labelledby="error-summary-title">
<h2 id="error-summary-title">${chrome.t('common.error_summary')}</h2>
<ul>${errors.map(({ field, text }) => html`<li>${field === '' ? text : html`<a href="#${field}">${text}</a>`}</li>`)}</ul>
</div>`;
}
