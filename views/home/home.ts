import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { linkButton } from '../components/buttons.ts';
import { card, cards } from '../components/card.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';

export function homePage(chrome: Chrome): Html {
  const { t, isSandbox } = chrome;
  return layout(chrome, {
    title: t('common.home_title'),
    main: html`<div class="hero">
<h1>${t('common.home_title')}</h1>
<p class="lead">${t('common.home_lead')}</p>
<p class="actions">${linkButton(t('common.nav_activate'), '/activate', 'primary')} ${linkButton(t('common.nav_account'), '/account')}</p>
</div>
${cards([
  card({ title: t('common.nav_activate'), href: '/activate', body: t('common.home_activate_text') }),
  card({ title: t('common.nav_account'), href: '/account', body: t('common.home_account_text') }),
  card({ title: t('common.nav_statistics'), href: '/statistics', body: t('common.home_statistics_text') }),
  card({ title: t('common.nav_developers'), href: '/developers', body: t('common.home_developers_text') }),
  ...(isSandbox
    ? [card({ title: t('common.nav_sandbox'), href: '/sandbox', body: t('common.home_sandbox_text') })]
    : []),
])}`,
  });
}
