import { afterAll, beforeAll, expect, it } from 'vitest';
import { listRpMonths } from '../../src/accounts/rp-use-store.ts';
import { startProvider, type TestProvider } from '../oidc/support/provider.ts';
import { newBrowser, relyingParty } from '../oidc/support/relying-party.ts';

let provider: TestProvider;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.close());

it('counts each sign-in to a relying party, also one without a page, and its person once', async () => {
  const web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  const browser = newBrowser();
  await web.signIn(browser, 'l2-active');
  // Through the session that is there: no hint, no page.
  const sso = await browser.follow(web.authorizeUrl({ login_hint: undefined }));
  expect(sso.location?.searchParams.get('code')).toBeTruthy();
  // What ends in an error is none.
  await newBrowser().get(web.authorizeUrl({ login_hint: undefined, prompt: 'none' }));
  // Nor is one's own account page.
  await browser.follow(`${provider.issuer}/account`);
  await web.signIn(newBrowser(), 'teen');
  const months = await listRpMonths(provider.app.db, '9999-12-31');
  expect(months.map(({ month: _month, ...rest }) => rest)).toEqual([
    { clientId: 'sandbox-web', signIns: 3, newSubjects: 2 },
  ]);
});
