import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { launchBrowser } from '../support/browser.ts';
import { chromiumPath } from '../support/services.ts';
import { authorizePath } from '../support/sign-in-walk.ts';
import { CITIZENS, newCitizen, WHO } from './support/citizen.ts';

describe.skipIf(chromiumPath() === undefined)('The waiting room in Chromium', { timeout: 180_000 }, () => {
  let test: TestApp;
  let browser: Browser;
  let load = 0;
  beforeAll(async () => {
    test = await startTestApp({ now: new Date(), readLoad: () => load });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await test.close();
  });

  const ticks = async (count: number): Promise<void> => {
    for (let tick = 0; tick < count; tick += 1) {
      test.travel({ seconds: 0.25 });
      await test.app.waitingRoom.tick();
    }
  };
  const overload = async (): Promise<void> => {
    load = 3;
    await ticks(24);
    // A crowd before her, so that there is something to estimate.
    await Promise.all(Array.from({ length: 120 }, () => fetch(`${test.issuer}/`)));
    await ticks(2);
  };
  const letAllIn = async (): Promise<void> => {
    load = 0.1;
    await ticks(400);
    load = 0;
    await ticks(60);
  };

  it.each(CITIZENS)(`waits, sees her place, and goes on where she wanted to ${WHO}`, async (who) => {
    await overload();
    const citizen = await newCitizen(browser, { baseURL: test.issuer, ...who });
    await citizen.open(authorizePath({ state: 'kept' }));
    await citizen.meets('waiting-room');
    await citizen.press();
    await citizen.meets('waiting-room-checked');
    await letAllIn();
    await citizen.press();
    expect(new URL(citizen.page.url()).pathname).toMatch(/^\/interaction\//);
    await citizen.leave();
  });

  it('is told by the script when it is her turn, and is not led away', async () => {
    await overload();
    const citizen = await newCitizen(browser, { baseURL: test.issuer });
    await citizen.page.clock.install();
    await citizen.open('/activate');
    const before = await citizen.page.textContent('#waiting-place');
    await letAllIn();
    await citizen.page.clock.runFor(15_000);
    // Not asked by a function in the page: with its clock installed that would be evaluated there, which our policy forbids.
    await expect.poll(() => citizen.page.textContent('#waiting-place')).toContain('Đã đến lượt');
    expect(before).toMatch(/Còn (?:khoảng|chưa đến)|Chưa ước tính/);
    expect(await citizen.page.textContent('main form button')).toBe('Vào hệ thống');
    expect(new URL(citizen.page.url()).pathname).toBe('/activate');
    await citizen.press();
    expect(await citizen.page.locator('#citizen_id').count()).toBe(1);
    await citizen.leave();
  });
});
