import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { linkButton, primaryButton, secondaryButton } from '../components/buttons.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';

export type LogoutModel = {
  /** A path of ours. */
  readonly action: string;
  /** Proves that the answer comes from this page. */
  readonly xsrf: string;
  /** The relying party that asks, if it said who it is. */
  readonly service: string | undefined;
};

export function logoutPage(chrome: Chrome, { action, xsrf, service }: LogoutModel): Html {
  const { t } = chrome;
  const title = t('oidc.logout_title');
  return layout(chrome, {
    title,
    narrow: true,
    main: html`<h1>${title}</h1>
${service !== undefined && html`<p>${t('oidc.logout_from', { service })}</p>`}
<p class="lead">${t('oidc.logout_text')}</p>
<form method="post" action="${action}"><input type="hidden" name="xsrf" value="${xsrf}">
<div class="actions">${primaryButton(t('oidc.logout_yes'), { name: 'logout', value: 'yes' })}
${secondaryButton(t('oidc.logout_no'))}</div>
</form>`,
  });
}

export function loggedOutPage(chrome: Chrome): Html {
  const { t } = chrome;
  const title = t('oidc.logged_out_title');
  return layout(chrome, {
    title,
    narrow: true,
    main: html`<h1>${title}</h1>
<p class="lead">${t('oidc.logged_out_text')}</p>
<p>${linkButton(t('common.home'), '/')}</p>`,
  });
}
