import type { IncomingMessage } from 'node:http';
import type { Chrome } from '../../views/chrome.ts';
import { isLocale, type Locale, translator } from '../i18n/translator.ts';
import type { InteractionView, OidcGateway } from '../oidc/gateway.ts';
import { newSecret } from '../platform/ids.ts';
import type { Assets } from '../web/assets.ts';
import { cookieNames } from '../web/cookies.ts';
import { csrfKeys, newVisitor, tokenOf } from '../web/csrf.ts';
import { firstSupported } from '../web/locale.ts';
import type { ProgramAnswer, ProgramEndpoint } from '../web/program-requests.ts';
import { requestCookies } from '../web/request-cookies.ts';
import { findSignInAttempt } from './sign-in-attempt-store.ts';
import type { SignInPagesDeps } from './sign-in-deps.ts';

export type PageAheadDeps = SignInPagesDeps & {
  config: { issuer: string; trustProxy: boolean; hotline: string; secrets: { cookieKeys: string[] } };
  assets: Pick<Assets, 'hrefs'>;
  gateway: Pick<OidcGateway, 'findInteractionAhead'>;
};

/** As long in text as the pages'. */
const NONCE_BYTES = 18;
const GZIP = /(?:^|,) *gzip *(?:,|$)/;

/** `lines`: the header lines of her visitor's cookie, where she is new. */
type Visitor = { visitor: string; lines: string[] };
type Guest = Visitor & { view: InteractionView; locale: Locale };

const hrefOf = ({ uid }: InteractionView): string => `/interaction/${uid}`;

/** The page of the password as nearly everybody sees it, ahead of the pages: nobody is signed in, nothing was typed yet, and no language chosen here. Whatever else there is to show, or to
 *  refuse, is the pages'. They say the same, header by header, but may compress it in another way. */
export function pageAhead(deps: PageAheadDeps): ProgramEndpoint {
  const { config, gateway, first } = deps;
  const names = cookieNames(config.isSecure);
  const cookies = requestCookies(config);
  const keys = csrfKeys(config.secrets.cookieKeys);

  /** @returns undefined for a cookie that is not plainly one: the pages judge it. */
  const visitorOf = (request: IncomingMessage): Visitor | undefined => {
    if (cookies.has(request, names.visitor) || cookies.has(request, `${names.visitor}.sig`)) {
      const visitor = cookies.read(request, names.visitor);
      return visitor === undefined ? undefined : { visitor, lines: [] };
    }
    const visitor = newVisitor();
    return { visitor, lines: cookies.lines(names.visitor, visitor, { path: '/' }) };
  };

  /** As `chooseLocale` and `respectUiLocales` do. */
  const localeOf = (request: IncomingMessage, { uiLocales }: InteractionView): Locale | undefined => {
    if (!cookies.has(request, names.locale)) return firstSupported(uiLocales) ?? first.locales.of(request.headers);
    const remembered = cookies.readUnsigned(request, names.locale);
    return isLocale(remembered) ? remembered : undefined;
  };

  const chromeOf = (locale: Locale): Chrome => ({
    locale,
    t: translator(locale),
    csrfToken: '',
    nonce: '',
    path: '',
    isSandbox: config.isSandbox,
    hotline: config.hotline,
    languageHref: () => '',
    assets: deps.assets.hrefs,
  });

  const isFirst = async (view: InteractionView): Promise<boolean> =>
    view.prompt === 'login' &&
    view.requiredAuthLevel !== 'cannot_be_met' &&
    view.loginHint === undefined &&
    (await findSignInAttempt(deps.db, view.uid, deps.clock())) === undefined;

  /** Whom it is shown to. @returns undefined for whom the pages have to look at. */
  const guestOf = async (request: IncomingMessage): Promise<Guest | undefined> => {
    const view = await gateway.findInteractionAhead(request);
    if (view === undefined || request.url !== hrefOf(view) || !(await isFirst(view))) return undefined;
    const [known, locale] = [visitorOf(request), localeOf(request, view)];
    return known && locale && { ...known, locale, view };
  };

  const show = async ({ view, visitor, lines, locale }: Guest, isGzip: boolean): Promise<ProgramAnswer> => {
    const page = await first.page(chromeOf(locale), view.client.name[locale]);
    const [nonce, href] = [newSecret(NONCE_BYTES), hrefOf(view)];
    const languages = { vi: `${href}?lang=vi`, en: `${href}?lang=en` };
    const values = { nonce, href, csrfToken: tokenOf(keys, visitor), ...languages };
    const body = isGzip ? page.gzipped(values) : page.plain(values);
    const fields = {
      'Cache-Control': 'no-store',
      Vary: 'Accept-Encoding, Accept-Language',
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Language': locale,
      'Content-Length': String(body.length),
      ...(isGzip ? { 'Content-Encoding': 'gzip' } : {}),
    };
    const told = lines.flatMap((line) => ['Set-Cookie', line]);
    return {
      status: 200,
      fields: [...Object.entries(fields).flat(), ...told],
      body,
      isBytes: true,
      page: { nonce, formsEndAt: view.client.redirectOrigin },
    };
  };

  const prepare = async (request: IncomingMessage): Promise<ProgramAnswer | undefined> => {
    const accepted = request.headers['accept-encoding'];
    const isGzip = accepted !== undefined && GZIP.test(accepted);
    const isPlain = request.method === 'GET' && cookies.maySet(request) && (accepted === undefined || isGzip);
    const guest = isPlain ? await guestOf(request) : undefined;
    return guest && show(guest, isGzip);
  };

  return {
    route: '/interaction/:uid',
    isBegun: true,
    prepare: (request) =>
      prepare(request).catch((error: unknown) => {
        // The pages meet it again, and say so.
        deps.log.warn({ err: error }, 'sign_in.page_not_shown_ahead');
        return undefined;
      }),
  };
}
