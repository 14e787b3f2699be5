import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { secondaryButton } from '../components/buttons.ts';
import { form } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import type { Html } from '../html.ts';

/** What this reader may see of units. `canLeave`: by a cookie that she can give up. */
export type AccessModel = { readonly view: 'public' | 'full' | 'unit'; readonly canLeave: boolean };

export function accessNote(chrome: Chrome, { view, canLeave }: AccessModel): Html {
  const { t } = chrome;
  if (view === 'public') {
    return html`<p>${t('statistics.units_monthly')}</p><p><a href="/statistics/token">${t('statistics.token_link')}</a></p>`;
  }
  return html`${notice('warning', t(view === 'full' ? 'statistics.units_full' : 'statistics.units_own'))}
${canLeave && form(chrome, { action: '/statistics/token/leave' }, secondaryButton(t('statistics.token_leave')))}`;
}
