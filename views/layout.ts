import { html } from 'hono/html';
import { LOCALES, type Locale } from '../src/i18n/translator.ts';
import type { Chrome } from './chrome.ts';
import { errorSummary, type FieldError } from './components/error-summary.ts';
import { hotlineLink } from './components/hotline.ts';
import type { Content, Html } from './html.ts';

export type PageModel = {
  /** In the browser's tab, before the product's name. The `h1` is the page's own. */
  readonly title: string;
  readonly main: Content;
  readonly errors?: readonly FieldError[] | undefined;
  /** One question a page: a column for reading, not for tables. */
  readonly narrow?: boolean | undefined;
};

const LANGUAGE_NAMES = { vi: 'common.language_vi', en: 'common.language_en' } as const;

export function layout(chrome: Chrome, { title, main, errors = [], narrow = false }: PageModel): Html {
  const { t, locale, assets } = chrome;
  const shownTitle = errors.length > 0 ? t('common.error_prefix', { title }) : title;
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<title>${shownTitle} – ${t('common.product')}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="${assets.styles}">
${statisticsStyles(chrome)}${assets.preloadedFonts.map((font) => html`<link rel="preload" href="${font}" as="font" type="font/woff2" crossorigin>\n`)}<link rel="icon" href="${assets.icon}" type="image/svg+xml">
<script src="${assets.script}" defer${chrome.nonce !== undefined && html` nonce="${chrome.nonce}"`} data-show="${t('common.show_secret')}" data-hide="${t('common.hide_secret')}"></script>
</head>
<body>
<a class="skip-link" href="#main">${t('common.skip_to_main')}</a>
${header(chrome)}
<main id="main" class="${narrow ? 'narrow' : 'wide'}" tabindex="-1">
${errorSummary(chrome, errors)}
${main}
</main>
${footer(chrome)}
</body>
</html>`;
}

function statisticsStyles({ path, assets }: Chrome): Html | false {
  if (assets.statisticsStyles === undefined || !path.startsWith('/statistics')) return false;
  return html`<link rel="stylesheet" href="${assets.statisticsStyles}">\n`;
}

function header(chrome: Chrome): Html {
  const { t, isSandbox } = chrome;
  return html`<header class="site-header">${isSandbox && html`<p class="ribbon">${t('common.sandbox_ribbon')} <a href="/sandbox#inbox">${t('common.sandbox_ribbon_link')}</a></p>`}<div class="inner">
<a class="brand" href="/"><span class="brand-mark" aria-hidden="true"></span><span class="brand-name" lang="vi">${t('common.product')}</span></a>
<nav class="languages" aria-label="${t('common.language')}">${LOCALES.map((locale) => languageLink(chrome, locale))}</nav>
</div></header>`;
}

function languageLink(chrome: Chrome, locale: Locale): Html {
  const name = chrome.t(LANGUAGE_NAMES[locale]);
  return html`<a href="${chrome.languageHref(locale)}" lang="${locale}" hreflang="${locale}"${
    locale === chrome.locale && html` aria-current="true"`
  }>${name}</a>`;
}

function footer({ t, isSandbox, hotline }: Chrome): Html {
  return html`<footer class="site-footer"><div class="inner">
<nav aria-label="${t('common.footer_links')}"><ul>
<li><a href="/activate">${t('common.nav_activate')}</a></li>
<li><a href="/account">${t('common.nav_account')}</a></li>
<li><a href="/statistics">${t('common.nav_statistics')}</a></li>
<li><a href="/developers">${t('common.nav_developers')}</a></li>
${isSandbox && html`<li><a href="/sandbox">${t('common.nav_sandbox')}</a></li>`}
</ul></nav>
${hotline !== undefined && html`<p>${t('common.footer_hotline')} ${hotlineLink(hotline)}</p>`}
<p>${t('common.footer_about')}</p>
</div></footer>`;
}
