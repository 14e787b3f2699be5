import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSignIns } from '../../src/accounts/sign-in-history-store.ts';
import { startTestApp, type TestApp, type TestBrowser, type TestPage } from '../support/app.ts';
import { accountOf, giveActivePerson, giveLock, type TestPerson } from '../support/people.ts';
import {
  ACR,
  agree,
  answerOf,
  appCode,
  authorizePath,
  essentialAcr,
  giveAuthenticatorApp,
  giveClient,
  interactionPath,
  redeem,
  signInWholly,
  typeCode,
  typePassword,
} from '../support/sign-in-walk.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
  await giveClient(test, { id: 'two-factor', leastAuthLevel: 2 });
});
afterAll(() => test.close());

/** As far as the page that asks for the second factor. */
async function comeToSecondFactor(
  person: TestPerson,
  params: Record<string, string> = { acr_values: ACR(2) },
): Promise<{ browser: TestBrowser; page: TestPage }> {
  const browser = test.browser();
  const start = await browser.get(authorizePath(params));
  return { browser, page: await typePassword(browser, start, person) };
}

function wrongFor(code: string): string {
  return code === '111111' ? '222222' : '111111';
}

describe('a code by SMS', () => {
  it('goes to the registered phone after the password, and makes two factors', async () => {
    const person = await giveActivePerson(test.app);
    const { browser, page } = await comeToSecondFactor(person);
    expect(page.$('#code').attr()).toMatchObject({ autocomplete: 'one-time-code', inputmode: 'numeric' });
    expect(page.text).toContain(person.phone.slice(-3));
    expect(page.text).not.toContain(person.phone.slice(-9));
    const { idToken } = await redeem(
      test,
      await agree(browser, await typeCode(browser, page, await test.code(person.phone))),
    );
    expect(idToken).toMatchObject({ acr: ACR(2), amr: ['pwd', 'sms', 'mfa'] });
  });

  it('is taken with the spaces people type', async () => {
    const person = await giveActivePerson(test.app);
    const { browser, page } = await comeToSecondFactor(person);
    const code = await test.code(person.phone);
    const next = await typeCode(browser, page, ` ${code.slice(0, 3)} ${code.slice(3)}`);
    expect(next.$('button[name="decision"]')).toHaveLength(2);
  });

  it('that is older than the newest opens nothing', async () => {
    const person = await giveActivePerson(test.app);
    const { browser, page } = await comeToSecondFactor(person);
    const older = await test.code(person.phone);
    test.travel({ seconds: 31 });
    await browser.post(`${interactionPath(page)}/send-code`, {});
    const newer = await test.code(person.phone);
    const wrong = await typeCode(browser, page, older === newer ? wrongFor(newer) : older);
    expect(wrong.status).toBe(422);
    expect(wrong.$('#code').attr('aria-invalid')).toBe('true');
    expect((await typeCode(browser, page, newer)).$('button[name="decision"]')).toHaveLength(2);
  });

  it('opens one door: the same form sent twice at once signs in once', async () => {
    const person = await giveActivePerson(test.app);
    const { browser, page } = await comeToSecondFactor(person);
    const code = await test.code(person.phone);
    await Promise.all([typeCode(browser, page, code), typeCode(browser, page, code)]);
    const complete = (await listSignIns(test.app.db, person.accountId)).filter((one) => one.outcome === 'signed_in');
    expect(complete).toHaveLength(1);
  });

  it('expires, and the page says that a new one helps', async () => {
    const person = await giveActivePerson(test.app);
    const { browser, page } = await comeToSecondFactor(person);
    const code = await test.code(person.phone);
    test.travel({ seconds: 181 });
    const expired = await typeCode(browser, page, code);
    expect(expired.status).toBe(422);
    expect(expired.$('.error').text()).toContain('hết hiệu lực');
  });

  it('is sent again after waits that grow; two clicks send one', async () => {
    const person = await giveActivePerson(test.app);
    const { browser, page } = await comeToSecondFactor(person);
    const send = (): Promise<TestPage> => browser.post(`${interactionPath(page)}/send-code`, {});
    const early = await send();
    expect(early.status).toBe(429);
    expect(early.headers['retry-after']).toBe('30');
    test.travel({ seconds: 30 });
    const clicks = await Promise.all([send(), send()]);
    expect(new Set(clicks.map(({ status }) => status))).toEqual(new Set([200, 429]));
    expect(await test.messages(person.phone)).toHaveLength(2);
    test.travel({ seconds: 59 });
    expect((await send()).headers['retry-after']).toBe('1');
  });

  it('waits as long after the password was typed again', async () => {
    const person = await giveActivePerson(test.app);
    const { browser, page } = await comeToSecondFactor(person);
    const again = await browser.get(`${interactionPath(page)}?account=other`);
    await typePassword(browser, again, person);
    expect(await test.messages(person.phone)).toHaveLength(1);
  });

  it('is sent to one phone only so often a day', async () => {
    const person = await giveActivePerson(test.app);
    const limit = test.app.config.codesPerPhonePerDay;
    for (let sent = 0; sent < limit; sent += 1) await comeToSecondFactor(person);
    const { browser, page } = await comeToSecondFactor(person);
    expect(await test.messages(person.phone)).toHaveLength(limit);
    const refused = await browser.post(`${interactionPath(page)}/send-code`, {});
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3_600);
  });
});

describe('a code of the authenticator app', () => {
  it('is asked for first, sends no message, and makes two factors', async () => {
    const person = await giveActivePerson(test.app);
    await giveAuthenticatorApp(test, person);
    const { browser, page } = await comeToSecondFactor(person);
    expect(page.$('input[name="method"]').attr('value')).toBe('otp');
    const { idToken } = await redeem(test, await agree(browser, await typeCode(browser, page, await appCode())));
    expect(idToken).toMatchObject({ acr: ACR(2), amr: ['pwd', 'otp', 'mfa'] });
    expect(await test.messages(person.phone)).toEqual([]);
  });

  it('is refused when it was used before, in another sign-in too', async () => {
    const person = await giveActivePerson(test.app);
    await giveAuthenticatorApp(test, person);
    const code = await appCode();
    const first = await comeToSecondFactor(person);
    await typeCode(first.browser, first.page, code);
    const second = await comeToSecondFactor(person);
    const replay = await typeCode(second.browser, second.page, code);
    expect(replay.status).toBe(422);
    expect(replay.$('.error').text()).toContain('đã được dùng');
  });

  it('may be replaced by a message, which says so in amr', async () => {
    const person = await giveActivePerson(test.app);
    await giveAuthenticatorApp(test, person);
    const { browser, page } = await comeToSecondFactor(person);
    const sms = await browser.post(`${interactionPath(page)}/send-code`, {});
    expect(sms.$('input[name="method"]').attr('value')).toBe('sms');
    const done = await agree(browser, await typeCode(browser, sms, await test.code(person.phone)));
    expect((await redeem(test, done)).idToken['amr']).toEqual(['pwd', 'sms', 'mfa']);
    const { page: back, browser: other } = await comeToSecondFactor(person);
    const byApp = await other.get(`${interactionPath(back)}?method=otp`);
    expect(byApp.$('input[name="method"]').attr('value')).toBe('otp');
  });
});

describe('guessing a second factor', () => {
  it('ends after five tries, however they come, and the password must be proved again later', async () => {
    const person = await giveActivePerson(test.app);
    const { browser, page } = await comeToSecondFactor(person);
    const wrong = wrongFor(await test.code(person.phone));
    const answers = await Promise.all(Array.from({ length: 12 }, () => typeCode(browser, page, wrong)));
    const judged = (await listSignIns(test.app.db, person.accountId)).filter((one) => one.outcome === 'wrong_code');
    expect(judged.length).toBeLessThanOrEqual(5);
    expect(answers.some(({ status }) => status === 429)).toBe(true);
    expect((await typeCode(browser, page, await test.code(person.phone))).location).toBeUndefined();
    expect((await browser.get(interactionPath(page))).$('#password')).toHaveLength(1);

    const blocked = await typePassword(browser, page, person);
    expect(blocked.status).toBe(429);
    expect(blocked.headers['retry-after']).toBe('900');
    expect((await accountOf(test.app, person)).status).toBe('active');
    test.travel({ seconds: 901 });
    const open = await typePassword(browser, await browser.get(authorizePath({ acr_values: ACR(2) })), person);
    expect(open.$('#code')).toHaveLength(1);
  });

  it('counts over several interactions and both kinds', async () => {
    const person = await giveActivePerson(test.app);
    await giveAuthenticatorApp(test, person);
    let last: TestPage | undefined;
    for (let round = 0; round < 5; round += 1) {
      const { browser, page } = await comeToSecondFactor(person);
      last = await typeCode(browser, page, '000000', 'otp');
    }
    expect(last?.status).toBe(429);
  });

  it('a code that is no six digits costs no try', async () => {
    const person = await giveActivePerson(test.app);
    const { browser, page } = await comeToSecondFactor(person);
    for (let round = 0; round < 8; round += 1) expect((await typeCode(browser, page, '12345')).status).toBe(422);
    expect((await typeCode(browser, page, await test.code(person.phone))).$('button[name="decision"]')).toHaveLength(2);
  });
});

describe('the steps', () => {
  it('cannot be skipped: a code without a proved password leads to the password', async () => {
    const person = await giveActivePerson(test.app);
    await giveAuthenticatorApp(test, person);
    const browser = test.browser();
    const page = await browser.get(authorizePath({ acr_values: ACR(2) }));
    expect((await typeCode(browser, page, await appCode(), 'otp')).$('#password')).toHaveLength(1);
    expect((await browser.post(`${interactionPath(page)}/send-code`, {})).$('#password')).toHaveLength(1);
    expect(await test.messages(person.phone)).toEqual([]);
  });

  it("cannot be mixed: one interaction's password and code open no other, in the same browser", async () => {
    const person = await giveActivePerson(test.app);
    const { browser } = await comeToSecondFactor(person);
    const code = await test.code(person.phone);
    const other = await browser.get(authorizePath({ acr_values: ACR(2), state: 'other' }));
    expect((await typeCode(browser, other, code)).$('#password')).toHaveLength(1);
    await typePassword(browser, other, person);
    expect(
      (await typeCode(browser, other, code === (await test.code(person.phone)) ? wrongFor(code) : code)).status,
    ).toBe(422);
  });

  it("cannot be mixed: nobody's second factor serves another account than the one whose password was proved", async () => {
    const [first, second] = [await giveActivePerson(test.app), await giveActivePerson(test.app)];
    const { browser, page } = await comeToSecondFactor(first);
    const codeOfFirst = await test.code(first.phone);
    const again = await browser.get(`${interactionPath(page)}?account=other`);
    await typePassword(browser, again, second);
    const codeOfSecond = await test.code(second.phone);
    if (codeOfFirst !== codeOfSecond) expect((await typeCode(browser, page, codeOfFirst)).status).toBe(422);
    const done = await agree(browser, await typeCode(browser, page, codeOfSecond));
    await redeem(test, done);
    expect((await listSignIns(test.app.db, first.accountId)).map(({ outcome }) => outcome)).toEqual([]);
    expect((await listSignIns(test.app.db, second.accountId))[0]?.outcome).toBe('signed_in');
  });

  it('stop when the account is locked half-way', async () => {
    const person = await giveActivePerson(test.app);
    const { browser, page } = await comeToSecondFactor(person);
    const code = await test.code(person.phone);
    await giveLock(test.app, person);
    const after = await typeCode(browser, page, code);
    expect(after.$('h1').text()).toContain('bị khóa');
    expect((await listSignIns(test.app.db, person.accountId)).some(({ outcome }) => outcome === 'signed_in')).toBe(
      false,
    );
  });

  it('are over after half an hour', async () => {
    const person = await giveActivePerson(test.app);
    await giveAuthenticatorApp(test, person);
    const { browser, page } = await comeToSecondFactor(person);
    test.travel({ seconds: test.app.config.attemptLifetimeSeconds + 1 });
    const late = await typeCode(browser, page, await appCode());
    expect(late.location).toBeUndefined();
    expect(late.$('#code')).toHaveLength(0);
  });
});

describe('a step-up', () => {
  it('asks a session of one factor for the second alone, within the same request', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    const weak = await redeem(test, await signInWholly(test, browser, person));
    test.travel({ seconds: 60 });
    const page = await browser.get(authorizePath({ claims: essentialAcr(2) }));
    expect(page.$('#password')).toHaveLength(0);
    expect(await test.messages(person.phone)).toEqual([]);
    const sent = await browser.post(`${interactionPath(page)}/send-code`, {});
    const { idToken } = await redeem(test, await typeCode(browser, sent, await test.code(person.phone)));
    expect(idToken).toMatchObject({ acr: ACR(2), amr: ['pwd', 'sms', 'mfa'], sub: weak.idToken['sub'] });
  });

  it('does not make the password younger than it is', async () => {
    const person = await giveActivePerson(test.app);
    await giveAuthenticatorApp(test, person);
    const browser = test.browser();
    const signedInAt = Math.floor(Date.now() / 1000);
    await signInWholly(test, browser, person);
    test.travel({ seconds: 600 });
    const page = await browser.get(authorizePath({ acr_values: ACR(2), max_age: '3600' }));
    const { idToken } = await redeem(test, await typeCode(browser, page, await appCode()));
    expect(idToken['auth_time']).toBe(signedInAt);
  });

  it('of a service that always needs two factors is asked for without any parameter', async () => {
    const person = await giveActivePerson(test.app);
    await giveAuthenticatorApp(test, person);
    const browser = test.browser();
    await signInWholly(test, browser, person);
    const page = await browser.get(authorizePath({ client_id: 'two-factor' }));
    expect(page.$('input[name="method"]').attr('value')).toBe('otp');
  });

  it('starts from the password when the sign-in must be fresh', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await signInWholly(test, browser, person);
    const page = await browser.get(authorizePath({ acr_values: ACR(2), prompt: 'login' }));
    expect(page.$('#password')).toHaveLength(1);
  });

  it('may be left for another account', async () => {
    const [first, second] = [await giveActivePerson(test.app), await giveActivePerson(test.app)];
    const browser = test.browser();
    await signInWholly(test, browser, first);
    const page = await browser.get(authorizePath({ acr_values: ACR(2) }));
    const other = await browser.get(page.$('a[href$="account=other"]').attr('href') ?? '');
    const asked = await typePassword(browser, other, second);
    const done = await agree(browser, await typeCode(browser, asked, await test.code(second.phone)));
    expect((await redeem(test, done)).idToken['acr']).toBe(ACR(2));
  });
});

describe('a strength that cannot be reached', () => {
  it('is explained to the person, and then told to the relying party as what it is', async () => {
    const browser = test.browser();
    const page = await browser.get(authorizePath({ claims: essentialAcr(3) }));
    expect(page.status).toBe(200);
    expect(page.$('#password')).toHaveLength(0);
    expect(page.$('h1').text()).toContain('yêu cầu xác thực');
    const answer = answerOf(await browser.post(`${interactionPath(page)}/return`, {}));
    expect(answer['error']).toBe('unmet_authentication_requirements');
  });

  it('for someone without phone and app: explained where it is essential, left out where it is not', async () => {
    const person = await giveActivePerson(test.app, { hasPhone: false });
    const essential = await comeToSecondFactor(person, { claims: essentialAcr(2) });
    expect(essential.page.$('h1').text()).toContain('xác thực thứ hai');
    const refused = answerOf(await essential.browser.post(`${interactionPath(essential.page)}/return`, {}));
    expect(refused['error']).toBe('unmet_authentication_requirements');

    const voluntary = await comeToSecondFactor(person, { acr_values: ACR(2) });
    const { idToken } = await redeem(test, await agree(voluntary.browser, voluntary.page));
    expect(idToken).toMatchObject({ acr: ACR(1), amr: ['pwd'] });
  });
});
