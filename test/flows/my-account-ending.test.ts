import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listConsents } from '../../src/accounts/consent-store.ts';
import { listOpenGrounds } from '../../src/accounts/lock-ground-store.ts';
import { listAuditOfAccount } from '../../src/audit/audit-store.ts';
import { connect, isSignedIn, openAccount, postConfirmed, refreshError } from '../support/account-walk.ts';
import { startTestApp, type TestApp, type TestBrowser } from '../support/app.ts';
import { accountOf, giveActivePerson, type TestPerson } from '../support/people.ts';
import { agree, authorizePath, giveClient, typePassword } from '../support/sign-in-walk.ts';

let test: TestApp;
let listener: Server;
const logouts: string[] = [];
beforeAll(async () => {
  test = await startTestApp({ env: { ALLOW_PRIVATE_FETCH: 'true' } });
  listener = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', () => {
      logouts.push(body);
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(async () => {
  listener.close();
  await test.close();
});

const CHROME_ON_ANDROID = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36';

async function signedIn(person: TestPerson): Promise<TestBrowser> {
  const browser = test.browser();
  await openAccount(test, browser, person);
  return browser;
}

async function shownSessions(browser: TestBrowser): Promise<string[]> {
  const page = await browser.get('/account/sessions');
  return page
    .$('input[name="session"]')
    .toArray()
    .map((input) => page.$(input).attr('value') ?? '');
}

describe('the sessions', () => {
  it('are listed with their device, the present one marked, and no place', async () => {
    const person = await giveActivePerson(test.app);
    const phone = test.browser();
    await typePassword(phone, await phone.get('/account'), { ...person, headers: { 'User-Agent': CHROME_ON_ANDROID } });
    test.travel({ seconds: 60 });
    const browser = await signedIn(person);
    const page = await browser.get('/account/sessions');
    expect(page.$('.card .tag').text()).toBe('Phiên này');
    expect(page.$('.choice label').first().text()).toBe('Chrome (Android)');
    expect(page.$('main').text()).toContain('Nơi: không rõ');
  });

  it('are ended one by one, with the passcode', async () => {
    const person = await giveActivePerson(test.app);
    const [first, second] = [await signedIn(person), await signedIn(person)];
    const browser = await signedIn(person);
    const [uid = ''] = await shownSessions(browser);
    const wrong = await browser.post('/account/sessions/end', { session: uid, passcode: '111222' });
    expect(wrong.status).toBe(422);
    expect(wrong.$(`input[value="${uid}"]`).attr('checked')).toBeDefined();
    const page = await postConfirmed(browser, '/account/sessions/end', { session: uid });
    expect(page.$('.notice.success').text()).toContain('Đã kết thúc phiên');
    const alive = [await isSignedIn(first), await isSignedIn(second)];
    expect(alive.filter(Boolean)).toHaveLength(1);
    expect(await isSignedIn(browser)).toBe(true);
    expect((await listAuditOfAccount(test.app.db, person.accountId)).map((one) => one.action)).toContain(
      'session.ended',
    );
  });

  it('are ended all at once, but for the present one; what services may do stays', async () => {
    const person = await giveActivePerson(test.app);
    const connection = await connect(test, test.browser(), person);
    const others = [connection.browser, await signedIn(person), await signedIn(person)];
    const browser = await signedIn(person);
    await browser.get('/account/sessions');
    await postConfirmed(browser, '/account/sessions/end', { session: 'others' });
    for (const other of others) expect(await isSignedIn(other)).toBe(false);
    expect(await isSignedIn(browser)).toBe(true);
    expect(await refreshError(test, connection)).toBeUndefined();
  });

  it('of B stay when A names them', async () => {
    const [a, b] = [await giveActivePerson(test.app), await giveActivePerson(test.app)];
    const [browserOfA, browserOfB] = [await signedIn(a), await signedIn(b)];
    const [session] = await test.app.gateway.listSessions(b.accountId);
    await browserOfA.get('/account/sessions');
    for (const named of [session?.uid ?? 'none', 'made-up', '']) {
      const page = await postConfirmed(browserOfA, '/account/sessions/end', { session: named });
      expect(page.status).toBe(422);
    }
    expect(await isSignedIn(browserOfB)).toBe(true);
  });
});

describe('the connected services', () => {
  it('show what was allowed and what was refused, in the words of the consent', async () => {
    const person = await giveActivePerson(test.app);
    const { browser } = await connect(test, test.browser(), person);
    const list = await browser.get('/account/services');
    expect(list.$('.card a').text()).toBe('Dịch vụ thử nghiệm (một trang)');
    const page = await browser.get(list.$('.card a').attr('href') ?? '');
    expect(page.$('main').text()).toContain('Thử nghiệm tích hợp');
    expect(page.$('main').text()).toContain('Thông tin cơ bản');
    expect(page.$('.account-body ul').first().text()).toContain('Số điện thoại');
    expect(page.$('main').text()).toContain('không nhận thêm được thông tin nào');
  });

  it('lose everything when the consent is withdrawn, and are told', async () => {
    const { port } = listener.address() as AddressInfo;
    await giveClient(test, {
      id: 'told-service',
      metadata: {
        redirect_uris: ['http://localhost:8080/callback'],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        id_token_signed_response_alg: 'ES256',
        backchannel_logout_uri: `http://127.0.0.1:${port}/logout`,
        backchannel_logout_session_required: true,
      },
    });
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    let page = await browser.get(authorizePath({ client_id: 'told-service' }));
    page = await typePassword(browser, page, person);
    await agree(browser, page);
    const connection = await connect(test, browser, person);

    await browser.get('/account/services/told-service');
    await postConfirmed(browser, '/account/services/told-service/withdraw');
    await test.messages(person.phone);
    const tokens = logouts.map((body) => new URLSearchParams(body).get('logout_token') ?? '');
    const audiences = tokens.map(
      (token) => (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { aud: string }).aud,
    );
    expect(audiences).toContain('told-service');
    expect(await refreshError(test, connection), 'another service keeps what it has').toBeUndefined();
  });

  it('have dead tokens and must ask again after a withdrawal', async () => {
    const person = await giveActivePerson(test.app);
    const connection = await connect(test, test.browser(), person);
    const { browser } = connection;
    await browser.get('/account/services/sandbox-spa');
    const wrong = await browser.post('/account/services/sandbox-spa/withdraw', { passcode: '111222' });
    expect(wrong.status).toBe(422);
    const page = await postConfirmed(browser, '/account/services/sandbox-spa/withdraw');
    expect(page.path).toBe('/account/services');
    expect(page.$('.notice.success').text()).toContain('Đã rút lại');
    expect(page.$('.card')).toHaveLength(0);

    expect(await refreshError(test, connection)).toBe('invalid_grant');
    const headers = { authorization: `Bearer ${connection.accessToken}` };
    expect((await fetch(`${test.issuer}/userinfo`, { headers })).status).toBe(401);
    const [receipt] = await listConsents(test.app.db, person.accountId);
    expect(receipt?.withdrawnAt).toBeInstanceOf(Date);
    const again = await browser.get(authorizePath({ scope: 'openid profile' }));
    expect(again.$('button[name="decision"]')).toHaveLength(2);
    expect((await browser.get('/account/services/sandbox-spa')).status).toBe(404);
  });

  it('of B keep their consent when A withdraws by their id', async () => {
    const [a, b] = [await giveActivePerson(test.app), await giveActivePerson(test.app)];
    const ofB = await connect(test, test.browser(), b);
    const browserOfA = await signedIn(a);
    expect((await browserOfA.get('/account/services/sandbox-spa')).status).toBe(404);
    await browserOfA.get('/account');
    const page = await postConfirmed(browserOfA, '/account/services/sandbox-spa/withdraw');
    expect(page.status).toBe(404);
    expect((await listConsents(test.app.db, b.accountId))[0]?.withdrawnAt).toBeUndefined();
    expect(await refreshError(test, ofB)).toBeUndefined();
  });

  it('are left once when the withdrawal is sent twice at once', async () => {
    const person = await giveActivePerson(test.app);
    const { browser } = await connect(test, test.browser(), person);
    await browser.get('/account/services/sandbox-spa');
    await Promise.all([1, 2].map(() => postConfirmed(browser, '/account/services/sandbox-spa/withdraw')));
    const withdrawals = (await listAuditOfAccount(test.app.db, person.accountId)).filter(
      (one) => one.action === 'consent.withdrawn',
    );
    expect(withdrawals).toHaveLength(1);
  });
});

describe('locking the account', () => {
  it('says what it does and how the account is opened again, before it is done', async () => {
    const browser = await signedIn(await giveActivePerson(test.app));
    const page = await browser.get('/account/lock');
    expect(page.$('main').text()).toContain('Bạn không tự mở lại được');
    const wrong = await browser.post('/account/lock', { passcode: '111222' });
    expect(wrong.status).toBe(422);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('signs out everywhere, kills every token, and lets nobody in any more', async () => {
    const person = await giveActivePerson(test.app);
    const connection = await connect(test, test.browser(), person);
    const elsewhere = await signedIn(person);
    const browser = await signedIn(person);
    await browser.get('/account/lock');
    const page = await postConfirmed(browser, '/account/lock');
    expect(page.$('h1').text()).toBe('Tài khoản đã khóa');

    expect((await accountOf(test.app, person)).status).toBe('locked');
    expect((await listOpenGrounds(test.app.db, person.accountId)).map((one) => one.ground)).toEqual(['holder_request']);
    for (const one of [browser, elsewhere, connection.browser]) expect(await isSignedIn(one)).toBe(false);
    expect(await refreshError(test, connection)).toBe('invalid_grant');
    expect((await test.messages(person.phone))[0]).toContain('da khoa theo yeu cau cua ban');
    const stranger = test.browser();
    const refused = await typePassword(stranger, await stranger.get('/account'), person);
    expect(refused.$('h1').text()).toBe('Tài khoản đang bị khóa');
  });
});
