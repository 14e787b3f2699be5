import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { linkButton } from '../components/buttons.ts';
import { card, cards } from '../components/card.ts';
import { definitionList } from '../components/definition-list.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';

export function homePage(chrome: Chrome): Html {
  const { t, isSandbox } = chrome;
  const sandboxCard = card({
    title: t('common.nav_sandbox'),
    href: '/sandbox',
    body: t('common.home_sandbox_text'),
    headingLevel: 3,
  });
  return layout(chrome, {
    title: t('common.home_title'),
    main: html`<div class="hero">
<h1>${t('common.home_title')}</h1>
<p class="lead">${t('common.home_lead')}</p>
</div>
${cards([
  card({
    title: t('common.nav_activate'),
    body: html`<p>${t('common.home_activate_text')}</p><p>${linkButton(t('common.home_activate_button'), '/activate', 'primary')}</p>`,
  }),
  card({
    title: t('common.nav_account'),
    body: html`<p>${t('common.home_account_text')}</p><p>${linkButton(t('common.home_account_button'), '/account')}</p>`,
  }),
])}
<section><h2>${t('common.home_levels')}</h2>${definitionList([
      { term: t('common.home_level_1'), description: t('common.home_level_1_text') },
      { term: t('common.home_level_2'), description: t('common.home_level_2_text') },
    ])}</section>
<section><h2>${t('common.home_more')}</h2>${cards([
      card({
        title: t('common.nav_statistics'),
        href: '/statistics',
        body: t('common.home_statistics_text'),
        headingLevel: 3,
      }),
      card({
        title: t('common.nav_developers'),
        href: '/developers',
        body: t('common.home_developers_text'),
        headingLevel: 3,
      }),
      ...(isSandbox ? [sandboxCard] : []),
    ])}</section>`,
  });
}
