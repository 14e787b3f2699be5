import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { launchBrowser } from '../../support/browser.ts';
import { chromiumPath } from '../../support/services.ts';

/** Room for a journey of many pages on a busy machine. */
const JOURNEY_MS = 180_000;

/** There from the first test on. */
export type Stage = { test: TestApp; browser: Browser };

/** One provider and one Chromium for all tests of a file. */
export function inChromium(title: string, env: Record<string, string>, define: (stage: Stage) => void): void {
  describe.skipIf(chromiumPath() === undefined)(title, { timeout: JOURNEY_MS }, () => {
    const stage = {} as Stage;
    beforeAll(async () => {
      // A browser has a clock of its own, and throws away cookies that seem to be of the past.
      stage.test = await startTestApp({ now: new Date(), env });
      stage.browser = await launchBrowser();
    });
    afterAll(async () => {
      await stage.browser.close();
      await stage.test.close();
    });
    define(stage);
  });
}
