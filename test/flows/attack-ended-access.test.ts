import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { giveActivePerson } from '../support/people.ts';
import { ACR, authorizePath, essentialAcr, typeCode, typePassword } from '../support/sign-in-walk.ts';

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
