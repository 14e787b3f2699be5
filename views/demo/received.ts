import { html } from 'hono/html';
import type { TextKey } from '../../src/i18n/translator.ts';
import { linkButton, secondaryButton } from '../components/buttons.ts';
import { codeBlock } from '../components/code-block.ts';
import { dataTable } from '../components/data-table.ts';
import { details } from '../components/details.ts';
import { form } from '../components/form.ts';
import { notice } from '../components/notice.ts';
import type { Content, Html } from '../html.ts';
import type { DemoChrome } from './demo-chrome.ts';
import { demoLayout } from './demo-layout.ts';
import type { FailureCode } from './failure.ts';

/** A parameter or claim. */
export type Part = { readonly name: string; readonly value: string; readonly meaning: TextKey };

/** A JWT, decoded. */
export type TokenModel = {
  readonly header: string;
  readonly payload: string;
  readonly parts: readonly Part[];
  readonly raw: string;
};

export type AnswerModel =
  | { readonly kind: 'answered'; readonly json: string; readonly parts: readonly Part[] }
  | {
      readonly kind: 'failed';
      readonly code: FailureCode;
      readonly original: string;
      readonly description?: string | undefined;
    };

export type ReceivedModel = {
  readonly request: readonly Part[];
  /** Set when the request went from server to server; what the browser carried in its place. */
  readonly pushed: readonly Part[] | undefined;
  readonly answer: readonly Part[];
  readonly authentication: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';
  readonly tokens: readonly Part[];
  readonly idToken: TokenModel;
  /** `level` 0: no acr that we know. `authTime` as shown. */
  readonly strength: {
    readonly level: number;
    readonly factors: readonly string[];
    readonly authTime?: string | undefined;
  };
  /** Undefined when it is opaque. */
  readonly accessToken: TokenModel | undefined;
  readonly refresh: {
    readonly kind: 'kept' | 'dropped' | 'none';
    /** The service has a request for one that outlives the session. */
    readonly isLongerOffered: boolean;
    readonly last?: AnswerModel | undefined;
  };
  /** Undefined when the access token is for another receiver. */
  readonly userinfo: AnswerModel | undefined;
  readonly introspection: AnswerModel | undefined;
};

/** Token by token what came, for an integrator to learn from. */
export function receivedPage(chrome: DemoChrome, model: ReceivedModel): Html {
  const { t } = chrome;
  const title = t('demo.received_title');
  return demoLayout(chrome, {
    title,
    main: html`<h1>${title}</h1>
<p class="lead">${t('demo.received_lead')}</p>
${section('1', t('demo.received_request'), requestPart(chrome, model))}
${section('2', t('demo.received_answer'), [
  html`<p>${t('demo.received_answer_text')}</p>`,
  partsTable(chrome, 'demo.received_table_answer', model.answer),
])}
${section('3', t('demo.received_tokens'), [
  html`<p>${t(`demo.received_authentication_${model.authentication}`)}</p>`,
  partsTable(chrome, 'demo.received_table_tokens', model.tokens),
])}
${section('4', t('demo.received_id_token'), [
  html`<p>${t('demo.received_id_token_text')}</p>`,
  partsTable(chrome, 'demo.received_table_id_token', model.idToken.parts),
  strengthPart(chrome, model),
  decoded(chrome, 'id_token', model.idToken),
])}
${section('5', t('demo.received_access_token'), accessTokenPart(chrome, model))}
${section('6', t('demo.received_userinfo'), userinfoPart(chrome, model))}
${section('7', t('demo.received_refresh_token'), refreshPart(chrome, model))}
${section('8', t('demo.received_introspection'), introspectionPart(chrome, model))}`,
  });
}

function section(number: string, title: string, content: Content): Html {
  return html`<section class="received"><h2>${number}. ${title}</h2>${content}</section>`;
}

function requestPart(chrome: DemoChrome, { request, pushed }: ReceivedModel): Content {
  const { t } = chrome;
  return [
    html`<p>${t(pushed === undefined ? 'demo.received_request_front' : 'demo.received_request_pushed')}</p>`,
    pushed && codeBlock(pushed.map(({ name, value }) => `${name}=${value}`).join('\n'), t('demo.received_request')),
    partsTable(chrome, 'demo.received_table_request', request),
  ];
}

function strengthPart({ t }: DemoChrome, { strength }: ReceivedModel): Html {
  const { level, factors, authTime } = strength;
  return notice(
    'info',
    html`<ul>
${(level === 1 || level === 2 || level === 3 || level === 4) && html`<li>${t(`demo.received_acr_${level}`)} ${t('demo.received_acr_order')}</li>`}
${factors.length > 0 && html`<li>${t('demo.received_amr', { factors: factors.join('; ') })}</li>`}
<li>${authTime === undefined ? t('demo.received_no_auth_time') : t('demo.received_auth_time', { time: authTime })}</li>
<li>${t('demo.received_not_proofing')}</li></ul>`,
    t('demo.received_strength'),
  );
}

function accessTokenPart(chrome: DemoChrome, { accessToken }: ReceivedModel): Content {
  const { t } = chrome;
  if (accessToken === undefined) return html`<p>${t('demo.received_access_token_opaque')}</p>`;
  return [
    html`<p>${t('demo.received_access_token_jwt')}</p>`,
    partsTable(chrome, 'demo.received_table_access_token', accessToken.parts),
    decoded(chrome, 'access_token', accessToken),
  ];
}

function userinfoPart(chrome: DemoChrome, { userinfo }: ReceivedModel): Content {
  const { t } = chrome;
  if (userinfo === undefined) return html`<p>${t('demo.received_userinfo_none')}</p>`;
  return [
    html`<p>${t('demo.received_userinfo_text')}</p>`,
    answerPart(chrome, 'demo.received_table_userinfo', userinfo),
    form(chrome, { action: '/userinfo' }, secondaryButton(t('demo.received_userinfo_button'))),
  ];
}

function refreshPart(chrome: DemoChrome, { refresh }: ReceivedModel): Content {
  const { t } = chrome;
  const { kind, isLongerOffered, last } = refresh;
  return [
    html`<p>${t(`demo.received_refresh_token_${kind}`)}</p>`,
    last && html`<h3>${t('demo.received_refreshed')}</h3>`,
    last && answerPart(chrome, 'demo.received_table_id_token', last),
    kind === 'kept' && form(chrome, { action: '/refresh' }, secondaryButton(t('demo.received_refresh_button'))),
    isLongerOffered && html`<p>${t('demo.received_offline_text')}</p>`,
    isLongerOffered && html`<p>${linkButton(t('demo.received_offline_button'), '/sign-in?for=offline')}</p>`,
  ];
}

function introspectionPart(chrome: DemoChrome, { introspection }: ReceivedModel): Content {
  const { t } = chrome;
  return [
    html`<p>${t('demo.received_introspection_text')}</p>`,
    introspection && answerPart(chrome, 'demo.received_table_introspection', introspection),
    form(chrome, { action: '/introspection' }, secondaryButton(t('demo.received_introspection_button'))),
  ];
}

function answerPart(chrome: DemoChrome, caption: TextKey, answer: AnswerModel): Html {
  const { t } = chrome;
  if (answer.kind === 'answered') return partsTable(chrome, caption, answer.parts);
  const { code, original, description } = answer;
  return notice(
    'warning',
    [
      html`<p>${t(`demo.failure_${code}`)}</p>`,
      html`<p>${t(`demo.failure_${code}_next`)}</p>`,
      description !== undefined && html`<p lang="en">${description}</p>`,
    ],
    t('demo.received_failed', { code: original }),
  );
}

function partsTable({ t }: DemoChrome, caption: TextKey, parts: readonly Part[]): Html {
  return dataTable({
    caption: t(caption),
    columns: [
      { text: t('demo.received_name') },
      { text: t('demo.received_value') },
      { text: t('demo.received_meaning') },
    ],
    rows: parts.map(({ name, value, meaning }) => [
      html`<code>${name}</code>`,
      html`<code>${value}</code>`,
      t(meaning),
    ]),
    onPhone: 'stack',
  });
}

function decoded({ t }: DemoChrome, name: string, token: TokenModel): Html {
  return details(`${name}: ${t('demo.received_raw')}`, [
    html`<p>${t('demo.received_header')}</p>`,
    codeBlock(token.header, `${name}, ${t('demo.received_header')}`),
    html`<p>${t('demo.received_payload')}</p>`,
    codeBlock(token.payload, `${name}, ${t('demo.received_payload')}`),
    codeBlock(token.raw, `${name}, ${t('demo.received_raw')}`),
  ]);
}
