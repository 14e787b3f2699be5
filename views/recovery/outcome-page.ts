import { html } from 'hono/html';
import type { RecoveryObstacle, RecoveryTarget } from '../../src/domain/recovery.ts';
import type { Chrome } from '../chrome.ts';
import { linkButton } from '../components/buttons.ts';
import { callButton } from '../components/hotline.ts';
import { notice } from '../components/notice.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { recoverySteps } from './recovery-steps.ts';

export function recoveredPage(chrome: Chrome, { target }: { readonly target: RecoveryTarget }): Html {
  const { t } = chrome;
  const title = t(`recovery.recovered_${target}_title`);
  return layout(chrome, {
    title,
    narrow: true,
    main: html`${recoverySteps(chrome, 'done')}
<h1>${title}</h1>
${notice('success', t('recovery.recovered'))}
<div class="actions">${linkButton(t('recovery.sign_in'), '/account', 'primary')}</div>`,
  });
}

export type StoppedPageModel = { readonly outcome: RecoveryObstacle | 'overtaken' | 'proof_tries_used_up' };

/** Where the text says to call. */
const TO_CALL: ReadonlySet<StoppedPageModel['outcome']> = new Set(['locked', 'proof_tries_used_up', 'overtaken']);

/** Why it goes no further, and what to do. Only somebody who proved the phone gets here. */
export function stoppedPage(chrome: Chrome, { outcome }: StoppedPageModel): Html {
  const { t } = chrome;
  const title = t(`recovery.outcome_${outcome}_title`);
  return layout(chrome, {
    title,
    narrow: true,
    main: html`<h1>${title}</h1>
<p class="lead">${t(`recovery.outcome_${outcome}`)}</p>
<p>${t(`recovery.outcome_${outcome}_do`)}</p>
<div class="actions">${wayOut(chrome, outcome)} ${TO_CALL.has(outcome) && callButton(chrome)}</div>`,
  });
}

function wayOut({ t }: Chrome, outcome: StoppedPageModel['outcome']): Html {
  if (outcome === 'not_activated') return linkButton(t('recovery.go_activate'), '/activate', 'primary');
  if (outcome === 'overtaken') return linkButton(t('recovery.sign_in'), '/account', 'primary');
  return linkButton(t('recovery.start_again'), '/recover');
}
