import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { primaryButton } from '../components/buttons.ts';
import { secretField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';

/** Where an official enters the code by which all figures are shown. */
export function tokenPage(chrome: Chrome, { isWrong }: { readonly isWrong: boolean }): Html {
  const { t } = chrome;
  const error = isWrong ? t('statistics.token_wrong') : undefined;
  return layout(chrome, {
    title: t('statistics.token_title'),
    narrow: true,
    errors: error === undefined ? [] : [{ field: 'token', text: error }],
    main: html`<h1>${t('statistics.token_title')}</h1>
<p>${t('statistics.token_lead')}</p>
${form(chrome, { action: '/statistics/token' }, [
  secretField({
    name: 'token',
    label: t('statistics.token_field'),
    hint: t('statistics.token_hint'),
    error,
    autocomplete: 'off',
  }),
  primaryButton(t('statistics.token_button')),
])}`,
  });
}
