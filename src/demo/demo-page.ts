import { randomBytes, timingSafeEqual } from 'node:crypto';
import { bodyParser } from '@koa/bodyparser';
import type Koa from 'koa';
import type { Logger } from 'pino';
import type { AssetHrefs } from '../../views/chrome.ts';
import type { DemoChrome } from '../../views/demo/demo-chrome.ts';
import { messagePage } from '../../views/demo/message.ts';
import type { Html } from '../../views/html.ts';
import { isLocale, LOCALES, type Locale, translator } from '../i18n/translator.ts';
import type { DemoSession, DemoSessions } from './demo-sessions.ts';
import { claimsOf, textClaim } from './received.ts';
import type { DemoService } from './service-definitions.ts';

/** What every request of a demo service carries. */
export type DemoState = {
  nonce: string;
  locale: Locale;
  session: DemoSession | undefined;
  readonly chrome: DemoChrome;
};

export type DemoContext = Koa.ParameterizedContext<DemoState>;
export type DemoMiddleware = Koa.Middleware<DemoState>;

export type DemoPageDeps = {
  readonly service: DemoService;
  readonly issuer: URL;
  readonly sessions: DemoSessions;
  readonly assets: { readonly hrefs: AssetHrefs };
  readonly log: Logger;
};

/** Browsers send cookies to every port of a host, so each service has names of its own. */
export function cookieNames({ id }: DemoService): { session: string; browser: string; language: string } {
  return { session: `${id}_session`, browser: `${id}_sign_in`, language: `${id}_language` };
}

export function setCookie(ctx: DemoContext, name: string, value: string | null, maxAgeSeconds?: number): void {
  ctx.cookies.set(name, value, {
    httpOnly: true,
    sameSite: 'lax',
    signed: true,
    overwrite: true,
    path: '/',
    ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds * 1000 }),
  });
}

export function demoPages(deps: DemoPageDeps): DemoMiddleware {
  const names = cookieNames(deps.service);
  return async (ctx, next) => {
    ctx.state.nonce = randomBytes(16).toString('base64');
    ctx.state.locale = chooseLocale(ctx, names.language);
    ctx.state.session = deps.sessions.find(ctx.cookies.get(names.session) ?? '');
    Object.defineProperty(ctx.state, 'chrome', { get: () => chromeOf(ctx, deps) });
    setSecurityHeaders(ctx, deps.issuer);
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) await showMessage(ctx, 'not_found', 404);
    } catch (error) {
      const status = clientStatusOf(error);
      if (status === undefined) deps.log.error({ err: error, service: deps.service.id }, 'demo.unexpected_error');
      await showMessage(ctx, status === undefined ? 'unexpected' : 'forged', status ?? 500);
    }
  };
}

export async function render(ctx: DemoContext, page: Html, status = 200): Promise<void> {
  ctx.status = status;
  ctx.type = 'html';
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Content-Language', ctx.state.locale);
  ctx.vary('Accept-Language');
  ctx.body = String(await page);
}

const readText = bodyParser({
  enableTypes: ['text'],
  extendTypes: { text: ['application/x-www-form-urlencoded'] },
  textLimit: '64kb',
  patchNode: false,
});

/** The fields of a form body; none for another type of body. */
export async function readFields(ctx: DemoContext): Promise<URLSearchParams> {
  await readText(ctx, () => Promise.resolve());
  return new URLSearchParams(ctx.request.rawBody ?? '');
}

const fieldsOf = new WeakMap<object, URLSearchParams>();

/** Stands before every form of a signed-in person: it must come from a page of this very session. */
export function formGuard(baseUrl: string): DemoMiddleware {
  return async (ctx, next) => {
    const fields = await readFields(ctx);
    const { session } = ctx.state;
    const isOurs = session !== undefined && isSame(fields.get('csrf_token') ?? '', session.csrfToken);
    if (!isOurs || !isFromOurPages(ctx, baseUrl)) {
      await showMessage(ctx, 'forged', 403);
      return;
    }
    fieldsOf.set(ctx.req, fields);
    await next();
  };
}

/** A field of the form that `formGuard` let pass; '' when it is missing. */
export function formField(ctx: DemoContext, name: string): string {
  return (fieldsOf.get(ctx.req)?.get(name) ?? '').normalize('NFC').trim();
}

/** The session that `formGuard` or a check of the route has seen. */
export function sessionOf(ctx: DemoContext): DemoSession {
  if (ctx.state.session === undefined) throw new Error('this route needs a session');
  return ctx.state.session;
}

/** The provider is on the same site (localhost), so SameSite cookies alone would not tell its pages from ours. */
function isFromOurPages(ctx: DemoContext, baseUrl: string): boolean {
  const site = ctx.get('Sec-Fetch-Site');
  return site === '' ? ctx.get('Origin') === baseUrl : site === 'same-origin';
}

function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

async function showMessage(ctx: DemoContext, what: 'forged' | 'not_found' | 'unexpected', status: number) {
  const { t } = ctx.state.chrome;
  await render(ctx, messagePage(ctx.state.chrome, t(`demo.${what}_title`), t(`demo.${what}_text`)), status);
}

function clientStatusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return error.status >= 400 && error.status < 500 ? error.status : undefined;
}

function chooseLocale(ctx: DemoContext, cookie: string): Locale {
  const linked = ctx.query['lang'];
  if (isLocale(linked)) {
    setCookie(ctx, cookie, linked, 365 * 86_400);
    return linked;
  }
  const remembered = ctx.cookies.get(cookie);
  if (isLocale(remembered)) return remembered;
  const accepted = ctx.get('Accept-Language') === '' ? false : ctx.acceptsLanguages(...LOCALES);
  return isLocale(accepted) ? accepted : 'vi';
}

function chromeOf(ctx: DemoContext, { service, issuer, assets }: DemoPageDeps): DemoChrome {
  const { session, locale, nonce } = ctx.state;
  return {
    service: service.id,
    issuerHref: issuer.href,
    signedIn: session && { name: textClaim(claimsOf(session.received), 'name') },
    locale,
    t: translator(locale),
    csrfToken: session?.csrfToken ?? '',
    nonce,
    path: ctx.path,
    isSandbox: true,
    languageHref: (to) => languageHref(ctx, to),
    assets: assets.hrefs,
  };
}

/** After a POST, or where the query holds an answer of the provider, the page has no other address: the start page is next. */
function languageHref(ctx: DemoContext, locale: Locale): string {
  const isPage = ctx.method === 'GET' && ctx.path !== '/callback';
  const query = new URLSearchParams(isPage ? ctx.querystring : '');
  query.set('lang', locale);
  return `${isPage ? ctx.path : '/'}?${query.toString()}`;
}

/** A form may end at the provider (sign-out, the testers' sign-in), and Chromium applies form-action to redirects too. */
function setSecurityHeaders(ctx: DemoContext, issuer: URL): void {
  ctx.set({
    'Content-Security-Policy': [
      "default-src 'none'",
      "base-uri 'none'",
      "connect-src 'self'",
      "font-src 'self'",
      `form-action 'self' ${issuer.origin}`,
      "frame-ancestors 'none'",
      "img-src 'self'",
      `script-src 'nonce-${ctx.state.nonce}'`,
      "style-src 'self'",
    ].join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    // The callback's address holds a code.
    'Referrer-Policy': ctx.path === '/callback' ? 'no-referrer' : 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  });
}
