import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNoAxeViolations, expectNoSidewaysScroll, launchBrowser, newVisitor } from '../support/browser.ts';
import { chromiumPath } from '../support/services.ts';
import { startTown, type Town } from './support/town.ts';

describe.skipIf(chromiumPath() === undefined)('The demo services in Chromium', () => {
  let town: Town;
  let browser: Browser;
  beforeAll(async () => {
    // A browser has a clock of its own, and throws away cookies that seem to be of the past.
    town = await startTown({ now: new Date() });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await town.close();
  });

  const expectGoodPage = async (page: Page): Promise<void> => {
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  };

  it.each([
    { locale: 'vi', screen: 'narrow', colorScheme: 'light', scripts: true },
    { locale: 'en', screen: 'desktop', colorScheme: 'dark', scripts: true },
    { locale: 'en', screen: 'phone', colorScheme: 'dark', scripts: false },
  ] as const)(
    'are usable by everybody ($locale, $screen, $colorScheme, scripts: $scripts)',
    async (visitor) => {
      const { at } = town;
      const context = await newVisitor(browser, { baseURL: at.ihanoi, ...visitor });
      const page = await context.newPage();
      const blocked: string[] = [];
      page.on('console', (message) => {
        if (/Content Security Policy|Refused to/.test(message.text())) blocked.push(message.text());
      });
      for (const address of [
        at.ihanoi,
        `${at.ihanoi}/sign-in?persona=l2-active`,
        `${at.ihanoi}/form`,
        `${at.ihanoi}/received`,
        `${at['so-suc-khoe']}/sign-in?persona=l2-active`,
        `${at['ly-lich-tu-phap']}/sign-in?persona=l2-active`,
        `${at['so-suc-khoe']}/sign-in?persona=l1-active`,
      ]) {
        await page.goto(address);
        await expectGoodPage(page);
      }
      await page.goto(`${at['ly-lich-tu-phap']}/form`);
      await page.click('main form button.primary');
      await page.waitForSelector('.error-summary');
      await expectGoodPage(page);
      expect(await page.evaluate('document.activeElement.className')).toBe('error-summary');
      expect(blocked).toEqual([]);
      await context.close();
    },
    120_000,
  );

  it('sign out through the provider’s page, which the content security policy of both lets happen', async () => {
    const context = await newVisitor(browser, { baseURL: town.at.ihanoi, screen: 'phone' });
    const page = await context.newPage();
    await page.goto('/sign-in?persona=teen');
    await page.click('.demo-account button');
    await page.waitForURL(`${town.issuer}/**`);
    await page.click('button[name=logout]');
    await page.waitForURL(`${town.at.ihanoi}/signed-out*`);
    expect(await page.textContent('h1')).toBe('Bạn đã đăng xuất');
    await context.close();
  });
});
