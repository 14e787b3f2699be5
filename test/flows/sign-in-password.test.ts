import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSignIns } from '../../src/accounts/sign-in-history-store.ts';
import { listAuditOfAccount } from '../../src/audit/audit-store.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { accountOf, giveActivePerson, givePendingPerson } from '../support/people.ts';
import {
  agree,
  answerOf,
  authorizePath,
  interactionPath,
  redeem,
  signInWholly,
  told,
  typePassword,
} from '../support/sign-in-walk.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.close());

describe('signing in with a password', () => {
  it('gives the relying party a code, and a token that says exactly what was verified', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    const { idToken } = await redeem(
      test,
      await signInWholly(test, browser, person, { acr_values: 'urn:vn:eid:auth:1' }),
    );
    expect(idToken).toMatchObject({
      acr: 'urn:vn:eid:auth:1',
      amr: ['pwd'],
      auth_time: Math.floor(Date.now() / 1000),
    });
  });

  it('takes an id with the spaces people type or paste', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    const spaced = ` ${person.citizenId.slice(0, 3)} ${person.citizenId.slice(3, 6)}\u00a0${person.citizenId.slice(6)} `;
    const page = await typePassword(browser, await browser.get(authorizePath()), { citizenId: spaced });
    expect(page.$('button[name="decision"]')).toHaveLength(2);
  });

  it('tells browsers and password managers what the fields are, and shows digits on a phone', async () => {
    const page = await test.browser().get(authorizePath());
    expect(page.status).toBe(200);
    expect(page.$('#citizen_id').attr()).toMatchObject({ autocomplete: 'username', inputmode: 'numeric' });
    expect(page.$('#password').attr()).toMatchObject({ autocomplete: 'current-password', type: 'password' });
    expect(page.text).not.toMatch(/onpaste/i);
  });

  it('says which field is not filled in right, without judging anything', async () => {
    const browser = test.browser();
    const start = await browser.get(authorizePath());
    for (const [citizenId, password, field] of [
      ['', 'x', 'citizen_id'],
      ['12345', 'x', 'citizen_id'],
      ['999185000001', '', 'password'],
    ] as const) {
      const page = await typePassword(browser, start, { citizenId, password });
      expect(page.status).toBe(422);
      expect(page.$(`.error-summary a[href="#${field}"]`)).toHaveLength(1);
      expect(page.$(`#${field}`).attr('aria-invalid')).toBe('true');
    }
  });

  it('answers the same for a wrong password, an unknown id, an account without password and a province that does not exist', async () => {
    const active = await giveActivePerson(test.app);
    const pending = await givePendingPerson(test.app);
    const pages = [];
    for (const citizenId of [active.citizenId, pending.citizenId, '999199654321', '000185000001']) {
      const browser = test.browser();
      const start = await browser.get(authorizePath());
      pages.push(await typePassword(browser, start, { citizenId, password: 'Khong_dung#1' }));
    }
    expect(new Set(pages.map((page) => page.status))).toEqual(new Set([422]));
    expect(new Set(pages.map(told)).size).toBe(1);
    expect(pages[0]?.$('.error-summary').text()).toContain('không đúng');
  });

  it('never shows the password again', async () => {
    const browser = test.browser();
    const start = await browser.get(authorizePath());
    const page = await typePassword(browser, start, { citizenId: '999185000001', password: 'Khong_dung#1' });
    expect(page.text).not.toContain('Khong_dung#1');
  });

  it('is recorded for the holder, wrong tries too, with browser and system only', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    const headers = { 'User-Agent': 'Mozilla/5.0 (Linux; Android 14; SM-A556E) Chrome/131.0.0.0 Mobile Safari/537.36' };
    const start = await browser.get(authorizePath());
    await typePassword(browser, start, { ...person, password: 'Khong_dung#1', headers });
    await typePassword(browser, start, { ...person, headers });
    expect(await listSignIns(test.app.db, person.accountId)).toMatchObject([
      { outcome: 'signed_in', clientId: 'sandbox-spa', authLevel: 1, amr: ['pwd'], deviceLabel: 'Chrome (Android)' },
      { outcome: 'wrong_password', clientId: 'sandbox-spa', deviceLabel: 'Chrome (Android)' },
    ]);
    const actions = (await listAuditOfAccount(test.app.db, person.accountId)).map(({ action }) => action);
    expect(actions.slice(0, 3).toSorted()).toEqual(['sign_in.failed', 'sign_in.first', 'sign_in.succeeded']);
  });

  it('counts as the first sign-in when it is complete, and only once', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    const start = await browser.get(authorizePath({ acr_values: 'urn:vn:eid:auth:2' }));
    await typePassword(browser, start, person);
    expect((await accountOf(test.app, person)).firstLoginAt).toBeUndefined();
    await signInWholly(test, test.browser(), person);
    const first = (await accountOf(test.app, person)).firstLoginAt;
    expect(first).toEqual(test.app.clock());
    test.travel({ seconds: 60 });
    await signInWholly(test, test.browser(), person);
    expect((await accountOf(test.app, person)).firstLoginAt).toEqual(first);
  });
});

describe('what the relying party asks of the sign-in', () => {
  it('a hint prefills the field only when it is a citizen id', async () => {
    const person = await giveActivePerson(test.app);
    const hinted = await test.browser().get(authorizePath({ login_hint: person.citizenId }));
    expect(hinted.$('#citizen_id').attr('value')).toBe(person.citizenId);
    expect(hinted.path).not.toContain(person.citizenId);
    const junk = await test.browser().get(authorizePath({ login_hint: 'a"><script>' }));
    expect(junk.$('#citizen_id').attr('value')).toBe('');
  });

  it('ui_locales chooses the language, and a later choice of the person wins', async () => {
    const browser = test.browser();
    const page = await browser.get(authorizePath({ ui_locales: 'en-GB vi' }));
    expect(page.$('html').attr('lang')).toBe('en');
    const switched = await browser.get(`${interactionPath(page)}?lang=vi`);
    expect(switched.$('html').attr('lang')).toBe('vi');
    const wrong = await typePassword(browser, page, { citizenId: '999185000001', password: 'x' });
    expect(wrong.$('html').attr('lang')).toBe('vi');
  });

  it('the language switch works on a page that answered a form', async () => {
    const browser = test.browser();
    const start = await browser.get(authorizePath());
    const wrong = await typePassword(browser, start, { citizenId: '999185000001', password: 'x' });
    const switched = await browser.get(wrong.$('.languages a[lang="en"]').attr('href') ?? '');
    expect(switched.status).toBe(200);
    expect(switched.$('html').attr('lang')).toBe('en');
    expect(switched.path).toBe(interactionPath(start));
  });

  it('with a session there is no page at all', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await signInWholly(test, browser, person);
    expect(answerOf(await browser.get(authorizePath()))).toHaveProperty('code');
  });

  it('prompt=login asks again, and auth_time is the new one', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await signInWholly(test, browser, person);
    test.travel({ seconds: 100 });
    const page = await browser.get(authorizePath({ prompt: 'login', max_age: '10000' }));
    expect(page.$('.lead').text()).toContain('đăng nhập lại');
    const { idToken } = await redeem(test, await typePassword(browser, page, person));
    expect(idToken['auth_time']).toBe(Math.floor(Date.now() / 1000));
  });

  it('max_age asks again only when the sign-in is older', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await signInWholly(test, browser, person);
    test.travel({ seconds: 100 });
    expect(answerOf(await browser.get(authorizePath({ max_age: '200' })))).toHaveProperty('code');
    expect((await browser.get(authorizePath({ max_age: '50' }))).$('#password')).toHaveLength(1);
  });

  it('another person may sign in at the prompt, and gets her own token', async () => {
    const [first, second] = [await giveActivePerson(test.app), await giveActivePerson(test.app)];
    const browser = test.browser();
    const before = await redeem(test, await signInWholly(test, browser, first));
    let page = await typePassword(browser, await browser.get(authorizePath({ prompt: 'login' })), second);
    page = await agree(browser, page);
    const after = await redeem(test, page);
    expect(after.idToken['sub']).not.toBe(before.idToken['sub']);
  });

  it('may be declined: the relying party learns only that access was denied', async () => {
    const browser = test.browser();
    const page = await browser.get(authorizePath());
    const answer = answerOf(await browser.post(`${interactionPath(page)}/return`, {}));
    expect(answer).toMatchObject({ error: 'access_denied', state: 'walk' });
  });
});

describe('an interaction', () => {
  it('opens in the browser that began it and in no other', async () => {
    const person = await giveActivePerson(test.app);
    const hers = test.browser();
    const page = await hers.get(authorizePath());
    const stranger = test.browser();
    await stranger.get(authorizePath());
    expect((await stranger.get(interactionPath(page))).status).toBe(410);
    expect((await typePassword(stranger, page, person)).status).toBe(410);
  });

  it('is over once it is answered', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    const page = await browser.get(authorizePath());
    await browser.post(`${interactionPath(page)}/return`, {});
    expect((await typePassword(browser, page, person)).status).toBe(410);
  });

  it('takes no form that another site sent', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    const page = await browser.get(authorizePath());
    const sent = await typePassword(browser, page, { ...person, headers: { Origin: 'https://evil.example' } });
    expect(sent.status).toBe(403);
  });

  it('lets its forms end at the relying party, and nowhere else', async () => {
    const page = await test.browser().get(authorizePath());
    expect(page.headers['content-security-policy']).toContain("form-action 'self' http://localhost:8080;");
  });

  it('with a password alone gives no consent page of its own making', async () => {
    const browser = test.browser();
    const page = await browser.get(authorizePath());
    const sent = await browser.post(`${interactionPath(page)}/consent`, { decision: 'allow', scope: ['residence'] });
    expect(sent.status).toBe(410);
  });
});
