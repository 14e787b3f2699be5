import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { secondaryButton } from '../components/buttons.ts';
import type { FieldError } from '../components/error-summary.ts';
import { form } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import type { Content, Html } from '../html.ts';
import { layout } from '../layout.ts';

const SECTIONS = {
  overview: '/account',
  methods: '/account/methods',
  sessions: '/account/sessions',
  services: '/account/services',
  history: '/account/history',
  lock: '/account/lock',
} as const;

export type AccountSection = keyof typeof SECTIONS;

export type AccountPageModel = {
  readonly section: AccountSection;
  readonly title: string;
  readonly body: Content;
  /** What has just been done. */
  readonly done?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
};

/** A page of the account, with the way to the others. */
export function accountPage(chrome: Chrome, { section, title, body, done, errors }: AccountPageModel): Html {
  const { t } = chrome;
  const links = Object.entries(SECTIONS) as [AccountSection, string][];
  return layout(chrome, {
    title,
    errors,
    main: html`<div class="account">
<div class="account-nav"><nav aria-label="${t('my_account.sections')}"><ul>${links.map(
      ([name, href]) =>
        html`<li><a href="${href}"${name === section && html` aria-current="${chrome.path === href ? 'page' : 'true'}"`}>${t(`my_account.nav_${name}`)}</a></li>`,
    )}</ul></nav>
${form(chrome, { action: '/account/sign-out' }, secondaryButton(t('my_account.sign_out')))}</div>
<div class="account-body">
<h1>${title}</h1>
${done !== undefined && html`<div role="status">${notice('success', done)}</div>`}
${body}
</div>
</div>`,
  });
}
