import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { primaryButton, secondaryButton } from '../components/buttons.ts';
import { definitionList } from '../components/definition-list.ts';
import { details } from '../components/details.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { checkboxes } from '../components/fields.ts';
import { form } from '../components/form.ts';
import { summaryList } from '../components/summary-list.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';

/** One thing that may be shared: a scope or a single claim, and in words what it holds. */
export type ConsentItem = { readonly name: string; readonly title: string; readonly content?: string | undefined };

export type ConsentPageModel = {
  readonly href: string;
  readonly clientName: string;
  readonly purpose: string;
  readonly essential: readonly ConsentItem[];
  readonly voluntaryScopes: readonly ConsentItem[];
  readonly voluntaryClaims: readonly ConsentItem[];
  /** What stands from earlier consents and is not asked again. */
  readonly given: readonly ConsentItem[];
  readonly errors?: readonly FieldError[] | undefined;
};

/** Nothing is ticked; agreeing and refusing are two buttons of one size. Source: Law 91/2025/QH15 (no default consent, no misleading cues). */
export function consentPage(chrome: Chrome, model: ConsentPageModel): Html {
  const { t } = chrome;
  const { href, clientName: client, purpose, essential, given, errors = [] } = model;
  const title = t('consent.title', { client });
  const decisionError = errorOf(errors, 'decision');
  return layout(chrome, {
    title,
    narrow: true,
    errors,
    main: html`<h1>${title}</h1>
${summaryList([
  ...(purpose === '' ? [] : [{ label: t('consent.purpose'), value: purpose }]),
  { label: t('consent.recipient'), value: client },
])}
${
  essential.length > 0 &&
  html`<h2>${t('consent.essential_title')}</h2>
<p class="hint">${t('consent.essential_lead', { client })}</p>
${items(essential)}`
}
${form(
  chrome,
  { action: `${href}/consent` },
  html`${voluntary(chrome, 'scope', model.voluntaryScopes)}
${voluntary(chrome, 'claim', model.voluntaryClaims)}
${given.length > 0 && details(t('consent.given_title'), items(given))}
<p>${t('consent.withdraw', { client })} ${t('consent.deny_hint', { client })}</p>
${decisionError !== undefined && html`<p class="error" id="decision-error">${decisionError}</p>`}
<div class="actions" role="group" id="decision" tabindex="-1" aria-label="${title}"${decisionError !== undefined && html` aria-describedby="decision-error"`}>${primaryButton(t('consent.allow'), { name: 'decision', value: 'allow' })}
${secondaryButton(t('consent.deny'), { name: 'decision', value: 'deny' })}</div>`,
)}`,
  });
}

function items(list: readonly ConsentItem[]): Html {
  return definitionList(list.map(({ title, content }) => ({ term: title, description: content ?? '' })));
}

function voluntary({ t }: Chrome, name: 'scope' | 'claim', list: readonly ConsentItem[]): Html | false {
  return (
    list.length > 0 &&
    checkboxes({
      name,
      label: t(name === 'scope' ? 'consent.voluntary_scopes' : 'consent.voluntary_claims'),
      hint: t('consent.voluntary_hint'),
      options: list.map((item) => ({ value: item.name, text: item.title, hint: item.content })),
    })
  );
}
