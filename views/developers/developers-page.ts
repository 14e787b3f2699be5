import { html } from 'hono/html';
import type { Chrome } from '../chrome.ts';
import { codeBlock } from '../components/code-block.ts';
import { dataTable } from '../components/data-table.ts';
import { link } from '../components/link.ts';
import type { Html } from '../html.ts';
import { layout } from '../layout.ts';
import { clientTable, code, type ReadyClientModel } from './client-table.ts';
import { type ExampleKey, examples } from './examples.ts';

export type ScopeModel = {
  readonly scope: string;
  readonly claims: readonly string[];
  readonly leastAccountLevel: 0 | 1 | 2;
  readonly needsLegalBasis: boolean;
};

export type DevelopersModel = {
  readonly issuer: string;
  /** Empty outside of the sandbox. */
  readonly clients: readonly ReadyClientModel[];
  readonly scopes: readonly ScopeModel[];
  /** Weakest first. */
  readonly acrs: readonly { readonly value: string; readonly level: 1 | 2 | 3 | 4; readonly isOffered: boolean }[];
};

const SECTIONS = [
  'first_token',
  'endpoints',
  'clients',
  'scopes',
  'levels',
  'errors',
  'register',
  'refresh',
  'machine',
  'resource',
  'par',
  'private_key_jwt',
  'logout',
  'checklist',
] as const;
type Section = (typeof SECTIONS)[number];
type Shell = Readonly<Record<ExampleKey, string>>;

/** Everything an integrator needs on one page, with commands that work when they are pasted. */
export function developersPage(chrome: Chrome, model: DevelopersModel): Html {
  const { t, isSandbox } = chrome;
  const discovery = `${model.issuer}/.well-known/openid-configuration`;
  const shell = examples(model.issuer, isSandbox);
  const bodies: Readonly<Record<Section, Html | false>> = {
    first_token: firstToken(chrome, shell),
    endpoints: endpoints(chrome, model.issuer),
    clients:
      isSandbox &&
      html`<p>${t('developers.clients_text')}</p>${clientTable(chrome, model.clients)}
<p>${link('/sandbox', t('developers.sandbox_more'))}</p>`,
    scopes: scopes(chrome, model.scopes),
    levels: levels(chrome, model.acrs, shell.essentialAcr),
    errors: errors(chrome),
    register: register(chrome, shell.register),
    refresh: example(chrome, 'refresh', shell.refresh),
    machine: example(chrome, 'machine', shell.machine),
    resource: example(chrome, 'resource', shell.resource),
    par: example(chrome, 'par', shell.par),
    private_key_jwt: html`<p>${t('developers.private_key_jwt_text')}</p>
${codeBlock(shell.assertion, t('developers.assertion'))}${codeBlock(shell.privateKeyJwt, t('developers.private_key_jwt'))}`,
    logout: example(chrome, 'logout', shell.logout),
    checklist: html`<ul>${([1, 2, 3, 4, 5] as const).map((number) => html`<li>${t(`developers.check_${number}`)}</li>`)}</ul>`,
  };
  const shown = SECTIONS.filter((section) => bodies[section] !== false);
  return layout(chrome, {
    title: t('developers.title'),
    main: html`<h1>${t('developers.title')}</h1>
<p class="lead">${t('developers.lead')}</p>
<p>${t('developers.discovery')}: ${link(discovery, code(discovery))}</p>
<p>${t('developers.statistics')}: ${link('/statistics/openapi.json', code(`${model.issuer}/statistics/openapi.json`))}</p>
<section><h2 id="contents">${t('developers.contents')}</h2>
<nav aria-labelledby="contents"><ul>${shown.map((section) => html`<li><a href="#${anchor(section)}">${t(`developers.${section}`)}</a></li>`)}</ul></nav></section>
${shown.map((section) => html`<section id="${anchor(section)}"><h2>${t(`developers.${section}`)}</h2>${bodies[section]}</section>\n`)}`,
  });
}

function anchor(section: Section): string {
  return section.replaceAll('_', '-');
}

function example({ t }: Chrome, section: 'refresh' | 'machine' | 'resource' | 'par' | 'logout', command: string): Html {
  return html`<p>${t(`developers.${section}_text`)}</p>${codeBlock(command, t(`developers.${section}`))}`;
}

function firstToken({ t, isSandbox }: Chrome, shell: Shell): Html {
  return html`<p>${t(isSandbox ? 'developers.first_token_text' : 'developers.first_token_production')}</p>
<h3>${t('developers.step_code')}</h3>${codeBlock(shell.code, t('developers.step_code'))}
${isSandbox && html`<p>${t('developers.first_token_note')}</p>`}
<h3>${t('developers.step_token')}</h3>${codeBlock(shell.token, t('developers.step_token'))}
<h3>${t('developers.step_userinfo')}</h3>${codeBlock(shell.userinfo, t('developers.step_userinfo'))}`;
}

function endpoints({ t }: Chrome, issuer: string): Html {
  const names = [
    'authorize',
    'token',
    'userinfo',
    'jwks',
    'par',
    'register',
    'introspect',
    'revoke',
    'logout',
  ] as const;
  return dataTable({
    caption: t('developers.endpoints_caption'),
    onPhone: 'stack',
    columns: [{ text: t('developers.endpoint') }, { text: t('developers.endpoint_for') }],
    rows: names.map((name) => [code(`${issuer}/${name}`), t(`developers.endpoint_${name}`)]),
  });
}

function scopes({ t }: Chrome, rows: readonly ScopeModel[]): Html {
  const claimsOf = ({ scope, claims }: ScopeModel): Html | string => {
    if (claims.length > 0) return html`${claims.map((claim, index) => html`${index > 0 && ' '}${code(claim)}`)}`;
    return t(scope === 'offline_access' ? 'developers.scope_refresh' : 'developers.scope_audience');
  };
  const levelOf = ({ leastAccountLevel: level, needsLegalBasis }: ScopeModel): string => {
    if (level === 0) return t('developers.any_level');
    return t(needsLegalBasis ? 'developers.level_with_basis' : 'developers.level', { level });
  };
  return html`<p>${t('developers.scopes_text')}</p>${dataTable({
    caption: t('developers.scopes_caption'),
    onPhone: 'stack',
    columns: [{ text: t('developers.scope') }, { text: t('developers.claims') }, { text: t('developers.least_level') }],
    rows: rows.map((row) => [code(row.scope), claimsOf(row), levelOf(row)]),
  })}<p>${t('developers.sub')}</p><p>${t('developers.legacy')}</p>`;
}

function levels({ t }: Chrome, acrs: DevelopersModel['acrs'], essentialAcr: string): Html {
  return html`<p>${t('developers.levels_text')}</p>${dataTable({
    caption: t('developers.acr_caption'),
    onPhone: 'stack',
    columns: [{ text: 'acr' }, { text: t('developers.acr_how') }, { text: t('developers.acr_today') }],
    rows: acrs.map(({ value, level, isOffered }) => [
      code(value),
      t(`developers.acr_${level}`),
      t(isOffered ? 'developers.yes' : 'developers.not_yet'),
    ]),
  })}${dataTable({
    caption: t('developers.account_level_caption'),
    onPhone: 'stack',
    columns: [{ text: 'account_level' }, { text: t('developers.error_means') }],
    rows: ([1, 2] as const).map((level) => [code(String(level)), t(`developers.account_level_${level}`)]),
  })}<p>${t('developers.acr_values')}</p>${codeBlock(essentialAcr, t('developers.acr_essential'))}<p>${t('developers.fresh')}</p>`;
}

function errors({ t }: Chrome): Html {
  const rows = [
    ['access_denied', 'access_denied'],
    ['unmet_authentication_requirements', 'unmet'],
    ['login_required', 'login_required'],
    ['consent_required', 'consent_required'],
    ['invalid_request', 'invalid_request'],
    ['invalid_redirect_uri', 'redirect'],
    ['invalid_scope', 'invalid_scope'],
    ['invalid_target', 'invalid_target'],
    ['invalid_client', 'invalid_client'],
    ['invalid_grant', 'invalid_grant'],
  ] as const;
  return html`<p>${t('developers.errors_text')}</p>${dataTable({
    caption: t('developers.errors_caption'),
    onPhone: 'stack',
    columns: [{ text: t('developers.error') }, { text: t('developers.error_means') }],
    rows: rows.map(([error, text]) => [code(error), t(`developers.error_${text}`)]),
  })}`;
}

function register({ t, isSandbox }: Chrome, command: string): Html {
  return html`${isSandbox && html`<p>${t('developers.register_sandbox')}</p>${codeBlock(command, t('developers.register_curl'))}`}
<p>${t('developers.register_production')}</p>${codeBlock('npx dinhdanh clients add --help', t('developers.register_cli'))}`;
}
