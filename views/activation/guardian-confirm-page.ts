import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { linkButton, primaryButton } from '../components/buttons.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { secretField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import { summaryList } from '../components/summary-list.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';

export type GuardianConfirmPageModel = {
  readonly action: string;
  readonly childName: string;
  readonly maskedCitizenId: string;
  /** Absent when only the child's secrets are set. */
  readonly accountLevel?: 1 | 2 | undefined;
  readonly askedAt: string;
  readonly until: string;
  readonly errors: readonly FieldError[];
};

export function guardianConfirmPage(chrome: Chrome, model: GuardianConfirmPageModel): Html {
  const { t } = chrome;
  const { accountLevel, errors } = model;
  const level =
    accountLevel === undefined
      ? t('activation.confirm_credentials_only')
      : t('activation.confirm_level_value', { level: accountLevel });
  return layout(chrome, {
    title: t('activation.confirm_title'),
    errors,
    narrow: true,
    main: html`<h1>${t('activation.confirm_title')}</h1>
${summaryList([
  { label: t('activation.confirm_name'), value: html`<span lang="vi">${model.childName}</span>` },
  { label: t('activation.confirm_citizen_id'), value: model.maskedCitizenId },
  { label: t('activation.confirm_level'), value: level },
  { label: t('activation.confirm_asked_at'), value: model.askedAt },
  { label: t('activation.confirm_until'), value: model.until },
])}
${notice('warning', t('activation.confirm_warning'))}
${form(
  chrome,
  { action: model.action },
  html`${secretField({
    name: 'passcode',
    label: t('activation.confirm_passcode'),
    hint: t('activation.confirm_passcode_hint'),
    error: errorOf(errors, 'passcode'),
    autocomplete: 'off',
    isNumeric: true,
    maxLength: 6,
  })}
<p class="actions">${primaryButton(t('activation.confirm'))}</p>`,
)}`,
  });
}

export type GuardianSettledPageModel = {
  readonly kind: 'confirmed' | 'confirm_not_done' | 'sign_in_first';
};

/** The request is settled one way or the other, or the guardian is not signed in yet. */
export function guardianSettledPage(chrome: Chrome, { kind }: GuardianSettledPageModel): Html {
  const { t } = chrome;
  const title = t(`activation.${kind}_title`);
  const next =
    kind === 'sign_in_first'
      ? linkButton(t('activation.sign_in'), '/account', 'primary')
      : html`<a href="/activate/guardian/requests">${t('activation.to_requests')}</a>`;
  return layout(chrome, {
    title,
    narrow: true,
    main: html`<h1>${title}</h1>
<p class="lead">${t(`activation.${kind}_lead`)}</p>
<p class="actions">${next}</p>`,
  });
}
