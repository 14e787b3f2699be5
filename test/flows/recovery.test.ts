import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockAccount } from '../../src/accounts/lock-account.ts';
import { changePerson } from '../../src/accounts/person-store.ts';
import type { PhoneNumber } from '../../src/domain/phone-number.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { connect, isSignedIn, openAccount, postConfirmed, refreshError } from '../support/account-walk.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import {
  giveActivePerson,
  giveGrant,
  giveLock,
  givePendingPerson,
  givePerson,
  giveSecrets,
  TEST_SECRETS,
} from '../support/people.ts';
import { actionsOf, CARD, proveOwnPhone, signsInWith, startRecovery, walkToSecret } from '../support/recovery-walk.ts';
import { appCode, giveAuthenticatorApp } from '../support/sign-in-walk.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.close());

const NEW_PASSWORD = 'Hoa_sen#2027';
const NEW_PASSCODE = '730461';

describe('a forgotten password', () => {
  it('is set anew by SMS and the issue date of the card; everything signed in ends and the holder is told', async () => {
    const person = await giveActivePerson(test.app);
    const connection = await connect(test, test.browser(), person);
    const elsewhere = test.browser();
    await openAccount(test, elsewhere, person);

    const browser = test.browser();
    const secret = await walkToSecret(test, browser, person);
    expect(secret.path).toBe('/recover/secret');
    const done = await browser.post('/recover/secret', { password: NEW_PASSWORD });
    expect(done.$('h1').text()).toBe('Đã đặt mật khẩu mới');

    expect(await isSignedIn(elsewhere)).toBe(false);
    expect(await refreshError(test, connection)).toBe('invalid_grant');
    expect((await test.messages(person.phone))[0]).toMatch(/^Mat khau .* Khong phai ban\?/);
    expect(await test.app.db('known_devices').where({ account_id: person.accountId })).toEqual([]);
    expect(await actionsOf(test, person)).toEqual(
      expect.arrayContaining(['recovery.started', 'recovery.completed', 'credential.password_changed']),
    );
    expect(await signsInWith(test, person, TEST_SECRETS.password)).toBe(false);
    expect(await signsInWith(test, person, NEW_PASSWORD)).toBe(true);
  });

  it('asks for the authenticator app where one is on, and not for the card', async () => {
    const person = await giveActivePerson(test.app);
    await giveAuthenticatorApp(test, person);
    const browser = test.browser();
    const page = await proveOwnPhone(test, browser, person);
    expect(page.$('#code')).toHaveLength(1);
    expect(page.$('#card_issued_on')).toHaveLength(0);
    const byCard = await browser.post('/recover/proof', { card_issued_on: CARD });
    expect(byCard.status).toBe(422);
    const code = await appCode();
    expect((await browser.post('/recover/proof', { code })).path).toBe('/recover/secret');
  });

  it('does not take a code of the app twice', async () => {
    const person = await giveActivePerson(test.app);
    await giveAuthenticatorApp(test, person);
    const [first, second] = [test.browser(), test.browser()];
    await proveOwnPhone(test, first, person);
    await proveOwnPhone(test, second, person);
    const code = await appCode();
    expect((await first.post('/recover/proof', { code })).path).toBe('/recover/secret');
    expect((await second.post('/recover/proof', { code })).status).toBe(422);
  });

  it('is not blocked by her own wrong tries before', async () => {
    const person = await giveActivePerson(test.app);
    for (let index = 0; index < 5; index += 1) await signsInWith(test, person, 'Khong_dung#1');
    expect(await signsInWith(test, person, TEST_SECRETS.password)).toBe(false);
    const browser = test.browser();
    await walkToSecret(test, browser, person);
    await browser.post('/recover/secret', { password: NEW_PASSWORD });
    expect(await signsInWith(test, person, NEW_PASSWORD)).toBe(true);
  });

  it('refuses a weak one with every reason, and takes a good one after it', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await walkToSecret(test, browser, person);
    const weak = await browser.post('/recover/secret', { password: 'ngan' });
    expect(weak.status).toBe(422);
    expect(weak.$('#password-error').text()).toContain('ít nhất 8 ký tự. Thêm ít nhất một chữ số');
    expect((await browser.post('/recover/secret', { password: NEW_PASSWORD })).path).toBe('/recover/done');
  });
});

describe('a forgotten passcode', () => {
  it('is set anew the same way, and the password stays', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await walkToSecret(test, browser, person, 'passcode');
    const [year = '', month = '', day = ''] = person.birthOn.split('-');
    const weak = await browser.post('/recover/secret', { passcode: `${day}${month}${year.slice(2)}` });
    expect(weak.$('#passcode-error').text()).toContain('ngày sinh');
    const done = await browser.post('/recover/secret', { passcode: NEW_PASSCODE });
    expect(done.$('h1').text()).toBe('Đã đặt passcode mới');
    expect((await test.messages(person.phone))[0]).toMatch(/^Passcode /);

    const account = test.browser();
    await openAccount(test, account, person, '/account/lock');
    expect((await postConfirmed(account, '/account/lock')).status).toBe(422);
    expect((await account.post('/account/lock', { passcode: NEW_PASSCODE })).$('h1').text()).toBe('Tài khoản đã khóa');
  });

  it('is not set by what is sent for the password', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await walkToSecret(test, browser, person, 'passcode');
    expect((await browser.post('/recover/secret', { password: NEW_PASSWORD })).status).toBe(422);
    expect(await signsInWith(test, person, TEST_SECRETS.password)).toBe(true);
  });
});

describe('an account that cannot be recovered', () => {
  it('says so, each in its own page, once the phone is proved', async () => {
    const locked = await giveActivePerson(test.app);
    await giveLock(test.app, locked);
    const deceased = await giveActivePerson(test.app);
    await giveLock(test.app, deceased, 'death');
    const pending = await givePendingPerson(test.app);
    const imported = await givePerson(test.app);
    await giveGrant(test.app, imported, { status: 'activated' });
    const withoutCard = await giveActivePerson(test.app);
    await test.app.db('persons').where({ id: withoutCard.personId }).update({ card_issued_on: null });
    const titles = [];
    for (const person of [locked, deceased, pending, imported, withoutCard]) {
      const page = await proveOwnPhone(test, test.browser(), person);
      expect(page.path).toBe('/recover/done');
      titles.push(page.$('h1').text());
    }
    expect(titles).toEqual([
      'Tài khoản đang bị khóa',
      'Không đặt lại được cho tài khoản này',
      'Tài khoản này chưa có mật khẩu',
      'Tài khoản này chưa có mật khẩu',
      'Không xác minh thêm được trên web',
    ]);
  });

  it('sends who has no password to the activation', async () => {
    const imported = await givePerson(test.app);
    await giveGrant(test.app, imported, { status: 'activated' });
    const page = await proveOwnPhone(test, test.browser(), imported);
    expect(page.$('main a.primary').attr('href')).toBe('/activate');
  });

  it('is left alone when it was locked, or its phone changed, between the proofs and the new secret', async () => {
    const [locked, moved] = [await giveActivePerson(test.app), await giveActivePerson(test.app)];
    const [first, second] = [test.browser(), test.browser()];
    await walkToSecret(test, first, locked);
    await walkToSecret(test, second, moved);
    await inTransaction(test.app.db, (tx) =>
      lockAccount(tx, test.app, {
        accountId: locked.accountId,
        ground: 'authority_request',
        reason: 'test',
        actor: { kind: 'operator', id: 'test' },
        requestedBy: 'test',
        now: test.app.clock(),
      }),
    );
    await changePerson(
      test.app.db,
      test.app.vault,
      { id: moved.personId, phone: '+84977665544' as PhoneNumber },
      test.app.clock(),
    );
    expect((await first.post('/recover/secret', { password: NEW_PASSWORD })).$('h1').text()).toBe(
      'Tài khoản đang bị khóa',
    );
    expect((await second.post('/recover/secret', { password: NEW_PASSWORD })).$('h1').text()).toBe(
      'Tài khoản vừa thay đổi ở nơi khác',
    );
    expect(await signsInWith(test, moved, TEST_SECRETS.password)).toBe(true);
  });
});

describe('the attempt', () => {
  it('can be reloaded and gone back in; no step can be skipped or replayed', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await startRecovery(browser, person);
    for (const path of ['/recover/proof', '/recover/secret', '/recover/done'])
      expect((await browser.get(path)).path).toBe('/recover/code');
    expect((await browser.post('/recover/secret', { password: NEW_PASSWORD })).path).toBe('/recover/code');
    const code = await test.code(person.phone);
    expect((await browser.post('/recover/code', { code })).path).toBe('/recover/proof');
    expect((await browser.get('/recover/code')).path).toBe('/recover/proof');
    expect((await browser.post('/recover/code', { code })).path).toBe('/recover/proof');
    expect((await browser.post('/recover/secret', { password: NEW_PASSWORD })).path).toBe('/recover/proof');
    await browser.post('/recover/proof', { card_issued_on: CARD });
    await browser.post('/recover/secret', { password: NEW_PASSWORD });
    expect((await browser.post('/recover/secret', { password: 'Hoa_dao#2028' })).path).toBe('/recover/done');
    expect(await signsInWith(test, person, NEW_PASSWORD)).toBe(true);
    expect((await browser.get('/recover')).$('.notice')).toHaveLength(0);
  });

  it('opens nothing in another browser, and nothing with another one’s code', async () => {
    const [a, b] = [await giveActivePerson(test.app), await giveActivePerson(test.app)];
    const [browserOfA, browserOfB] = [test.browser(), test.browser()];
    await startRecovery(browserOfA, a);
    await startRecovery(browserOfB, b);
    const [codeOfA, codeOfB] = [await test.code(a.phone), await test.code(b.phone)];
    if (codeOfA !== codeOfB) expect((await browserOfB.post('/recover/code', { code: codeOfA })).status).toBe(422);
    expect((await test.browser().get('/recover/code')).path).toBe('/recover');
  });

  it('ends after half an hour, and says so', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await walkToSecret(test, browser, person);
    test.travel({ seconds: 31 * 60 });
    expect((await browser.post('/recover/secret', { password: NEW_PASSWORD })).path).toBe('/recover');
    expect(await signsInWith(test, person, TEST_SECRETS.password)).toBe(true);
  });

  it('sends a new code with growing waits; only the newest counts', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await startRecovery(browser, person);
    const old = await test.code(person.phone);
    expect((await browser.post('/recover/code/resend', {})).status).toBe(429);
    test.travel({ seconds: 31 });
    expect((await browser.post('/recover/code/resend', {})).$('.notice.success').text()).toContain('Đã gửi mã mới');
    const newest = await test.code(person.phone);
    if (old !== newest) expect((await browser.post('/recover/code', { code: old })).status).toBe(422);
    expect((await browser.post('/recover/code', { code: newest })).path).toBe('/recover/proof');
  });

  it('completes once when the last form is sent twice at once', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await walkToSecret(test, browser, person);
    await Promise.all([NEW_PASSWORD, 'Hoa_dao#2028'].map((password) => browser.post('/recover/secret', { password })));
    expect((await actionsOf(test, person)).filter((action) => action === 'recovery.completed')).toHaveLength(1);
    const working = await Promise.all(
      [NEW_PASSWORD, 'Hoa_dao#2028'].map((password) => signsInWith(test, person, password)),
    );
    expect(working.filter(Boolean)).toHaveLength(1);
  });

  it('of two devices at once only one completes, and the other is told', async () => {
    const person = await giveActivePerson(test.app);
    const browsers = [test.browser(), test.browser()];
    for (const browser of browsers) await walkToSecret(test, browser, person);
    const pages = await Promise.all(
      browsers.map((browser) => browser.post('/recover/secret', { password: NEW_PASSWORD })),
    );
    expect(pages.map((page) => page.$('h1').text()).toSorted()).toEqual(
      ['Tài khoản vừa thay đổi ở nơi khác', 'Đã đặt mật khẩu mới'].toSorted(),
    );
    expect((await actionsOf(test, person)).filter((action) => action === 'recovery.completed')).toHaveLength(1);
  });

  it('takes a form only from its own pages', async () => {
    const browser = test.browser();
    await browser.get('/recover');
    for (const path of ['/recover', '/recover/code', '/recover/code/resend', '/recover/proof', '/recover/secret']) {
      expect((await browser.post(path, { csrf_token: '' })).status).toBe(403);
      expect((await browser.post(path, {}, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    }
  });

  it('says which field of the start is not filled in right, and chooses what the link was for', async () => {
    const browser = test.browser();
    const start = await browser.get('/recover?for=passcode');
    expect(start.$('input[name="target"][checked]').attr('value')).toBe('passcode');
    const page = await browser.post('/recover', { target: 'both', citizen_id: '123', phone_number: '' });
    expect(page.status).toBe(422);
    expect(
      page
        .$('.error-summary a')
        .toArray()
        .map((link) => page.$(link).attr('href')),
    ).toEqual(['#target', '#citizen_id', '#phone_number']);
    expect((await browser.get('/recover?lang=en')).$('h1').text()).toBe('Forgotten password or passcode');
  });
});

it('an account with secrets but no activated level is sent to the activation', async () => {
  const person = await givePendingPerson(test.app);
  await giveSecrets(test.app, person);
  expect((await proveOwnPhone(test, test.browser(), person)).$('h1').text()).toBe('Tài khoản này chưa có mật khẩu');
});
