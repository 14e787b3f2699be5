import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { linkButton } from '../components/buttons.ts';
import { notice } from '../components/notice.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { type ActivationPart, activationSteps } from './step-labels.ts';

export type GuardianWaitingPageModel = {
  readonly parts: readonly ActivationPart[];
  /** Where the guardian confirms, as an address to be read out or copied. */
  readonly confirmAddress: string;
  readonly until: string;
  readonly isCheckedAgain: boolean;
  /** A helper's device forgets the attempt, so that it cannot be checked from there. */
  readonly mayCheck: boolean;
};

export function guardianWaitingPage(chrome: Chrome, model: GuardianWaitingPageModel): Html {
  const { t } = chrome;
  const { parts, confirmAddress, until, isCheckedAgain, mayCheck } = model;
  return layout(chrome, {
    title: t('activation.guardian_title'),
    narrow: true,
    main: html`${activationSteps(chrome, parts, 'guardian')}
<h1>${t('activation.guardian_title')}</h1>
${isCheckedAgain && notice('info', t('activation.guardian_still_waiting'))}
<p class="lead">${t('activation.guardian_lead')}</p>
<p>${t('activation.guardian_how')}</p>
<p><code class="address">${confirmAddress}</code></p>
<p class="hint">${t('activation.guardian_until', { until })}</p>
${mayCheck ? html`<p class="actions">${linkButton(t('activation.guardian_check'), '/activate/guardian?checked', 'primary')}</p>` : notice('info', t('activation.outcome_assisted'))}`,
  });
}
