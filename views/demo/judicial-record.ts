import { html } from 'hono/html';
import { card, cards } from '../components/card.ts';
import type { Html } from '../html.ts';
import type { DemoChrome } from './demo-chrome.ts';
import { demoLayout } from './demo-layout.ts';

export function judicialRecordPage(chrome: DemoChrome, { signedInAt }: { readonly signedInAt: string }): Html {
  const { t } = chrome;
  const title = t('demo.ly-lich-tu-phap_title');
  return demoLayout(chrome, {
    title,
    main: html`<h1>${title}</h1>
<p class="lead">${t('demo.judicial_fresh', { time: signedInAt })}</p>
${cards([
  card({ title: t('demo.judicial_form_card'), href: '/form', body: t('demo.judicial_form_card_text') }),
  card({ title: t('demo.nav_received'), href: '/received', body: t('demo.ihanoi_received_card_text') }),
])}`,
  });
}
