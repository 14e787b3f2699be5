import type { Browser, BrowserContext, Page, Response } from 'playwright-core';
import { newVisitor, type Visitor } from '../../support/browser.ts';
import { judgePage, type PageExpectation } from './judge-page.ts';

/** Two people who between them have every language, screen, colour scheme and kind of browser: every journey is made by both. Each page is
 *  judged in both colour schemes and at 320 px whoever sees it; scripts add nothing but a button beside a secret (public-pages.test.ts). */
export const CITIZENS = [
  { locale: 'vi', screen: 'phone', scripts: true, colorScheme: 'light' },
  { locale: 'en', screen: 'desktop', scripts: false, colorScheme: 'dark' },
] as const satisfies Omit<Visitor, 'baseURL'>[];

/** Of the title of a test for each of them. */
export const WHO = '($locale, $screen, scripts: $scripts)';

export type CitizenOptions = Visitor & {
  /** Where the browser may go besides our own pages: a relying party. */
  otherOrigin?: string;
};

/** Somebody at a browser: what she does, and `meets`, which demands of the page before her all that is demanded of every page. */
export type Citizen = {
  page: Page;
  context: BrowserContext;
  open(path: string): Promise<void>;
  /** By field name. Selects take an option's value. */
  fill(fields: Record<string, string>): Promise<void>;
  /** Presses a button or link that leads to another page; the page's main button unless told. */
  press(selector?: string): Promise<void>;
  meets(name: string, expected?: PageExpectation): Promise<void>;
  leave(): Promise<void>;
};

const MAIN_BUTTON = 'main button.primary';

export async function newCitizen(browser: Browser, options: CitizenOptions): Promise<Citizen> {
  const { locale = 'vi', scripts = true, baseURL: origin, otherOrigin } = options;
  const context = await newVisitor(browser, options);
  const page = await context.newPage();
  const seen = watch(page, [origin, ...(otherOrigin === undefined ? [] : [otherOrigin])]);
  return {
    page,
    context,
    async open(path) {
      await page.goto(path);
    },
    async fill(fields) {
      for (const [name, value] of Object.entries(fields)) {
        const isSelect = (await page.locator(`select#${name}`).count()) > 0;
        if (isSelect) await page.selectOption(`#${name}`, value);
        else await page.fill(`#${name}`, value);
      }
    },
    async press(selector = MAIN_BUTTON) {
      await Promise.all([page.waitForEvent('load'), page.locator(selector).first().click()]);
    },
    async meets(name, expected = {}) {
      if (seen.document === undefined) throw new Error('No page was opened.');
      await judgePage(page, { name, locale, scripts, origin, response: seen.document, noise: seen.noise }, expected);
    },
    leave: () => context.close(),
  };
}

type Seen = {
  document: Response | undefined;
  /** What a page must never cause: errors on the console (the content security policy's among them) and calls to strangers. */
  noise: string[];
};

function watch(page: Page, origins: readonly string[]): Seen {
  const seen: Seen = { document: undefined, noise: [] };
  page.on('response', (response) => {
    const request = response.request();
    const isDocument = request.isNavigationRequest() && request.frame() === page.mainFrame();
    const isRedirect = response.status() >= 300 && response.status() < 400;
    if (isDocument && !isRedirect) seen.document = response;
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'data:' && !origins.includes(origin)) seen.noise.push(`a request to ${request.url()}`);
  });
  page.on('console', (message) => {
    // A form sent back with its errors has a status of 400 or more, which Chromium reports as if something were missing.
    const isOwnStatus =
      message.text().startsWith('Failed to load resource') && message.location().url === seen.document?.url();
    if (['error', 'warning'].includes(message.type()) && !isOwnStatus) seen.noise.push(message.text());
  });
  page.on('pageerror', (error) => seen.noise.push(error.message));
  return seen;
}
