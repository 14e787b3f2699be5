import { html } from 'hono/html';
import type { TextKey } from '../../src/i18n/translator.ts';
import { linkButton, secondaryButton } from '../components/buttons.ts';
import { codeBlock } from '../components/code-block.ts';
import { definitionList } from '../components/definition-list.ts';
import { details } from '../components/details.ts';
import { selectField } from '../components/fields.ts';
import { form } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import type { Html } from '../html.ts';
import type { DemoChrome } from './demo-chrome.ts';
import { demoLayout } from './demo-layout.ts';

export type StartModel = {
  readonly asked: { readonly data: string; readonly strength: 1 | 2; readonly accountLevel: 1 | 2 };
  readonly signInText: string;
  /** Claims of the logout token that has just ended this browser's session. */
  readonly endedBy?: Readonly<Record<string, unknown>> | undefined;
};

const PERSONAS = {
  'l2-active': 'demo.persona_l2_active',
  'l1-active': 'demo.persona_l1_active',
  teen: 'demo.persona_teen',
  foreigner: 'demo.persona_foreigner',
  pending: 'demo.persona_pending',
  locked: 'demo.persona_locked',
} as const satisfies Record<string, TextKey>;

/** For one who is not signed in: what the service is, what it will ask for, and the way in. */
export function startPage(chrome: DemoChrome, { asked, signInText, endedBy }: StartModel): Html {
  const { t, service } = chrome;
  const title = t(`demo.${service}_title`);
  return demoLayout(chrome, {
    title,
    main: html`${endedBy && endedNotice(chrome, endedBy)}
<div class="hero"><h1>${title}</h1>
<p class="lead">${t(`demo.${service}_lead`)}</p>
<p>${linkButton(signInText, '/sign-in', 'primary')}</p></div>
<section><h2>${t('demo.asked_title')}</h2>${definitionList([
      { term: t('demo.asked_data'), description: asked.data },
      { term: t('demo.asked_strength'), description: t(`demo.strength_${asked.strength}`) },
      { term: t('demo.asked_account'), description: t(`demo.account_level_${asked.accountLevel}`) },
    ])}</section>
${details(t('demo.persona_title'), [
  html`<p>${t('demo.persona_text')}</p>`,
  form(chrome, { action: '/sign-in', method: 'get' }, [
    selectField({
      name: 'persona',
      label: t('demo.persona'),
      options: Object.entries(PERSONAS).map(([value, text]) => ({ value, text: t(text) })),
    }),
    secondaryButton(t('demo.persona_button')),
  ]),
])}`,
  });
}

function endedNotice({ t }: DemoChrome, claims: Readonly<Record<string, unknown>>): Html {
  return notice(
    'warning',
    [
      html`<p>${t('demo.ended_text')}</p>`,
      details(t('demo.ended_token'), codeBlock(JSON.stringify(claims, null, 2), t('demo.received_table_logout_token'))),
    ],
    t('demo.ended_title'),
  );
}
