import { html } from 'hono/html';
import { linkButton } from '../components/buttons.ts';
import type { Html } from '../html.ts';
import type { DemoChrome } from './demo-chrome.ts';
import { demoLayout } from './demo-layout.ts';

/** A page that only says something. `action` leads on; without it there is the way home. */
export function messagePage(
  chrome: DemoChrome,
  title: string,
  text: string,
  action?: { readonly text: string; readonly href: string },
): Html {
  const { t } = chrome;
  return demoLayout(chrome, {
    title,
    narrow: true,
    main: html`<h1>${title}</h1>
<p class="lead">${text}</p>
${action && html`<p>${linkButton(action.text, action.href, 'primary')}</p>`}
<p><a href="/">${t('demo.failure_home')}</a></p>`,
  });
}
