import type Koa from 'koa';
import { isLocale, LOCALES, type Locale } from '../i18n/translator.ts';

/** Who said so, strongest first. */
export type LocaleSource = 'link' | 'cookie' | 'relying_party' | 'browser' | 'default';

/** `?lang=` of our own switch, then the remembered switch, then the relying party's `ui_locales` (OIDC Core 3.1.2.1),
 *  then the browser, then Vietnamese. */
export function chooseLocale(ctx: Koa.Context, cookieName: string): { locale: Locale; source: LocaleSource } {
  const linked = ctx.query['lang'];
  if (isLocale(linked)) return { locale: linked, source: 'link' };
  const remembered = ctx.cookies.get(cookieName, { signed: false });
  if (isLocale(remembered)) return { locale: remembered, source: 'cookie' };
  const asked = firstSupported(ctx.query['ui_locales']);
  if (asked) return { locale: asked, source: 'relying_party' };
  const accepted = ctx.get('Accept-Language') === '' ? false : ctx.acceptsLanguages(...LOCALES);
  if (isLocale(accepted)) return { locale: accepted, source: 'browser' };
  return { locale: 'vi', source: 'default' };
}

/** The address of this page in `locale`. After a POST only the path is kept: the page itself has no other address. A path that begins with two slashes,
 *  of a page that is not there, would name another site. */
export function languageHref(ctx: Koa.Context, locale: Locale): string {
  const query = new URLSearchParams(ctx.method === 'GET' ? ctx.querystring : '');
  query.set('lang', locale);
  return `${ctx.path.replace(/^[/\\]+/, '/')}?${query.toString()}`;
}

/** Of space-separated BCP 47 tags in order of preference, the first whose language we speak: `en-GB vi` → en. */
export function firstSupported(uiLocales: unknown): Locale | undefined {
  if (typeof uiLocales !== 'string') return undefined;
  return uiLocales
    .split(' ')
    .map((tag) => tag.split('-')[0]?.toLowerCase())
    .find(isLocale);
}
