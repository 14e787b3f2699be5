import { html } from 'hono/html';
import { linkButton } from '../components/buttons.ts';
import { card, cards } from '../components/card.ts';
import { definitionList } from '../components/definition-list.ts';
import { tag } from '../components/tag.ts';
import type { Html } from '../html.ts';
import type { DemoChrome } from './demo-chrome.ts';
import { demoLayout } from './demo-layout.ts';

export function cityPortalPage(chrome: DemoChrome, { hasResidence }: { readonly hasResidence: boolean }): Html {
  const { t } = chrome;
  const title = t('demo.ihanoi_title');
  return demoLayout(chrome, {
    title,
    main: html`<h1>${title}</h1>
${cards([
  card({
    title: t('demo.ihanoi_form_card'),
    href: '/form',
    body: t(hasResidence ? 'demo.ihanoi_form_card_ready' : 'demo.ihanoi_form_card_text'),
    tag: hasResidence ? undefined : tag(t('demo.step_up_needed'), 'info'),
  }),
  card({ title: t('demo.nav_received'), href: '/received', body: t('demo.ihanoi_received_card_text') }),
])}`,
  });
}

/** Before the step-up: what will be asked, why, and the way without it. */
export function stepUpPage(chrome: DemoChrome): Html {
  const { t } = chrome;
  const title = t('demo.step_up_title');
  return demoLayout(chrome, {
    title,
    narrow: true,
    main: html`<h1>${title}</h1>
<p class="lead">${t('demo.step_up_lead')}</p>
${definitionList([
  { term: t('demo.asked_data'), description: t('demo.step_up_residence') },
  { term: t('demo.asked_strength'), description: t('demo.strength_2') },
])}
<div class="actions">${linkButton(t('demo.step_up_button'), '/sign-in?for=residence', 'primary')}${linkButton(
      t('demo.step_up_manual'),
      '/form?by=hand',
    )}</div>`,
  });
}
