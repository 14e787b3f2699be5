import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { giveActivePerson } from '../support/people.ts';
import {
  ACR,
  agree,
  answerOf,
  appCode,
  authorizePath,
  essentialAcr,
  giveAuthenticatorApp,
  interactionPath,
  redeem,
  signInWholly,
  typeCode,
  typePassword,
} from '../support/sign-in-walk.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.close());

const sessionsOf = (person: { accountId: string }) => test.app.gateway.listSessions(person.accountId);

describe('Two people in two tabs of one browser', () => {
  it('are never mixed: the second to sign in ends the session of the first, and her consent is hers alone', async () => {
    const [mai, lan] = [await giveActivePerson(test.app), await giveActivePerson(test.app)];
    const browser = test.browser();
    const tab1 = await browser.get(authorizePath({ state: 'one' }));
    const tab2 = await browser.get(authorizePath({ state: 'two' }));
    const consent1 = await typePassword(browser, tab1, mai);
    const consent2 = await typePassword(browser, tab2, lan);
    expect(consent2.$('button[name="decision"]')).toHaveLength(2);
    expect(await sessionsOf(mai)).toEqual([]);

    const late = await agree(browser, consent1);
    expect(late.location).toBeUndefined();
    const answer = await agree(browser, consent2);
    expect(answerOf(answer)['state']).toBe('two');
    const told = await redeem(test, answer);
    const own = await redeem(test, await signInWholly(test, test.browser(), lan));
    expect(told.idToken['sub']).toBe(own.idToken['sub']);
  });
});

describe('One person in two tabs', () => {
  it('does not carry the strength of one tab into a sign-in that had to be afresh in the other', async () => {
    const person = await giveActivePerson(test.app);
    await giveAuthenticatorApp(test, person);
    const browser = test.browser();
    await signInWholly(test, browser, person);
    const [first] = await sessionsOf(person);
    test.travel({ seconds: 60 });
    // Tab 1 must sign in afresh; tab 2 steps the old session up.
    const tab1 = await browser.get(authorizePath({ prompt: 'login' }));
    const tab2 = await browser.get(authorizePath({ claims: essentialAcr(2) }));
    const strong = await redeem(test, await typeCode(browser, tab2, await appCode(), 'otp'));
    expect(strong.idToken).toMatchObject({ acr: ACR(2), amr: ['pwd', 'otp', 'mfa'] });
    expect(strong.idToken['auth_time']).toBe(Math.floor((first?.signedInAt.getTime() ?? 0) / 1000));

    const afresh = await redeem(test, await typePassword(browser, tab1, person));
    expect(afresh.idToken).toMatchObject({ acr: ACR(1), amr: ['pwd'] });
    expect(Number(afresh.idToken['auth_time'])).toBeGreaterThan(Number(strong.idToken['auth_time']));
    const [session] = await sessionsOf(person);
    expect(session?.authLevel).toBe(1);
  });

  it('cannot answer one tab’s step-up after signing out in the other', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await signInWholly(test, browser, person);
    test.travel({ seconds: 31 });
    const tab = await browser.get(authorizePath({ claims: essentialAcr(2) }));
    const page =
      tab.$('input[name="code"]').length > 0 ? tab : await browser.post(`${interactionPath(tab)}/send-code`, {});
    const code = await test.code(person.phone);
    for (const { uid } of await sessionsOf(person)) await test.app.gateway.endSession(person.accountId, uid);
    expect((await typeCode(browser, page, code)).status).toBe(410);
    expect(await sessionsOf(person)).toEqual([]);
  });
});

describe('A sign-in that must be afresh', () => {
  it.each([
    ['prompt=login', { prompt: 'login' }],
    ['max_age=0', { max_age: '0' }],
    ['max_age=1', { max_age: '1' }],
    [
      'both, with an essential strength that the session has',
      { prompt: 'login', max_age: '0', claims: essentialAcr(1) },
    ],
  ])('gives nothing of the old session when it is cancelled or left: %s', async (_what, params) => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    const before = await redeem(test, await signInWholly(test, browser, person));
    test.travel({ seconds: 5 });
    const page = await browser.get(authorizePath(params));
    expect(page.$('#password')).toHaveLength(1);
    // The address that resumes the request, without an answer given.
    const uid = interactionPath(page).split('/')[2];
    const early = await browser.get(`/authorize/${uid}`);
    expect(early.location).toBeUndefined();

    const again = await browser.get(authorizePath(params));
    const cancelled = await browser.post(`${interactionPath(again)}/return`, {});
    expect(answerOf(cancelled)['error'] ?? 'none').toBe('access_denied');
    const afresh = await redeem(test, await typePassword(browser, await browser.get(authorizePath(params)), person));
    expect(Number(afresh.idToken['auth_time'])).toBeGreaterThan(Number(before.idToken['auth_time']));
  });
});
