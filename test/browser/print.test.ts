import { beforeAll, describe, expect, it } from 'vitest';
import { fillSandbox } from '../../src/fill-sandbox.ts';
import { newVisitor } from '../support/browser.ts';
import { inChromium } from './support/in-chromium.ts';
import { printedPages } from './support/printed-pages.ts';

/** A4 upright without the margins of a printer, in CSS pixels. */
const PAPER = { width: 718, height: 1_047 };

inChromium('A report on paper', { SYNTHETIC_PEOPLE: '1500' }, (stage) => {
  beforeAll(async () => {
    await fillSandbox(stage.test.app);
  });

  describe.each(['vi', 'en'] as const)('in %s', (locale) => {
    const open = async () => {
      const context = await newVisitor(stage.browser, { baseURL: stage.test.issuer, locale, screen: 'desktop' });
      const page = await context.newPage();
      await page.goto('/statistics/report?period=month&of=2026-02-01');
      return { page, leave: () => context.close() };
    };

    it('says the head of its longest table again on each page it goes over, and all of its rows', async () => {
      const { page, leave } = await open();
      const tables = await page.locator('main table').evaluateAll((all) =>
        all.map((table) => ({
          heads: [...table.querySelectorAll('thead th')].map((one) => one.textContent ?? ''),
          rows: [...table.querySelectorAll('tbody th')].map((one) => one.textContent?.trim() ?? ''),
        })),
      );
      const longest = tables.toSorted((a, b) => b.rows.length - a.rows.length)[0] ?? { heads: [], rows: [] };
      expect(longest.rows.length).toBeGreaterThan(100);
      const pages = printedPages(
        await page.pdf({ format: 'A4', margin: { top: '1cm', right: '1cm', bottom: '1cm', left: '1cm' } }),
      );
      expect(pages.length).toBeGreaterThan(3);
      expect(pages.length).toBeLessThan(15);
      const over = pages.filter((one) => longest.rows.some((row) => one.says(row)));
      expect(over.length).toBeGreaterThan(1);
      for (const one of over) expect(longest.heads.filter((head) => !one.says(head))).toEqual([]);
      expect(longest.rows.filter((row) => !pages.some((one) => one.says(row)))).toEqual([]);
      await leave();
    });

    it('is cut nowhere, and breaks no row', async () => {
      const { page, leave } = await open();
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize(PAPER);
      const cut = await page.evaluate<string[]>(`(() => {
        const width = document.documentElement.clientWidth;
        const all = [...document.querySelectorAll('main *')];
        const tooWide = all.filter((one) => one.getBoundingClientRect().right > width + 1);
        const scrolled = all.filter((one) => getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1);
        return [...tooWide, ...scrolled].map((one) => one.tagName + ' ' + one.className);
      })()`);
      expect(cut).toEqual([]);
      const styles = await page.evaluate<{ heads: string[]; rows: string[] }>(`({
        heads: [...document.querySelectorAll('main thead')].map((one) => getComputedStyle(one).display),
        rows: [...document.querySelectorAll('main tbody tr')].map((one) => getComputedStyle(one).breakInside),
      })`);
      expect(new Set(styles.heads)).toEqual(new Set(['table-header-group']));
      expect(new Set(styles.rows)).toEqual(new Set(['avoid']));
      await leave();
    });
  });
});
