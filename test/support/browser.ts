import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { chromiumPath } from './services.ts';

/** Chromium makes no call of its own, and each launch has a profile of its own. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const VIEWPORTS = {
  narrow: { width: 320, height: 640 },
  phone: { width: 360, height: 740 },
  desktop: { width: 1280, height: 900 },
} as const;

const WCAG_2_2_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export type Visitor = {
  baseURL: string;
  screen?: keyof typeof VIEWPORTS;
  locale?: 'vi' | 'en';
  colorScheme?: 'light' | 'dark';
  /** False: a browser with JavaScript switched off. */
  scripts?: boolean;
};

export async function launchBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error('There is no Chromium: skip by chromiumPath() first.');
  return await chromium.launch({ executablePath, args: ARGUMENTS });
}

/** A person with a browser of her own: no cookies, the screen and the language asked for. */
export async function newVisitor(browser: Browser, visitor: Visitor): Promise<BrowserContext> {
  const context = await browser.newContext(contextOptions(visitor));
  visitorOf.set(context, visitor);
  return context;
}

const visitorOf = new WeakMap<BrowserContext, Visitor>();

function contextOptions(visitor: Visitor): BrowserContextOptions {
  const { baseURL, screen = 'phone', locale = 'vi', colorScheme = 'light', scripts = true } = visitor;
  return {
    baseURL,
    viewport: VIEWPORTS[screen],
    isMobile: screen !== 'desktop',
    hasTouch: screen !== 'desktop',
    locale: locale === 'vi' ? 'vi-VN' : 'en-GB',
    timezoneId: 'Asia/Ho_Chi_Minh',
    colorScheme,
    javaScriptEnabled: scripts,
  };
}

/** The page has no WCAG 2.2 A or AA violation that axe can find. */
export async function expectNoAxeViolations(page: Page): Promise<void> {
  const visitor = visitorOf.get(page.context());
  const violations = visitor?.scripts === false ? await axeWithoutScripts(page, visitor) : await axeViolations(page);
  expect(violations, `accessibility of ${new URL(page.url()).pathname}`).toEqual([]);
}

async function axeViolations(page: Page): Promise<string[]> {
  // Evaluated, not added as a script tag: so the page keeps its own content security policy while it is judged.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (tags) => (globalThis as unknown as { axe: typeof axe }).axe.run({ runOnly: { type: 'tag', values: tags } }),
    WCAG_2_2_AA,
  );
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
}

/**
 * axe waits on timers, which do not fire where JavaScript is off. So the document as it stands is shown at its own address to a twin
 * of the visitor, whose browser runs axe and none of the page's scripts.
 */
async function axeWithoutScripts(page: Page, visitor: Visitor): Promise<string[]> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('The page belongs to no browser.');
  const body = (await page.content()).replaceAll(/<\/?noscript>/g, '');
  const twin = await browser.newContext(contextOptions({ ...visitor, scripts: true }));
  try {
    const shown = await twin.newPage();
    await shown.route(page.url(), (route) =>
      route.fulfill({
        body,
        contentType: 'text/html; charset=utf-8',
        headers: { 'content-security-policy': "script-src 'none'" },
      }),
    );
    await shown.goto(page.url());
    return await axeViolations(shown);
  } finally {
    await twin.close();
  }
}

/** Nothing is wider than the screen (WCAG 1.4.10 Reflow, where the screen is `narrow`). */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  // As text, because the project is typed for Node and knows no document.
  const { content, screen } = await page.evaluate<{ content: number; screen: number }>(
    '({ content: document.documentElement.scrollWidth, screen: document.documentElement.clientWidth })',
  );
  expect(content, `width of ${new URL(page.url()).pathname}`).toBeLessThanOrEqual(screen);
}

const screenshots = { directory: undefined as string | undefined };

/** Saves the whole page for human eyes and returns the file. SCREENSHOTS names the folder; otherwise a temporary one is made. */
export async function takeScreenshot(page: Page, name: string): Promise<string> {
  screenshots.directory ??= process.env['SCREENSHOTS'] ?? mkdtempSync(join(tmpdir(), 'dinhdanh-screenshots-'));
  const path = join(screenshots.directory, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}
