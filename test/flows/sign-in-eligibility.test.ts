import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSignIns } from '../../src/accounts/sign-in-history-store.ts';
import { ACCESS_DENIED_TEXT } from '../../src/domain/refusal.ts';
import { startTestApp, type TestApp, type TestBrowser, type TestPage } from '../support/app.ts';
import {
  accountOf,
  giveActivePerson,
  giveGrant,
  giveLock,
  givePendingPerson,
  giveSecrets,
  type TestPerson,
} from '../support/people.ts';
import {
  answerOf,
  authorizePath,
  giveClient,
  interactionPath,
  signInWholly,
  typePassword,
} from '../support/sign-in-walk.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
  await giveClient(test, { id: 'level-two', leastAccountLevel: 2 });
});
afterAll(() => test.close());

async function tryToSignIn(
  person: TestPerson,
  clientId = 'sandbox-spa',
  password?: string,
): Promise<{ browser: TestBrowser; page: TestPage }> {
  const browser = test.browser();
  const start = await browser.get(authorizePath({ client_id: clientId }));
  const typed = { ...person, ...(password === undefined ? {} : { password }) };
  return { browser, page: await typePassword(browser, start, typed) };
}

async function giveLevelOne(): Promise<TestPerson> {
  return giveActivePerson(test.app, { level: 1 });
}

const CASES: readonly {
  who: string;
  give: () => Promise<TestPerson>;
  clientId?: string;
  title: string;
  helps: string;
  activates?: boolean;
}[] = [
  {
    who: 'someone whose account is locked',
    async give() {
      const person = await giveActivePerson(test.app);
      await giveLock(test.app, person);
      return person;
    },
    title: 'Tài khoản đang bị khóa',
    helps: 'tổng đài',
  },
  {
    who: 'whoever uses the account of someone deceased',
    async give() {
      const person = await giveActivePerson(test.app);
      await giveLock(test.app, person, 'death');
      return person;
    },
    title: 'Tài khoản đã bị khóa',
    helps: 'đính chính',
  },
  {
    who: 'someone whose account waits for its activation',
    async give() {
      const person = await givePendingPerson(test.app);
      await giveSecrets(test.app, person);
      return person;
    },
    title: 'Tài khoản chưa được kích hoạt',
    helps: 'kích hoạt ngay trên web',
    activates: true,
  },
  {
    who: 'someone whose time to activate has run out',
    async give() {
      const person = await givePendingPerson(test.app, { status: 'late_activation' });
      await giveSecrets(test.app, person);
      return person;
    },
    title: 'Tài khoản chưa được kích hoạt',
    helps: 'gọi tổng đài',
  },
  {
    who: 'a child',
    give: () => giveActivePerson(test.app, { level: 1, age: 10 }),
    title: 'Cần có người giám hộ',
    helps: 'Người giám hộ',
  },
  {
    who: 'someone at level 1 where level 2 is needed',
    give: giveLevelOne,
    clientId: 'level-two',
    title: 'Dịch vụ này cần tài khoản mức độ 2',
    helps: 'công an xã, phường',
  },
  {
    who: 'someone whose level 2 waits for its activation',
    async give() {
      const person = await giveLevelOne();
      await giveGrant(test.app, person, { level: 2 });
      return person;
    },
    clientId: 'level-two',
    title: 'Dịch vụ này cần tài khoản mức độ 2',
    helps: 'kích hoạt ngay trên web',
    activates: true,
  },
];

describe('an account that may not be used', () => {
  it.each(CASES)('$who is told why and what to do, and the service is told nothing', async (one) => {
    const person = await one.give();
    const { browser, page } = await tryToSignIn(person, one.clientId);
    expect(page.$('h1').text()).toBe(one.title);
    expect(page.$('main').text()).toContain(one.helps);
    expect(page.$('main a[href="/activate"]').length > 0).toBe(one.activates === true);
    const isToCall = /gọi tổng đài/i.test(one.helps) || one.title === 'Tài khoản đang bị khóa';
    expect(page.$('main a[href^="tel:"]').length > 0, 'a number to call, where she is told to').toBe(isToCall);
    expect(page.$('main').text()).toContain('không cho');

    const answer = answerOf(await browser.post(`${interactionPath(page)}/return`, {}));
    expect(answer).toEqual({
      error: 'access_denied',
      error_description: ACCESS_DENIED_TEXT,
      iss: test.issuer,
      state: 'walk',
    });
    expect((await listSignIns(test.app.db, person.accountId))[0]?.outcome).toBe('refused');
    expect((await accountOf(test.app, person)).firstLoginAt).toBeUndefined();
  });

  it.each(CASES)('$who gives nothing away to someone without the password', async (one) => {
    const person = await one.give();
    const { page } = await tryToSignIn(person, one.clientId, 'Khong_dung#1');
    expect(page.status).toBe(422);
    expect(page.$('h1').text()).toBe('Đăng nhập');
    expect(page.text).not.toContain(one.title);
  });

  it('keeps its page after a reload', async () => {
    const person = await giveActivePerson(test.app);
    await giveLock(test.app, person);
    const { browser, page } = await tryToSignIn(person);
    expect((await browser.get(interactionPath(page))).$('h1').text()).toBe('Tài khoản đang bị khóa');
  });

  it('that is refused to the relying party in the same words as when the citizen declines', async () => {
    const locked = await giveActivePerson(test.app);
    await giveLock(test.app, locked);
    const refused = await tryToSignIn(locked);
    const browser = test.browser();
    const start = await browser.get(authorizePath());
    const declined = await browser.post(`${interactionPath(start)}/return`, {});
    expect(answerOf(await refused.browser.post(`${interactionPath(refused.page)}/return`, {}))).toEqual(
      answerOf(declined),
    );
  });

  it('a session at level 1 meets a service of level 2 with the same page', async () => {
    const person = await giveLevelOne();
    const browser = test.browser();
    await signInWholly(test, browser, person);
    const page = await browser.get(authorizePath({ client_id: 'level-two' }));
    expect(page.$('h1').text()).toBe('Dịch vụ này cần tài khoản mức độ 2');
    const answer = answerOf(await browser.post(`${interactionPath(page)}/return`, {}));
    expect(answer['error']).toBe('access_denied');
  });

  it('goes on by itself when the level was activated in the meantime', async () => {
    const person = await giveLevelOne();
    const browser = test.browser();
    await signInWholly(test, browser, person);
    const page = await browser.get(authorizePath({ client_id: 'level-two' }));
    await giveGrant(test.app, person, { level: 2, status: 'activated' });
    expect((await browser.get(interactionPath(page))).$('button[name="decision"]')).toHaveLength(2);
  });

  it('a fourteen-year-old needs nobody', async () => {
    const person = await giveActivePerson(test.app, { age: 14 });
    const { page } = await tryToSignIn(person);
    expect(page.$('button[name="decision"]')).toHaveLength(2);
  });
});
