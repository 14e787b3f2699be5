import { html } from 'hono/html';
import type { ActivationObstacle } from '../../src/domain/activation-verdict.ts';
import type { Chrome } from '../chrome.ts';
import { linkButton } from '../components/buttons.ts';
import { callButton } from '../components/hotline.ts';
import { notice } from '../components/notice.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { type ActivationPart, activationSteps } from './step-labels.ts';

export type DonePageModel = {
  readonly parts: readonly ActivationPart[];
  readonly outcome: 'activated' | 'credentials_set';
  /** `2`, or `1 + 2`. */
  readonly levels: string;
  readonly at: string;
  /** On a helper's device: signing in is for the citizen's own. */
  readonly isAssisted: boolean;
  /** The last day of another level's time, when that has passed. */
  readonly otherLateDay?: string | undefined;
};

export function donePage(chrome: Chrome, model: DonePageModel): Html {
  const { t } = chrome;
  const { outcome, levels, at, isAssisted, otherLateDay } = model;
  const title = t(`activation.outcome_${outcome}_title`);
  return layout(chrome, {
    title,
    narrow: true,
    main: html`${activationSteps(chrome, model.parts, 'done')}
<h1>${title}</h1>
${notice('success', outcome === 'activated' ? t('activation.outcome_activated', { levels, at }) : t('activation.outcome_credentials_set'))}
<p>${t('activation.outcome_sms')}</p>
${otherLateDay !== undefined && notice('warning', t('activation.outcome_other_level_late', { day: otherLateDay }))}
${
  isAssisted
    ? notice('info', t('activation.outcome_assisted'))
    : html`<h2>${t('activation.outcome_next_title')}</h2>
<p>${t('activation.outcome_next')}</p>
<p class="actions">${linkButton(t('activation.sign_in'), '/account', 'primary')}</p>`
}`,
  });
}

export type StoppedPageModel = {
  readonly outcome: ActivationObstacle | 'overtaken';
  /** For `late`: the last day on which the citizen could activate alone. */
  readonly lateDay: string;
};

/** Where the text says to call. */
const TO_CALL: ReadonlySet<StoppedPageModel['outcome']> = new Set(['late', 'already_active', 'overtaken']);

/** Why it goes no further, and what to do. Only somebody who proved the phone gets here. */
export function stoppedPage(chrome: Chrome, { outcome, lateDay }: StoppedPageModel): Html {
  const { t } = chrome;
  const title = t(`activation.outcome_${outcome}_title`);
  const maySignIn = outcome === 'already_active' || outcome === 'overtaken';
  return layout(chrome, {
    title,
    narrow: true,
    main: html`<h1>${title}</h1>
<p class="lead">${t(`activation.outcome_${outcome}`, { day: lateDay })}</p>
<p>${t(`activation.outcome_${outcome}_do`)}</p>
<p class="actions">${maySignIn ? html`${linkButton(t('activation.sign_in'), '/account', 'primary')} <a href="/recover">${t('activation.recover')}</a>` : linkButton(t('activation.start_again'), '/activate')} ${TO_CALL.has(outcome) && callButton(chrome)}</p>`,
  });
}
