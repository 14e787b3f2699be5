import { gzipSync } from 'node:zlib';
import type { Page, Response } from 'playwright-core';
import { expect } from 'vitest';
import type { Locale } from '../../../src/i18n/translator.ts';
import { expectNoAxeViolations, expectNoSidewaysScroll, takeScreenshot } from '../../support/browser.ts';
import { markupFaults } from './html-rules.ts';

export type PageExpectation = {
  /** Names of the fields with an error; '' for one of the page as a whole. The page has none unless told. */
  errors?: readonly string[];
  /** A page of figures, or for integrators: long by nature, so what counts is what travels, compressed. */
  isLong?: boolean;
  /** Shown once, by what ended the session that led there. */
  isFarewell?: boolean;
};

export type PageJudged = {
  /** For messages and screenshots. */
  name: string;
  locale: Locale;
  scripts: boolean;
  origin: string;
  /** The document's own. */
  response: Response;
  noise: readonly string[];
};

/** HTML, style, script and pictures, in bytes as they are before compression (some 12 kB travel); the font, which comes once and late, is not
 *  counted. */
const MOST_BYTES = 50_000;
/** Of a page of figures: with a picture for each question. */
const MOST_LONG_BYTES = 75_000;
const NARROW = { width: 320, height: 640 };
const ERROR_PREFIX = { vi: 'Lỗi: ', en: 'Error: ' };

/** What is demanded of every page, whoever sees it. */
export async function judgePage(
  page: Page,
  judged: PageJudged,
  { errors = [], isLong = false, isFarewell = false }: PageExpectation,
): Promise<void> {
  const { name, locale, response } = judged;
  const html = await response.text();
  await expectErrors(page, judged, errors);
  const facts = await page.evaluate<PageFacts>(FACTS);
  expect.soft({ name, lang: facts.lang, headings: facts.headings }).toEqual({ name, lang: locale, headings: 1 });
  expect.soft(facts.title.startsWith(ERROR_PREFIX[locale]), `${name}: “${facts.title}”`).toBe(errors.length > 0);
  expect.soft(facts.revealButtons, `${name}: buttons that show a secret`).toBe(judged.scripts ? facts.secrets : 0);
  if (locale === 'en') expectNone(`${name}: Vietnamese in an English page`, facts.unmarkedVietnamese);
  expectNone(`${name}: markup`, markupFaults(html));
  expect
    .soft(await weight(judged, isLong ? gzipSync(html) : html, facts.assets), `${name}: bytes`)
    .toBeLessThan(isLong ? MOST_LONG_BYTES : MOST_BYTES);
  await expectNoAxeViolations(page);
  await expectNarrowFits(page);
  await takeScreenshots(page, judged);
  await expectVisibleFocus(page, name);
  if (judged.scripts && !isFarewell) await expectOtherLanguage(page, judged);
  expectNone(`${name}: console and foreign requests`, judged.noise);
}

function expectNone(what: string, faults: readonly string[]): void {
  expect.soft(faults, [what, ...faults].join('\n')).toHaveLength(0);
}

/** Each error is in the summary, which has the focus, leads to its field, and stands beside it in the same words. */
async function expectErrors(page: Page, { name, response }: PageJudged, errors: readonly string[]): Promise<void> {
  const shown = await errorFacts(page, errors.length > 0);
  const fields = errors.filter((field) => field !== '');
  expect.soft({ name, ...shown }, `${name}: ${JSON.stringify(shown)}`).toEqual({
    name,
    hasSummary: errors.length > 0,
    hasFocus: errors.length > 0,
    count: errors.length,
    linked: fields,
    wronglyTied: [],
  });
  if (errors.length === 0) return;
  expect.soft(response.status(), `${name}: status`).toBeGreaterThanOrEqual(400);
  const [first] = fields;
  if (first === undefined) return;
  await page.locator('.error-summary a').first().click();
  const focused = await page.evaluate<string>('document.activeElement.id');
  expect.soft(focused, `${name}: where the first error leads`).toBe(first);
}

/** A browser gives what has `autofocus` the focus with a frame of its own, on a busy machine some time after the page has loaded. */
async function errorFacts(page: Page, willHaveFocus: boolean): Promise<ErrorFacts> {
  const until = Date.now() + 5_000;
  for (;;) {
    const shown = await page.evaluate<ErrorFacts>(ERRORS);
    if (shown.hasFocus === willHaveFocus || Date.now() > until) return shown;
    await page.waitForTimeout(50);
  }
}

async function weight({ origin }: PageJudged, html: string | Buffer, assets: readonly string[]): Promise<number> {
  const sizes = await Promise.all(assets.map((href) => assetBytes(new URL(href, origin))));
  return sizes.reduce((sum, size) => sum + size, Buffer.byteLength(html));
}

const assetSizes = new Map<string, Promise<number>>();

function assetBytes(url: URL): Promise<number> {
  const known = assetSizes.get(url.href);
  const size =
    known ??
    fetch(url).then(async (answer) => {
      const bytes = await answer.arrayBuffer();
      // Charts are counted as they travel: what they say in coordinates shrinks to a tenth.
      return url.pathname.startsWith('/statistics/') ? gzipSync(bytes).byteLength : bytes.byteLength;
    });
  assetSizes.set(url.href, size);
  return size;
}

async function expectNarrowFits(page: Page): Promise<void> {
  const size = page.viewportSize();
  await page.setViewportSize(NARROW);
  await expectNoSidewaysScroll(page);
  if (size !== null) await page.setViewportSize(size);
}

/** Whatever takes the keyboard shows it (WCAG 2.4.7). */
async function expectVisibleFocus(page: Page, name: string): Promise<void> {
  // From here on the browser knows that somebody uses the keyboard.
  await page.keyboard.press('Tab');
  expectNone(`${name}: focus that cannot be seen`, await page.evaluate<string[]>(HIDDEN_FOCUS));
}

/** The switch leads to the same page, or to the form it answered, in the other language. */
async function expectOtherLanguage(page: Page, { name, locale, response }: PageJudged): Promise<void> {
  const other = locale === 'vi' ? 'en' : 'vi';
  const href = await page.getAttribute(`.languages a[hreflang="${other}"]`, 'href');
  const { request } = page.context();
  const answer = await request.get(href ?? '');
  const back = await request.get((href ?? '').replace(`lang=${other}`, `lang=${locale}`));
  const [shown, present] = [new URL(answer.url()).pathname, new URL(page.url()).pathname];
  const isSamePage = shown === present || (shown !== '/' && present.startsWith(shown));
  expect.soft(isSamePage, `${name}: the other language of ${present} is ${shown}`).toBe(true);
  const isForm = response.request().method() === 'POST';
  expect.soft(answer.status(), `${name}: ${present} in the other language`).toBe(isForm ? 200 : response.status());
  expect.soft(await answer.text(), `${name} in the other language`).toContain(`<html lang="${other}">`);
  expect.soft(await back.text()).toContain(`<html lang="${locale}">`);
}

/** For human eyes, where SCREENSHOTS names a folder. */
async function takeScreenshots(page: Page, { name, locale, scripts }: PageJudged): Promise<void> {
  if (process.env['SCREENSHOTS'] === undefined) return;
  const size = page.viewportSize();
  await page.evaluate('document.activeElement.blur()');
  for (const [screen, width, height] of [
    ['phone', 360, 740],
    ['desktop', 1280, 900],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      if (colorScheme === 'dark' && !scripts) continue;
      await page.emulateMedia({ colorScheme });
      await takeScreenshot(page, `${name}-${locale}-${screen}-${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (size !== null) await page.setViewportSize(size);
}

// What follows runs in the page, as text, because the project is typed for Node and knows no document.

type PageFacts = {
  lang: string;
  title: string;
  headings: number;
  secrets: number;
  revealButtons: number;
  assets: string[];
  unmarkedVietnamese: string[];
};

const FACTS = `(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const vietnamese = /[ăâđêôơưàáạảãằắặẳẵầấậẩẫèéẹẻẽềếệểễìíịỉĩòóọỏõồốộổỗờớợởỡùúụủũừứựửữỳýỵỷỹ]/i;
  // Proper names belong to no language (WCAG 3.1.2).
  const properName = /\\p{Lu}\\p{L}*/gu;
  const unmarked = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (vietnamese.test(data.replaceAll(properName, '')) && parentElement.closest('[lang]').lang !== 'vi' && !parentElement.closest('code')) unmarked.push(data.trim());
  }
  return {
    lang: document.documentElement.lang,
    title: document.title,
    headings: all('h1').length,
    secrets: all('input[data-reveal]').length,
    revealButtons: all('button.reveal').length,
    assets: all('link[rel=stylesheet], link[rel=icon], script[src], main img').map((element) => element.href ?? element.src),
    unmarkedVietnamese: unmarked,
  };
})()`;

type ErrorFacts = { hasSummary: boolean; hasFocus: boolean; count: number; linked: string[]; wronglyTied: string[] };

const ERRORS = `(() => {
  const summary = document.querySelector('.error-summary');
  const links = [...document.querySelectorAll('.error-summary a')];
  const isTied = (link) => {
    const id = link.hash.slice(1);
    const field = document.getElementById(id);
    const beside = document.getElementById(id + '-error');
    const described = field?.closest('fieldset') ?? field;
    const isKnown = (described?.getAttribute('aria-describedby') ?? '').split(' ').includes(id + '-error');
    const isMarked = described !== field || field?.role === 'group' || field?.getAttribute('aria-invalid') === 'true';
    return isKnown && isMarked && beside?.textContent === link.textContent;
  };
  return {
    hasSummary: summary !== null,
    hasFocus: summary !== null && document.activeElement === summary,
    count: document.querySelectorAll('.error-summary li').length,
    linked: links.map((link) => link.hash.slice(1)),
    wronglyTied: links.filter((link) => !isTied(link)).map((link) => link.hash),
  };
})()`;

const HIDDEN_FOCUS = `(() => {
  const takers = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]')];
  const isShown = (style) => style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
  const hidden = [];
  for (const taker of takers.filter((one) => one.checkVisibility())) {
    taker.focus();
    if (!isShown(getComputedStyle(taker)) && !isShown(getComputedStyle(taker, '::after'))) hidden.push(taker.outerHTML);
  }
  return hidden;
})()`;
