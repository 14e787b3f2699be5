import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestApp, type TestApp, type TestBrowser } from '../support/app.ts';
import { giveActivePerson } from '../support/people.ts';
import { ACR, authorizePath, essentialAcr, signInWholly, typeCode, typePassword } from '../support/sign-in-walk.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.close());

describe('Half a sign-in, with the password proved', () => {
  it('does not outlive the password: after every access ended, the code alone opens nothing', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    const page = await typePassword(browser, await browser.get(authorizePath({ claims: essentialAcr(2) })), person);
    const code = await test.code(person.phone);
    test.travel({ seconds: 2 });
    await test.app.gateway.endAccess(person.accountId);

    const answer = await typeCode(browser, page, code);
    expect(answer.$('#password')).toHaveLength(1);
    expect(await test.app.gateway.listSessions(person.accountId)).toEqual([]);
  });

  it('goes on from a password proved after that', async () => {
    const person = await giveActivePerson(test.app);
    await test.app.gateway.endAccess(person.accountId);
    test.travel({ seconds: 31 });
    const browser = test.browser();
    const page = await typePassword(browser, await browser.get(authorizePath({ acr_values: ACR(2) })), person);
    const answer = await typeCode(browser, page, await test.code(person.phone));
    expect(answer.$('button[name="decision"]')).toHaveLength(2);
  });
});

describe('A password that is changed while the old one is compared', () => {
  afterEach(() => vi.restoreAllMocks());

  /** All access ends after the hash was read and before it is known that it matches, which under load are seconds. */
  const endWhileComparing = (accountId: string): void => {
    const { hasher, gateway } = test.app;
    const compare = hasher.verify.bind(hasher);
    vi.spyOn(hasher, 'verify').mockImplementation(async (...asked) => {
      const verdict = await compare(...asked);
      test.travel({ seconds: 2 });
      await gateway.endAccess(accountId);
      test.travel({ seconds: 2 });
      return verdict;
    });
  };
  const closeAndOpen = (browser: TestBrowser): void => {
    const { jar } = browser.agent as unknown as {
      jar: { setCookie(line: string, domain: string, path: string): void };
    };
    jar.setCookie('session=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/', 'localhost', '/');
  };

  it.each([
    ['ahead of the pages', {}],
    ['by the pages', { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' }],
  ])('signs nobody in (%s)', async (_way, headers) => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await signInWholly(test, browser, person);
    closeAndOpen(browser);
    const start = await browser.get(authorizePath());
    endWhileComparing(person.accountId);
    const answer = await typePassword(browser, start, { ...person, headers });
    expect(answer.$('#password')).toHaveLength(1);
    expect((await browser.get('/account')).$('#password')).toHaveLength(1);
  });

  it('is no half of a sign-in', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    const start = await browser.get(authorizePath({ claims: essentialAcr(2) }));
    endWhileComparing(person.accountId);
    const answer = await typePassword(browser, start, person);
    expect(answer.$('#password')).toHaveLength(1);
    expect(answer.$('input[name="code"]')).toHaveLength(0);
  });
});
