import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { listActivations } from '../../src/accounts/activation-store.ts';
import { listAuditOfAccount } from '../../src/audit/audit-store.ts';
import { ANSWERS, proveOwnPhone, walkToQuestions } from '../support/activation-walk.ts';
import { startTestApp, type TestApp, type TestBrowser, type TestPage } from '../support/app.ts';
import {
  accountOf,
  giveActivePerson,
  giveGrant,
  giveLock,
  givePendingPerson,
  givePerson,
  TEST_SECRETS,
  type TestPerson,
} from '../support/people.ts';
import { signInWholly } from '../support/sign-in-walk.ts';

let test: TestApp;
let guardian: TestPerson;
let child: TestPerson;

beforeEach(async () => {
  test = await startTestApp();
  guardian = await giveActivePerson(test.app, { fullName: 'Lê Thị Mẹ' });
  child = await givePendingPerson(test.app, { age: 10, level: 1, guardian, fullName: 'Lê Văn Con' });
});

afterEach(async () => {
  await test.close();
});

const PASSCODE = { passcode: TEST_SECRETS.passcode };

/** The child does its part. @returns the page that waits, and where the guardian confirms. */
async function childAsks(browser: TestBrowser, who = child): Promise<{ page: TestPage; confirmPath: string }> {
  await walkToQuestions(test, browser, who);
  const page = await browser.post('/activate/questions', ANSWERS);
  return { page, confirmPath: new URL(page.$('main code').text()).pathname };
}

async function signedIn(person: TestPerson): Promise<TestBrowser> {
  const browser = test.browser();
  await signInWholly(test, browser, person);
  return browser;
}

describe('a child under 14', () => {
  it('does every step and then waits; the guardian confirms in a session of her own, and the audit names both', async () => {
    const browser = test.browser();
    const { page, confirmPath } = await childAsks(browser);
    expect(page.path).toBe('/activate/guardian');
    expect(page.$('ol.steps li')).toHaveLength(7);
    expect((await accountOf(test.app, child)).status).toBe('provisional');
    expect((await browser.get('/activate/guardian?checked')).$('.notice').text()).toContain('chưa xác nhận');
    expect((await test.messages(guardian.phone))[0]).toContain('Nguoi ban giam ho xin kich hoat');

    const mother = await signedIn(guardian);
    const requests = await mother.get('/activate/guardian/requests');
    expect(requests.$('.card a').attr('href')).toBe(confirmPath);
    const request = await mother.get(confirmPath);
    expect(request.text).toContain('Lê Văn Con');
    expect(request.text).toContain(`*********${child.citizenId.slice(-3)}`);
    expect(request.text).not.toContain(child.citizenId);
    const confirmed = await mother.post(confirmPath, PASSCODE);
    expect(confirmed.$('h1').text()).toBe('Đã kích hoạt tài khoản của người bạn giám hộ');

    expect((await accountOf(test.app, child)).status).toBe('active');
    expect((await browser.get('/activate/guardian')).$('h1').text()).toBe('Đã kích hoạt tài khoản');
    const audit = await listAuditOfAccount(test.app.db, child.accountId);
    const activated = audit.find((one) => one.action === 'grant.activated');
    expect(activated).toMatchObject({ actorKind: 'guardian', actorId: guardian.accountId });
    expect(activated?.detail).toMatchObject({ guardian: guardian.accountId });
    expect(audit.map((one) => one.action)).toContain('activation.guardian_confirmed');
    expect(await checkCounters(test.app.db, { repair: false })).toEqual([]);
    expect((await test.messages(child.phone))[0]).toContain('da kich hoat luc');
    expect((await test.messages(guardian.phone))[0]).toContain('Ban da xac nhan kich hoat');
  });

  it('is activated once, though the guardian presses the button three times', async () => {
    const { confirmPath } = await childAsks(test.browser());
    const mother = await signedIn(guardian);
    await mother.get(confirmPath);
    const pages = await Promise.all([1, 2, 3].map(() => mother.post(confirmPath, PASSCODE)));
    expect(pages.map((page) => page.status)).toEqual([200, 200, 200]);
    expect(await listActivations(test.app.db, child.accountId)).toHaveLength(1);
  });

  it('can wait a day, and keeps its page so long', async () => {
    const browser = test.browser();
    const { confirmPath } = await childAsks(browser);
    test.travel({ seconds: 80_000 });
    const mother = await signedIn(guardian);
    await mother.get(confirmPath);
    await mother.post(confirmPath, PASSCODE);
    expect((await browser.get('/activate/guardian')).$('h1').text()).toBe('Đã kích hoạt tài khoản');
  });

  it('without a guardian on record is told after the code what to do', async () => {
    const orphan = await givePendingPerson(test.app, { age: 9 });
    const page = await proveOwnPhone(test, test.browser(), orphan);
    expect(page.$('h1').text()).toBe('Chưa có người giám hộ trong hồ sơ');
  });

  it('is not needed from the fourteenth birthday on', async () => {
    const teen = await givePendingPerson(test.app, { birthOn: '2012-03-02', guardian });
    const browser = test.browser();
    await walkToQuestions(test, browser, teen);
    expect((await browser.post('/activate/questions', ANSWERS)).path).toBe('/activate/done');
    const younger = await givePendingPerson(test.app, { birthOn: '2012-03-03', guardian });
    const other = test.browser();
    await walkToQuestions(test, other, younger);
    expect((await other.post('/activate/questions', ANSWERS)).path).toBe('/activate/guardian');
  });
});

describe('the confirmation', () => {
  it('asks for a session first', async () => {
    const { confirmPath } = await childAsks(test.browser());
    const page = await test.browser().get(confirmPath);
    expect(page.status).toBe(401);
    expect(page.text).not.toContain('Lê Văn Con');
    expect(page.$('a.primary').attr('href')).toBe('/account');
  });

  it('is open to this guardian alone: to anybody else the request does not exist', async () => {
    const { confirmPath } = await childAsks(test.browser());
    const stranger = await signedIn(await giveActivePerson(test.app));
    expect((await stranger.get(confirmPath)).status).toBe(404);
    expect((await stranger.get('/activate/guardian/requests')).text).not.toContain('Lê Văn Con');
    await stranger.get('/activate');
    expect((await stranger.post(confirmPath, PASSCODE)).status).toBe(404);
    expect((await accountOf(test.app, child)).status).toBe('provisional');
  });

  it('needs her passcode, and a few wrong ones close it for a while', async () => {
    const { confirmPath } = await childAsks(test.browser());
    const mother = await signedIn(guardian);
    await mother.get(confirmPath);
    for (let guess = 0; guess < 5; guess += 1)
      expect((await mother.post(confirmPath, { passcode: '864209' })).$('#passcode-error').text()).toBe(
        'Passcode không đúng',
      );
    const blocked = await mother.post(confirmPath, PASSCODE);
    expect(blocked.status).toBe(429);
    expect((await accountOf(test.app, child)).status).toBe('provisional');
    test.travel({ seconds: 901 });
    expect((await mother.post(confirmPath, PASSCODE)).status).toBe(200);
    expect((await accountOf(test.app, child)).status).toBe('active');
  });

  it('needs level 2 of the guardian', async () => {
    const father = await giveActivePerson(test.app, { level: 1 });
    const son = await givePendingPerson(test.app, { age: 8, level: 1, guardian: father });
    const { confirmPath } = await childAsks(test.browser(), son);
    const browser = await signedIn(father);
    await browser.get(confirmPath);
    const page = await browser.post(confirmPath, PASSCODE);
    expect(page.$('.error-summary').text()).toContain('mức độ 2');
    expect((await accountOf(test.app, son)).status).toBe('provisional');
  });

  it('of an account that was locked meanwhile activates nothing', async () => {
    const { confirmPath } = await childAsks(test.browser());
    await giveLock(test.app, child);
    const mother = await signedIn(guardian);
    await mother.get(confirmPath);
    const page = await mother.post(confirmPath, PASSCODE);
    expect(page.$('h1').text()).toBe('Yêu cầu này không kích hoạt được');
    expect(await listActivations(test.app.db, child.accountId)).toEqual([]);
  });

  it('after the due day is too late', async () => {
    const late = await givePerson(test.app, { age: 10, guardian });
    await giveGrant(test.app, late, { level: 1, notifiedAt: new Date('2026-02-23T03:00:00Z') });
    const { confirmPath } = await childAsks(test.browser(), late);
    test.travel(new Date('2026-03-02T17:00:00Z'));
    const mother = await signedIn(guardian);
    await mother.get(confirmPath);
    await mother.post(confirmPath, PASSCODE);
    expect((await accountOf(test.app, late)).status).toBe('provisional');
    expect(await test.app.db('credentials').where({ account_id: late.accountId })).toEqual([]);
  });
});
