import type * as cheerio from 'cheerio';
import { generate } from 'otplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCredential } from '../../src/accounts/credential-store.ts';
import { listAuditOfAccount } from '../../src/audit/audit-store.ts';
import {
  connect,
  isSignedIn,
  openAccount,
  openToChange,
  postConfirmed,
  refreshError,
} from '../support/account-walk.ts';
import { startTestApp, type TestApp, type TestBrowser } from '../support/app.ts';
import { giveActivePerson, giveLock, TEST_SECRETS, type TestPerson } from '../support/people.ts';
import { authorizePath, giveAuthenticatorApp, typePassword } from '../support/sign-in-walk.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.close());

const NEW_PASSWORD = 'Hoa_sen#2027';
const NEW_PASSCODE = '730461';
const PASSWORD_FORM = { current_password: TEST_SECRETS.password, new_password: NEW_PASSWORD };

type Part = 'password' | 'passcode' | 'questions' | 'totp';

/** A person whose browser stands at a form of the ways to sign in, with both factors proved. */
async function personAt(part: Part): Promise<{ person: TestPerson; browser: TestBrowser }> {
  const person = await giveActivePerson(test.app);
  const browser = test.browser();
  await openToChange(test, browser, person, `/account/methods/${part}`);
  return { person, browser };
}

async function signsInWith(person: TestPerson, password: string): Promise<boolean> {
  const browser = test.browser();
  const page = await typePassword(browser, await browser.get('/account'), { ...person, password });
  return page.path === '/account';
}

async function actionsOf(person: TestPerson): Promise<string[]> {
  return (await listAuditOfAccount(test.app.db, person.accountId)).map((one) => one.action);
}

describe('changing the password', () => {
  it('ends every other session and every token, keeps this one, and tells the holder', async () => {
    const { person, browser } = await personAt('password');
    const elsewhere = test.browser();
    await openAccount(test, elsewhere, person);
    const connection = await connect(test, test.browser(), person);
    expect(await isSignedIn(elsewhere)).toBe(true);

    const page = await postConfirmed(browser, '/account/methods/password', PASSWORD_FORM);
    expect(page.path).toBe('/account/methods');
    expect(page.$('.notice.success').text()).toContain('Đã đổi mật khẩu');
    expect((await browser.get('/account/methods')).$('.notice.success')).toHaveLength(0);

    expect(await isSignedIn(browser)).toBe(true);
    expect(await isSignedIn(elsewhere)).toBe(false);
    expect(await refreshError(test, connection)).toBe('invalid_grant');
    const [sms = ''] = await test.messages(person.phone);
    expect(sms).toContain('Mat khau');
    expect(sms).toContain('Khong phai ban?');
    expect(sms).toContain('/recover');
    expect(await actionsOf(person)).toContain('credential.password_changed');
    expect(await signsInWith(person, TEST_SECRETS.password)).toBe(false);
    expect(await signsInWith(person, NEW_PASSWORD)).toBe(true);
  });

  it('still keeps this session when the outbox repeats after a crash what was ended', async () => {
    const { person, browser } = await personAt('password');
    await postConfirmed(browser, '/account/methods/password', PASSWORD_FORM);
    await test.messages(person.phone);
    expect(await test.app.outbox.counts()).toEqual({ waiting: 0, dead: 0 });
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('needs the current password and the passcode, each by its own field', async () => {
    const { person, browser } = await personAt('password');
    const wrong = { ...PASSWORD_FORM, current_password: 'Khong_dung#1' };
    const byPassword = await postConfirmed(browser, '/account/methods/password', wrong);
    expect(byPassword.status).toBe(422);
    expect(byPassword.$('.error-summary a').attr('href')).toBe('#current_password');
    const byPasscode = await browser.post('/account/methods/password', { ...PASSWORD_FORM, passcode: '111222' });
    expect(byPasscode.$('.error-summary a').attr('href')).toBe('#passcode');
    for (const page of [byPassword, byPasscode]) {
      expect(
        page
          .$('input[type="password"]')
          .toArray()
          .every((field) => !page.$(field).attr('value')),
      ).toBe(true);
    }
    expect(await signsInWith(person, TEST_SECRETS.password)).toBe(true);
  });

  it('refuses a weak password with every reason, and counts no try for it', async () => {
    const { person, browser } = await personAt('password');
    for (let index = 0; index < 7; index += 1) {
      const page = await browser.post('/account/methods/password', {
        ...PASSWORD_FORM,
        new_password: 'ngan',
        passcode: '',
      });
      expect(page.status).toBe(422);
      expect(page.$('#new_password-error').text()).toContain('ít nhất 8 ký tự');
      expect(page.$('#new_password-error').text()).toContain('chữ số');
    }
    const tail = person.citizenId.slice(-6);
    const page = await postConfirmed(browser, '/account/methods/password', {
      ...PASSWORD_FORM,
      new_password: `Aa#${tail}xyz`,
    });
    expect(page.$('#new_password-error').text()).toContain('số định danh');
    expect((await postConfirmed(browser, '/account/methods/password', PASSWORD_FORM)).path).toBe('/account/methods');
  });

  it('refuses the same password again', async () => {
    const { browser } = await personAt('password');
    const page = await postConfirmed(browser, '/account/methods/password', {
      current_password: TEST_SECRETS.password,
      new_password: TEST_SECRETS.password,
    });
    expect(page.$('#new_password-error').text()).toContain('khác');
  });

  it('is throttled by the account, over all its browsers, and does not lock it', async () => {
    const { person, browser } = await personAt('password');
    const second = test.browser();
    await openToChange(test, second, person, '/account/methods/password');
    const guess = (from: TestBrowser) =>
      from.post('/account/methods/password', { ...PASSWORD_FORM, passcode: '909182' });
    const answers = [];
    for (let index = 0; index < 7; index += 1) answers.push(await guess(index % 2 === 0 ? browser : second));
    expect(answers.map((page) => page.status)).toEqual([422, 422, 422, 422, 422, 429, 429]);
    expect(answers.at(-1)?.headers['retry-after']).toMatch(/^\d+$/);
    expect((await postConfirmed(browser, '/account/methods/password', PASSWORD_FORM)).status).toBe(429);
    expect(await isSignedIn(browser)).toBe(true);
    test.travel({ seconds: 16 * 60 });
    expect((await postConfirmed(browser, '/account/methods/password', PASSWORD_FORM)).path).toBe('/account/methods');
  });

  it('is done once when it is sent twice at once', async () => {
    const { person, browser } = await personAt('password');
    const pages = await Promise.all(
      ['Hoa_sen#2027', 'Hoa_dao#2027'].map((new_password) =>
        postConfirmed(browser, '/account/methods/password', { ...PASSWORD_FORM, new_password }),
      ),
    );
    expect(pages.filter((page) => page.path === '/account/methods')).toHaveLength(1);
    expect(await signsInWith(person, TEST_SECRETS.password)).toBe(false);
  });

  it('is done only in a session of two factors', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await openAccount(test, browser, person);
    const page = await postConfirmed(browser, '/account/methods/password', PASSWORD_FORM);
    expect(page.path).toMatch(/^\/interaction\//);
    expect(await signsInWith(person, TEST_SECRETS.password)).toBe(true);
  });

  it('is not done for an account that was locked meanwhile', async () => {
    const { person, browser } = await personAt('password');
    await giveLock(test.app, person);
    await postConfirmed(browser, '/account/methods/password', PASSWORD_FORM);
    expect(await actionsOf(person)).not.toContain('credential.password_changed');
  });
});

describe('changing the passcode', () => {
  it('needs the current one, tells the holder, and makes the old one worthless', async () => {
    const { person, browser } = await personAt('passcode');
    const wrong = await browser.post('/account/methods/passcode', { passcode: '111222', new_passcode: NEW_PASSCODE });
    expect(wrong.status).toBe(422);
    const page = await postConfirmed(browser, '/account/methods/passcode', { new_passcode: NEW_PASSCODE });
    expect(page.$('.notice.success').text()).toContain('Đã đổi passcode');
    expect((await test.messages(person.phone))[0]).toContain('Passcode');
    await browser.get('/account/methods/passcode');
    const again = await postConfirmed(browser, '/account/methods/passcode', { new_passcode: '846203' });
    expect(again.$('#passcode-error').text()).toContain('không đúng');
  });

  it('refuses weak ones, her birthday among them', async () => {
    const { person, browser } = await personAt('passcode');
    const [year = '', month = '', day = ''] = person.birthOn.split('-');
    for (const new_passcode of [
      '123456',
      '112233',
      `${day}${month}${year.slice(2)}`,
      '12345',
      person.phone.slice(-6),
    ]) {
      const page = await postConfirmed(browser, '/account/methods/passcode', { new_passcode });
      expect(page.status, new_passcode.replaceAll(/\d/g, '0')).toBe(422);
      expect(page.$('#new_passcode-error').text()).not.toBe('');
    }
  });
});

describe('changing the security questions', () => {
  const FORM = { question_1: 'first_pet', answer_1: 'Mèo Mướp', question_2: 'first_job', answer_2: 'thợ mộc' };

  it('replaces both answers, and keeps the choice but not the answers when something is wrong', async () => {
    const { person, browser } = await personAt('questions');
    const wrong = await postConfirmed(browser, '/account/methods/questions', { ...FORM, answer_2: 'meo muop' });
    expect(wrong.$('#answer_2-error').text()).toBe('Câu trả lời thứ hai: phải khác câu trả lời thứ nhất');
    expect(wrong.$('#question_1 option[selected]').attr('value')).toBe('first_pet');
    expect(wrong.text).not.toContain('Mèo Mướp');
    const page = await postConfirmed(browser, '/account/methods/questions', FORM);
    expect(page.path).toBe('/account/methods');
    const credential = await findCredential(test.app.db, person.accountId, 'answer_1');
    expect(credential?.question).toBe('first_pet');
    expect(credential?.secret).not.toContain('meo');
    expect((await test.messages(person.phone))[0]).toContain('Cau hoi bao mat');
  });
});

/** Begins an enrolment and reads the key off the page. */
async function beginEnrolment(browser: TestBrowser): Promise<{ key: string; page: cheerio.CheerioAPI }> {
  const { $ } = await postConfirmed(browser, '/account/methods/totp');
  return { key: $('#totp-key').text().replaceAll(' ', ''), page: $ };
}

function codeOf(key: string, shiftSeconds = 0): Promise<string> {
  return generate({ secret: key, epoch: Math.floor(Date.now() / 1000) + shiftSeconds });
}

describe('an authenticator app', () => {
  it('is on only after a code of it was typed, and then signs in', async () => {
    const { person, browser } = await personAt('totp');
    const { key, page } = await beginEnrolment(browser);
    expect(page('.qr svg path').length).toBeGreaterThan(0);
    expect(key).toMatch(/^[A-Z2-7]{32}$/);
    expect(await findCredential(test.app.db, person.accountId, 'totp')).toBeUndefined();

    const code = await codeOf(key);
    const done = await browser.post('/account/methods/totp/confirm', { code: `${code.slice(0, 3)} ${code.slice(3)}` });
    expect(done.$('.notice.success').text()).toContain('Đã bật ứng dụng xác thực');
    expect((await test.messages(person.phone))[0]).toContain('Ung dung xac thuc');
    expect(await actionsOf(person)).toContain('credential.totp_enrolled');

    const other = test.browser();
    const second = await typePassword(
      other,
      await other.get(authorizePath({ acr_values: 'urn:vn:eid:auth:2' })),
      person,
    );
    const path = `${second.path.split('?')[0]}/second-factor`;
    const replayed = await other.post(path, { method: 'otp', code });
    expect(replayed.status).toBe(422);
    test.travel({ seconds: 60 });
    const fresh = await other.post(path, { method: 'otp', code: await codeOf(key) });
    expect(fresh.$('button[name="decision"]').length).toBe(2);
  });

  it('gives its key to nobody who has not the passcode, and to no other session', async () => {
    const { person, browser } = await personAt('totp');
    const refused = await browser.post('/account/methods/totp', { passcode: '111222' });
    expect(refused.$('#totp-key')).toHaveLength(0);
    await browser.get('/account/methods/totp');
    const { key } = await beginEnrolment(browser);
    const other = test.browser();
    const page = await openToChange(test, other, person, '/account/methods/totp');
    expect(page.$('#totp-key')).toHaveLength(0);
    const stolen = await other.post('/account/methods/totp/confirm', { code: await codeOf(key) });
    expect(stolen.status).toBe(422);
    expect(await findCredential(test.app.db, person.accountId, 'totp')).toBeUndefined();
  });

  it('shows the same key after a reload, and another one after starting again', async () => {
    const { browser } = await personAt('totp');
    const { key } = await beginEnrolment(browser);
    expect((await browser.get('/account/methods/totp')).$('#totp-key').text().replaceAll(' ', '')).toBe(key);
    await browser.get('/account/methods/totp?again');
    expect((await beginEnrolment(browser)).key).not.toBe(key);
    const page = await browser.post('/account/methods/totp/confirm', { code: await codeOf(key) });
    expect(page.$('#code-error').text()).toContain('Mã không đúng');
  });

  it('is not kept in clear', async () => {
    const { browser } = await personAt('totp');
    const { key } = await beginEnrolment(browser);
    const rows = (await test.app.db('totp_enrolments').select()) as unknown[];
    expect(JSON.stringify(rows)).not.toContain(key);
  });

  it('cannot be guessed, and waits ten minutes for its code', async () => {
    const { browser } = await personAt('totp');
    const { key } = await beginEnrolment(browser);
    const wrong = String((Number(await codeOf(key)) + 7) % 1_000_000).padStart(6, '0');
    for (let index = 0; index < 5; index += 1) await browser.post('/account/methods/totp/confirm', { code: wrong });
    const over = await browser.post('/account/methods/totp/confirm', { code: await codeOf(key) });
    expect(over.$('.error-summary').text()).toContain('làm lại từ đầu');

    await browser.get('/account/methods/totp?again');
    const late = await beginEnrolment(browser);
    test.travel({ seconds: 11 * 60 });
    const page = await browser.post('/account/methods/totp/confirm', { code: await codeOf(late.key) });
    expect(page.$('#totp-key')).toHaveLength(0);
  });

  it('is turned on once when its code is sent twice at once', async () => {
    const { person, browser } = await personAt('totp');
    const { key } = await beginEnrolment(browser);
    const code = await codeOf(key);
    const pages = await Promise.all([1, 2].map(() => browser.post('/account/methods/totp/confirm', { code })));
    expect(pages.filter((page) => page.path === '/account/methods')).toHaveLength(1);
    expect((await actionsOf(person)).filter((action) => action === 'credential.totp_enrolled')).toHaveLength(1);
  });

  it('stays on while another one is being set up, and is turned off with the passcode', async () => {
    const { person, browser } = await personAt('totp');
    await giveAuthenticatorApp(test, person);
    const before = await findCredential(test.app.db, person.accountId, 'totp');
    await beginEnrolment(browser);
    expect(await findCredential(test.app.db, person.accountId, 'totp')).toEqual(before);

    await browser.get('/account/methods/totp/remove');
    expect((await browser.post('/account/methods/totp/remove', { passcode: '111222' })).status).toBe(422);
    const page = await postConfirmed(browser, '/account/methods/totp/remove');
    expect(page.$('.notice.success').text()).toContain('Đã tắt');
    expect(await findCredential(test.app.db, person.accountId, 'totp')).toBeUndefined();
    expect((await test.messages(person.phone))[0]).toContain('da tat');
  });
});
