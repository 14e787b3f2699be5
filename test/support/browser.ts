import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
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

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
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

/** A person with a browser of her own: no cookies, the screen and the language asked for, and no movement to wait for. */
export async function newVisitor(browser: Browser, visitor: Visitor): Promise<BrowserContext> {
  const { baseURL, screen = 'phone', locale = 'vi', colorScheme = 'light', scripts = true } = visitor;
  const context = await browser.newContext({
    baseURL,
    viewport: VIEWPORTS[screen],
    isMobile: screen !== 'desktop',
    hasTouch: screen !== 'desktop',
    locale: locale === 'vi' ? 'vi-VN' : 'en-GB',
    timezoneId: 'Asia/Ho_Chi_Minh',
    colorScheme,
    reducedMotion: 'reduce',
  });
  if (!scripts) switchScriptsOff(context);
  return context;
}

type ScriptSwitch = (isOn: boolean) => Promise<void>;
const scriptSwitches = new WeakMap<Page, ScriptSwitch>();

/** By the browser's own switch instead of Playwright's `javaScriptEnabled`, which cannot be turned back while axe, which waits on timers, judges. */
function switchScriptsOff(context: BrowserContext): void {
  const newPage = context.newPage.bind(context);
  context.newPage = async () => {
    const page = await newPage();
    const session = await context.newCDPSession(page);
    const scriptSwitch: ScriptSwitch = async (isOn) => {
      await session.send('Emulation.setScriptExecutionDisabled', { value: !isOn });
    };
    await scriptSwitch(false);
    scriptSwitches.set(page, scriptSwitch);
    return page;
  };
}

/** The page has no WCAG 2.2 A or AA violation that axe can find, and enough contrast in the other colour scheme too. */
export async function expectNoAxeViolations(page: Page): Promise<void> {
  // The page's own script has not run by now, and does not when timers are let run again.
  const scriptSwitch = scriptSwitches.get(page);
  await scriptSwitch?.(true);
  // Evaluated, not added as a script tag: so the page keeps its own content security policy while it is judged.
  await page.evaluate(AXE);
  const violations = await axeViolations(page, { runOnly: WCAG_2_2_AA });
  const isDark = await page.evaluate<boolean>("matchMedia('(prefers-color-scheme: dark)').matches");
  await page.emulateMedia({ colorScheme: isDark ? 'light' : 'dark' });
  violations.push(...(await axeViolations(page, { runOnly: ['color-contrast'] })));
  await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
  await scriptSwitch?.(false);
  expect
    .soft(violations, [`accessibility of ${new URL(page.url()).pathname}`, ...violations].join('\n'))
    .toHaveLength(0);
}

async function axeViolations(page: Page, options: RunOptions): Promise<string[]> {
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`);
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
}

/** Nothing is wider than the screen (WCAG 1.4.10 Reflow, where the screen is `narrow`). */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  // As text, because the project is typed for Node and knows no document.
  const { content, screen } = await page.evaluate<{ content: number; screen: number }>(
    '({ content: document.documentElement.scrollWidth, screen: document.documentElement.clientWidth })',
  );
  expect.soft(content, `width of ${new URL(page.url()).pathname}`).toBeLessThanOrEqual(screen);
}

const screenshots = { directory: undefined as string | undefined };

/** Saves the whole page for human eyes and returns the file. SCREENSHOTS names the folder; otherwise a temporary one is made. */
export async function takeScreenshot(page: Page, name: string): Promise<string> {
  screenshots.directory ??= process.env['SCREENSHOTS'] ?? mkdtempSync(join(tmpdir(), 'dinhdanh-screenshots-'));
  const path = join(screenshots.directory, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}
