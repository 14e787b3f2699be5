import { html } from 'hono/html';
import type { TextKey } from '../../src/i18n/translator.ts';
import { primaryButton } from '../components/buttons.ts';
import type { FieldError } from '../components/error-summary.ts';
import { selectField, textField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import { summaryList } from '../components/summary-list.ts';
import { tag } from '../components/tag.ts';
import type { Content, Html } from '../html.ts';
import type { DemoChrome } from './demo-chrome.ts';
import { demoLayout } from './demo-layout.ts';

export type FormField = {
  readonly name: string;
  readonly label: TextKey;
  readonly value: string;
  readonly isPrefilled: boolean;
  readonly claim?: string | undefined;
  readonly options?: Readonly<Record<string, TextKey>> | undefined;
  readonly isOptional?: boolean | undefined;
};

export type ApplicationFormModel = {
  readonly title: string;
  readonly lead: string;
  /** What the person should know before: why something is missing. */
  readonly before?: Content;
  readonly fields: readonly FormField[];
  readonly errors: readonly FieldError[];
};

/** A paper form on a page: what came from the account is marked and read-only, the rest is to be typed. */
export function applicationForm(chrome: DemoChrome, model: ApplicationFormModel): Html {
  const { t } = chrome;
  const prefilled = model.fields.filter((field) => field.isPrefilled);
  const typed = model.fields.filter((field) => !field.isPrefilled);
  return demoLayout(chrome, {
    title: model.title,
    errors: model.errors,
    main: html`<h1>${model.title}</h1>
<p class="lead">${model.lead}</p>
${model.before}
${form(chrome, { action: '/form' }, [
  prefilled.length > 0 &&
    html`<section><h2>${t('demo.form_prefilled')}</h2><p class="hint">${t('demo.form_prefilled_help')}</p>
<div class="form-grid">${prefilled.map((field) => prefilledField(chrome, field))}</div></section>`,
  html`<section><h2>${t('demo.form_typed')}</h2>
<div class="form-grid">${typed.map((field) => typedField(chrome, field, model.errors))}</div></section>`,
  primaryButton(t('demo.form_send')),
])}`,
  });
}

/** Characters that a phone shows in one line. */
const LINE = 30;

/** Read-only rather than disabled: a screen reader stops at it, and it can be copied. */
function prefilledField({ t }: DemoChrome, { name, label, value, claim = '' }: FormField): Html {
  const control =
    value.length > LINE
      ? html`<textarea id="${name}" rows="2" readonly aria-describedby="${name}-source">${value}</textarea>`
      : html`<input id="${name}" type="text" value="${value}" readonly aria-describedby="${name}-source">`;
  return html`<div class="field"><label for="${name}">${t(label)}</label>
${control}
<p class="hint" id="${name}-source">${tag(t('demo.form_from_account'), 'info')} <code>${claim}</code></p></div>`;
}

function typedField({ t }: DemoChrome, field: FormField, errors: readonly FieldError[]): Html {
  const { name, value, options, isOptional } = field;
  const shared = { name, label: t(field.label), value, error: errors.find((one) => one.field === name)?.text };
  if (options === undefined)
    return textField({ ...shared, maxLength: 300, hint: isOptional === true ? t('demo.form_optional') : undefined });
  const choices = Object.entries(options).map(([choice, text]) => ({ value: choice, text: t(text) }));
  return selectField({ ...shared, options: choices, placeholder: t('demo.form_choose') });
}

export function formSentPage(
  chrome: DemoChrome,
  { reference, fields }: { readonly reference: string; readonly fields: readonly FormField[] },
): Html {
  const { t } = chrome;
  const shown = ({ value, options }: FormField): string => {
    const choice = options?.[value];
    return choice === undefined ? value : t(choice);
  };
  const title = t('demo.form_sent_title');
  return demoLayout(chrome, {
    title,
    main: html`<h1>${title}</h1>
${notice('success', t('demo.form_sent_text', { reference }))}
<section><h2>${t('demo.form_sent_list')}</h2>
${summaryList(fields.map((field) => ({ label: t(field.label), value: shown(field) || '—' })))}</section>
<p><a href="/">${t('demo.failure_home')}</a></p>`,
  });
}
