import { html } from 'hono/html';
import { LOCALES } from '../../src/i18n/translator.ts';
import { secondaryButton } from '../components/buttons.ts';
import { errorSummary } from '../components/error-summary.ts';
import { form } from '../components/form.ts';
import { safeHref } from '../components/safe-href.ts';
import type { Html } from '../html.ts';
import type { PageModel } from '../layout.ts';
import type { DemoChrome } from './demo-chrome.ts';

const LANGUAGE_NAMES = { vi: 'common.language_vi', en: 'common.language_en' } as const;

/** Made of the provider's components, and visibly another site: own name, colour and frame. */
export function demoLayout(chrome: DemoChrome, { title, main, errors = [], narrow = false }: PageModel): Html {
  const { t, locale, assets, service } = chrome;
  const shownTitle = errors.length > 0 ? t('common.error_prefix', { title }) : title;
  return html`<!doctype html>
<html lang="${locale}" class="demo ${service}">
<head>
<meta charset="utf-8">
<title>${shownTitle} – ${t(`demo.${service}_name`)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${assets.styles}">
${assets.preloadedFonts.map((font) => html`<link rel="preload" href="${font}" as="font" type="font/woff2" crossorigin>\n`)}<link rel="icon" href="${assets.icon}" type="image/svg+xml">
<script src="${assets.script}" defer nonce="${chrome.nonce}" data-show="${t('common.show_secret')}" data-hide="${t('common.hide_secret')}"></script>
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

function header(chrome: DemoChrome): Html {
  const { t, service } = chrome;
  return html`<header class="site-header"><p class="ribbon">${t('demo.ribbon')}</p><div class="demo-bar"><div class="inner">
<a class="brand" href="/"><span class="brand-mark" aria-hidden="true"></span><span class="brand-name">${t(`demo.${service}_name`)}</span></a>
<nav class="languages" aria-label="${t('common.language')}">${LOCALES.map(
    (locale) =>
      html`<a href="${chrome.languageHref(locale)}" lang="${locale}" hreflang="${locale}"${
        locale === chrome.locale && html` aria-current="true"`
      }>${t(LANGUAGE_NAMES[locale])}</a>`,
  )}</nav>
</div></div>${accountBar(chrome)}</header>`;
}

function accountBar(chrome: DemoChrome): Html | false {
  const { t, signedIn } = chrome;
  if (signedIn === undefined) return false;
  const { name } = signedIn;
  return html`<div class="demo-account"><div class="inner">
<p>${name === undefined ? t('demo.signed_in_nameless') : t('demo.signed_in_as', { name })}</p>
<nav aria-label="${t('demo.account')}"><a href="/">${t('demo.nav_home')}</a> <a href="/received">${t('demo.nav_received')}</a></nav>
${form(chrome, { action: '/sign-out' }, secondaryButton(t('demo.sign_out')))}
</div></div>`;
}

function footer({ t, issuerHref }: DemoChrome): Html {
  return html`<footer class="site-footer"><div class="inner">
<p><a href="${safeHref(issuerHref) ?? '#'}">${t('demo.nav_provider')}</a></p>
<p>${t('demo.footer_about')}</p>
</div></footer>`;
}
