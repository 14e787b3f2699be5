import type Koa from 'koa';
import type { Logger } from 'pino';
import type { AssetHrefs, Chrome } from '../../views/chrome.ts';
import { type Locale, type Translate, translator } from '../i18n/translator.ts';
import { cookieNames, setCookie } from './cookies.ts';
import { type Csrf, csrfKeys, visitorCsrf } from './csrf.ts';
import { chooseLocale, firstSupported, type LocaleSource, languageHref } from './locale.ts';

/** What every request of ours carries. Set once by `pageState`; a feature reads it. */
export type PageState = {
  /** Names the request in the log and on error pages; random, says nothing about the person. */
  requestId: string;
  /** Logs with the request's id. */
  log: Logger;
  /** For the log when no router of ours matched: 'oidc'. */
  route?: string;
  nonce: string;
  locale: Locale;
  localeSource: LocaleSource;
  t: Translate;
  csrf: Csrf;
  readonly chrome: Chrome;
  /** Origins from which our forms may come: the issuer's own. */
  readonly issuerOrigin: string;
  readonly isSecure: boolean;
};

export type PageContext = Koa.ParameterizedContext<PageState>;
export type PageHandler = (ctx: PageContext) => Promise<void> | void;
export type PageMiddleware = Koa.Middleware<PageState>;

export type PageStateDeps = {
  /** The public address; https turns on Secure cookies and HSTS. */
  readonly issuer: string;
  readonly isSandbox: boolean;
  /** The hotline's number, for the foot of each page. */
  readonly hotline?: string | undefined;
  /** Newest first. */
  readonly cookieKeys: readonly string[];
  readonly assets: { readonly hrefs: AssetHrefs };
};

/** Fills ctx.state: language, anti-forgery token, chrome. Expects requestId and log (`requestLog`) and nonce (`securityHeaders`). */
export function pageState({ issuer, isSandbox, hotline, cookieKeys, assets }: PageStateDeps): PageMiddleware {
  const { protocol, origin } = new URL(issuer);
  const isSecure = protocol === 'https:';
  const names = cookieNames(isSecure);
  const keys = csrfKeys(cookieKeys);
  return async (ctx, next) => {
    const { locale, source } = chooseLocale(ctx, names.locale);
    const csrf = visitorCsrf(ctx, { cookieName: names.visitor, keys });
    // Plain properties: getters defined on each request's state would make every use of it slow.
    Object.assign(ctx.state, {
      issuerOrigin: origin,
      isSecure,
      locale,
      localeSource: source,
      t: translator(locale),
      csrf,
      chrome: chromeOf(ctx, { isSandbox, hotline, assets }),
    });
    if (source === 'link') setCookie(ctx, names.locale, locale, { maxAgeSeconds: 365 * 86_400 });
    await next();
  };
}

/** For pages inside an authorization request, whose `ui_locales` is not in their own address. A language that the person
 *  chose with our switch wins. */
export function respectUiLocales(ctx: PageContext, uiLocales: unknown): void {
  const { state } = ctx;
  const asked = firstSupported(uiLocales);
  if (!asked || state.localeSource === 'link' || state.localeSource === 'cookie') return;
  state.locale = asked;
  state.localeSource = 'relying_party';
  state.t = translator(asked);
}

function chromeOf(
  ctx: PageContext,
  { isSandbox, hotline, assets }: Pick<PageStateDeps, 'isSandbox' | 'hotline' | 'assets'>,
): Chrome {
  const { state } = ctx;
  return {
    // A relying party's `ui_locales` may change it later.
    get locale() {
      return state.locale;
    },
    get t() {
      return state.t;
    },
    get csrfToken() {
      return state.csrf.token();
    },
    nonce: state.nonce,
    path: ctx.path,
    isSandbox,
    ...(hotline === undefined ? {} : { hotline }),
    languageHref: (locale) => languageHref(ctx, locale),
    assets: assets.hrefs,
  };
}
