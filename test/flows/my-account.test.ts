import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reopenGrant } from '../../src/accounts/grant-level.ts';
import { insertSignIn } from '../../src/accounts/sign-in-history-store.ts';
import { insertUnits } from '../../src/accounts/unit-store.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/ids.ts';
import { isSignedIn, openAccount, openToChange } from '../support/account-walk.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { giveActivePerson, giveGrant, giveLock, givePerson, giveSecrets } from '../support/people.ts';
import { authorizePath, typePassword } from '../support/sign-in-walk.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
  await insertUnits(test.app.db, [
    { code: '00004', name: 'Phường Ba Đình', type: 'ward', validFromOn: '2025-07-01' },
    { code: '00999', name: 'Phường Cũ', type: 'ward', validFromOn: '2020-01-01', validToOn: '2025-06-30' },
    { code: '00999', name: 'Phường Mới', type: 'ward', validFromOn: '2025-07-01' },
  ]);
});
afterAll(() => test.close());

describe('coming to the account page', () => {
  it('asks for a sign-in, and then shows the page that was asked for', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    expect((await browser.get('/account/history')).path).toMatch(/^\/interaction\//);
    const page = await openAccount(test, browser, person, '/account/history');
    expect(page.path).toBe('/account/history');
    expect(page.$('[aria-current="page"]').text()).toBe('Lịch sử đăng nhập');
  });

  it('asks for no consent: the page is the provider itself', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    const page = await typePassword(browser, await browser.get('/account'), person);
    expect(page.path).toBe('/account');
  });

  it('never shows an account without a session, whatever the address says', async () => {
    for (const path of ['/account/enter', '/account/enter?code=made-up&state=made-up']) {
      const page = await test.browser().get(path);
      expect(page.status).toBe(403);
      expect(page.$('h1').text()).toBe('Chưa vào được tài khoản');
    }
  });

  it('explains instead of going round in circles when the citizen turns back', async () => {
    const browser = test.browser();
    const start = await browser.get('/account');
    const page = await browser.post(`${start.path.split('?')[0]}/return`, {});
    expect(page.path.split('?')[0]).toBe('/account/enter');
    expect(page.$('main a.primary').attr('href')).toBe('/account');
  });

  it('leads nowhere but into the account', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await openAccount(test, browser, person);
    const page = await browser.get('/account/enter?state=x&returnTo=https://example.com');
    expect(page.path).toBe('/account');
  });

  it('is closed to who signs out', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await openAccount(test, browser, person);
    expect((await browser.post('/account/sign-out', {})).path).toBe('/');
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('is closed within the same second to who is locked by somebody else', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await openAccount(test, browser, person);
    await giveLock(test.app, person, 'authority_request');
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('asks for a second factor before anything about signing in can be changed', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await openAccount(test, browser, person);
    expect((await browser.get('/account/methods')).path).toBe('/account/methods');
    for (const part of ['password', 'passcode', 'questions', 'totp'])
      expect((await browser.get(`/account/methods/${part}`)).path).toMatch(/^\/interaction\//);
    const page = await openToChange(test, browser, person, '/account/methods/password');
    expect(page.path).toBe('/account/methods/password');
  });
});

describe('the overview', () => {
  it('shows who it is about, with numbers masked', async () => {
    const person = await giveActivePerson(test.app, { fullName: 'Trần Thị Tổng Quan' });
    const page = await openAccount(test, test.browser(), person);
    expect(page.$('main').text()).toContain('Trần Thị Tổng Quan');
    expect(page.$('main').text()).toContain(`*********${person.citizenId.slice(-3)}`);
    expect(page.text).not.toContain(person.citizenId);
    expect(page.text).not.toContain(person.phone.slice(3));
    expect(page.$('main').text()).toContain('Đang hoạt động');
  });

  it('tells the history of each level: grant, notice, first time limit, activation, channel and units', async () => {
    const person = await givePerson(test.app);
    await giveGrant(test.app, person, {
      level: 1,
      status: 'activated',
      notifiedAt: new Date('2025-03-01T03:00:00Z'),
      activatedAt: new Date('2025-03-02T03:00:00Z'),
      unitCode: '00999',
    });
    await giveGrant(test.app, person, {
      level: 2,
      status: 'activated',
      notifiedAt: new Date('2025-08-01T03:00:00Z'),
      activatedAt: new Date('2025-08-02T03:00:00Z'),
      channel: 'assist_point',
    });
    await giveSecrets(test.app, person);
    const page = await openAccount(test, test.browser(), person);
    const [first = '', second = ''] = page
      .$('.card')
      .toArray()
      .map((card) => page.$(card).text());
    expect(first).toContain('Mức độ 1');
    expect(first).toContain('01/03/2025, tại Phường Cũ');
    expect(first).toContain('Hết ngày 08/03/2025');
    expect(first).toContain('10:00 02/03/2025, tự kích hoạt trên web');
    expect(second).toContain('Mức độ 2');
    expect(second).toContain('có hỗ trợ tại điểm hỗ trợ dịch vụ công');
    expect(second).toContain('Phường Ba Đình');
  });

  it('offers the activation of a level that waits, and tells what to do about a late one', async () => {
    const pending = await giveActivePerson(test.app, { level: 1 });
    await giveGrant(test.app, pending, { level: 2 });
    const offered = await openAccount(test, test.browser(), pending);
    expect(offered.$('a.primary[href="/activate"]').text()).toBe('Kích hoạt mức độ 2');

    const late = await giveActivePerson(test.app, { level: 1 });
    const grantId = await giveGrant(test.app, late, { level: 2, status: 'late_activation' });
    const told = await openAccount(test, test.browser(), late);
    expect(told.$('main').text()).toContain('hồ sơ không bị mất');
    await inTransaction(test.app.db, (tx) =>
      reopenGrant(tx, { grantId, reason: 'test', actor: { kind: 'operator', id: 'test' }, now: test.app.clock() }),
    );
    const reopened = await openAccount(test, test.browser(), late);
    expect(reopened.$('main').text()).toContain('Hạn mới');
  });

  it('shows a guardian the people she is responsible for, and where she confirms', async () => {
    const guardian = await giveActivePerson(test.app);
    await givePerson(test.app, { age: 10, guardian, hasPhone: false, fullName: 'Nguyễn Văn Con' });
    const page = await openAccount(test, test.browser(), guardian);
    expect(page.$('main').text()).toContain('Nguyễn Văn Con');
    expect(page.$('a[href="/activate/guardian/requests"]')).toHaveLength(1);
    const other = await openAccount(test, test.browser(), await giveActivePerson(test.app));
    expect(other.$('a[href="/activate/guardian/requests"]')).toHaveLength(0);
  });

  it('speaks English to who asks for it', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await openAccount(test, browser, person);
    const page = await browser.get('/account?lang=en');
    expect(page.$('h1').text()).toBe('My account');
    expect((await browser.get('/account/sessions')).$('h1').text()).toBe('Sessions');
  });
});

describe('the sign-in history', () => {
  it('shows every sign-in and every wrong password, newest first', async () => {
    const person = await giveActivePerson(test.app);
    const stranger = test.browser();
    await typePassword(stranger, await stranger.get(authorizePath()), { ...person, password: 'Khong_dung#1' });
    const page = await openAccount(test, test.browser(), person, '/account/history');
    const rows = page
      .$('tbody tr')
      .toArray()
      .map((row) => page.$(row).text());
    expect(rows).toHaveLength(2);
    expect(rows[0]).toContain('Đã đăng nhập');
    expect(rows[0]).toContain('Tài khoản của tôi');
    expect(rows[1]).toContain('Sai mật khẩu');
  });

  it('goes on page by page, without skipping or repeating', async () => {
    const person = await giveActivePerson(test.app);
    const { accountId } = person;
    for (let index = 0; index < 45; index += 1) {
      // In threes at one instant: the page ends in the middle of such a group.
      const occurredAt = new Date(Date.UTC(2026, 0, 1 + Math.floor(index / 3)));
      await insertSignIn(test.app.db, {
        id: newId(),
        accountId,
        outcome: 'wrong_password',
        deviceLabel: `Máy ${index}`,
        occurredAt,
      });
    }
    const browser = test.browser();
    let page = await openAccount(test, browser, person, '/account/history');
    const seen: string[] = [];
    for (let pages = 1; pages <= 3; pages += 1) {
      seen.push(
        ...page
          .$('tbody tr')
          .toArray()
          .map((row) => page.$(row).find('td').last().text()),
      );
      const older = page.$('main a[href^="/account/history?before="]').attr('href');
      if (older === undefined) break;
      page = await browser.get(older);
    }
    const devices = seen.filter((label) => label.startsWith('Máy '));
    expect(seen).toHaveLength(46);
    expect(new Set(devices).size).toBe(45);
  });

  it('shows nobody else’s, whatever page is asked for', async () => {
    const other = await giveActivePerson(test.app);
    const id = newId();
    await insertSignIn(test.app.db, {
      id,
      accountId: other.accountId,
      outcome: 'wrong_password',
      deviceLabel: 'Máy của người khác',
      occurredAt: test.app.clock(),
    });
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await openAccount(test, browser, person);
    const page = await browser.get(`/account/history?before=${id}`);
    expect(page.$('tbody tr')).toHaveLength(1);
    expect(page.text).not.toContain('Máy của người khác');
  });
});

describe('every form of the account', () => {
  const FORMS = [
    '/account/sign-out',
    '/account/methods/password',
    '/account/methods/passcode',
    '/account/methods/questions',
    '/account/methods/totp',
    '/account/methods/totp/confirm',
    '/account/methods/totp/remove',
    '/account/sessions/end',
    '/account/services/sandbox-spa/withdraw',
    '/account/lock',
  ];

  it.each(FORMS)('%s is refused without its token, and from another site', async (path) => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await openAccount(test, browser, person);
    expect((await browser.post(path, { csrf_token: '' })).status).toBe(403);
    expect((await browser.post(path, {}, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it.each(FORMS)('%s does nothing for who is not signed in', async (path) => {
    const browser = test.browser();
    await browser.get('/recover');
    const page = await browser.post(path, { passcode: '295817' });
    expect(page.path).toMatch(/^\/interaction\//);
  });
});

it('the redirect to sign in asks for no more than it needs', async () => {
  const response = await test.browser().agent.get('/account').redirects(0);
  const query = new URL(response.headers['location'] ?? '', test.issuer).searchParams;
  expect(query.get('scope')).toBe('openid');
  expect(query.get('code_challenge_method')).toBe('S256');
  expect(query.get('claims')).toBeNull();
});
