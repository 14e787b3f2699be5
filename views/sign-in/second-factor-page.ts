import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { primaryButton, secondaryButton } from '../components/buttons.ts';
import { details } from '../components/details.ts';
import { errorOf, type FieldError } from '../components/error-summary.ts';
import { codeField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { type Interaction, returnForm } from './interaction-page.ts';

export type SecondFactorPageModel = Interaction & {
  /** `offer`: a message would have to be sent first. */
  readonly kind: 'otp' | 'sms' | 'offer';
  readonly isStepUp: boolean;
  /** Both ways exist for this account. */
  readonly hasApp: boolean;
  /** Masked; undefined when no message can be sent. */
  readonly phone?: string | undefined;
  /** Times of day: of the newest message, and until when its code is good. */
  readonly sent?: string | undefined;
  readonly until?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
};

const TITLES = { otp: 'sign_in.otp_title', sms: 'sign_in.sms_title', offer: 'sign_in.offer_title' } as const;

export function secondFactorPage(chrome: Chrome, model: SecondFactorPageModel): Html {
  const { t } = chrome;
  const { href, clientName: client, kind, errors = [] } = model;
  const title = t(TITLES[kind]);
  return layout(chrome, {
    title,
    narrow: true,
    errors,
    main: html`<h1>${title}</h1>
${model.isStepUp && html`<p class="lead">${t('sign_in.step_up', { client })}</p>`}
${kind === 'offer' ? offer(chrome, model) : codeForm(chrome, model, kind)}
${otherWays(chrome, model)}
<p><a href="${href}?account=other">${t('sign_in.other_account')}</a></p>
${returnForm(chrome, model)}`,
  });
}

function offer(chrome: Chrome, { href, phone = '', hasApp }: SecondFactorPageModel): Html {
  const { t } = chrome;
  const send = form(chrome, { action: `${href}/send-code` }, primaryButton(t('sign_in.send')));
  return html`<p>${t('sign_in.offer', { phone })}</p>
${send}
${hasApp && html`<p><a href="${href}?method=otp">${t('sign_in.use_otp')}</a></p>`}`;
}

function codeForm(chrome: Chrome, model: SecondFactorPageModel, kind: 'otp' | 'sms'): Html {
  const { t } = chrome;
  const { href, phone = '', sent = '', until = '', errors = [] } = model;
  return form(
    chrome,
    { action: `${href}/second-factor` },
    html`<input type="hidden" name="method" value="${kind}">
${codeField({
  name: 'code',
  label: t('sign_in.code'),
  hint: kind === 'otp' ? t('sign_in.otp_hint') : t('sign_in.sms_hint', { phone, sent, until }),
  error: errorOf(errors, 'code'),
})}
${primaryButton(t('common.continue'))}`,
  );
}

function otherWays(chrome: Chrome, model: SecondFactorPageModel): Html | false {
  const { t } = chrome;
  const { href, kind, phone, hasApp } = model;
  if (kind === 'otp') {
    return (
      phone !== undefined &&
      details(
        t('sign_in.otp_trouble'),
        html`<p>${t('sign_in.offer', { phone })}</p>
${form(chrome, { action: `${href}/send-code` }, secondaryButton(t('sign_in.use_sms')))}`,
      )
    );
  }
  return (
    kind === 'sms' &&
    details(
      t('sign_in.other_ways'),
      html`<p>${t('sign_in.resend_hint')}</p>
${form(chrome, { action: `${href}/send-code` }, secondaryButton(t('sign_in.resend')))}
${hasApp && html`<p><a href="${href}?method=otp">${t('sign_in.use_otp')}</a></p>`}`,
    )
  );
}
