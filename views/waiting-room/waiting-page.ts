import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { primaryButton } from '../components/buttons.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';

/** Where a visitor's page differs from all others; the page around them is rendered once a language. */
export const WAITING_SLOTS = ['nonce', 'vi', 'en', 'action', 'fields', 'place', 'time'] as const;
export type WaitingSlot = (typeof WAITING_SLOTS)[number];

export type WaitingPageModel = {
  readonly script: string;
  readonly placeHref: string;
  readonly slots: Readonly<Record<WaitingSlot, string>>;
};

export function waitingPage(chrome: Chrome, { script, placeHref, slots }: WaitingPageModel): Html {
  const { t } = chrome;
  return layout(chrome, {
    title: t('waiting_room.title'),
    narrow: true,
    main: html`<h1>${t('waiting_room.title')}</h1>
<p class="lead">${t('waiting_room.lead')}</p>
<div class="notice info"><p id="waiting-place" role="status"><strong>${slots.place}</strong></p><p class="hint">${t('waiting_room.as_of', { time: slots.time })}</p></div>
<form method="get" action="${slots.action}">${slots.fields}
${primaryButton(t('waiting_room.check'))}
</form>
<ul>
<li>${t('waiting_room.kept')}</li>
<li>${t('waiting_room.no_faster')}</li>
<li>${t('waiting_room.ongoing')}</li>
</ul>
<script src="${script}" defer nonce="${chrome.nonce}" data-place="${placeHref}" data-enter="${t('waiting_room.enter')}"></script>`,
  });
}
