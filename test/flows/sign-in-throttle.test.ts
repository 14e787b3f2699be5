import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listSignIns } from '../../src/accounts/sign-in-history-store.ts';
import { startTestApp, type TestApp, type TestBrowser, type TestPage } from '../support/app.ts';
import { accountOf, giveActivePerson, type TestPerson } from '../support/people.ts';
import { authorizePath, signInWholly, told, typePassword } from '../support/sign-in-walk.ts';

let test: TestApp;
let person: TestPerson;

beforeEach(async () => {
  test = await startTestApp();
  person = await giveActivePerson(test.app);
});
afterEach(() => test.close());

const WRONG = 'Khong_dung#1';

async function tryOnce(citizenId: string, password?: string, browser = test.browser()): Promise<TestPage> {
  const start = await browser.get(authorizePath({ prompt: 'login' }));
  return typePassword(browser, start, { citizenId, ...(password === undefined ? {} : { password }) });
}

async function fail(times: number, citizenId: string, browser?: TestBrowser): Promise<TestPage[]> {
  const pages = [];
  for (let count = 0; count < times; count += 1) pages.push(await tryOnce(citizenId, WRONG, browser));
  return pages;
}

describe('guessing a password', () => {
  it('is paused after five tries; the page says until when, and the account is not locked', async () => {
    expect((await fail(5, person.citizenId)).map(({ status }) => status)).toEqual([422, 422, 422, 422, 422]);
    const blocked = await tryOnce(person.citizenId);
    expect(blocked.status).toBe(429);
    expect(blocked.headers['retry-after']).toBe('900');
    expect(blocked.text).toContain('15 phút');
    expect(blocked.text).toContain('10:15');
    expect(blocked.text).toContain('không bị khóa');
    expect((await accountOf(test.app, person)).status).toBe('active');
  });

  it('is paused all the same when the guesses come at once', async () => {
    const browsers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const browser = test.browser();
        return { browser, start: await browser.get(authorizePath()) };
      }),
    );
    const pages = await Promise.all(
      browsers.map(({ browser, start }) =>
        typePassword(browser, start, { citizenId: person.citizenId, password: WRONG }),
      ),
    );
    expect(pages.filter(({ status }) => status === 422)).toHaveLength(5);
    expect(pages.filter(({ status }) => status === 429)).toHaveLength(15);
    expect(await listSignIns(test.app.db, person.accountId)).toHaveLength(5);
  });

  it('is paused longer each time: 15 minutes, 30, 60', async () => {
    for (const minutes of [15, 30, 60]) {
      await fail(5, person.citizenId);
      expect((await tryOnce(person.citizenId)).headers['retry-after']).toBe(String(minutes * 60));
      test.travel({ seconds: minutes * 60 });
    }
    expect((await tryOnce(person.citizenId)).status).toBe(200);
  });

  it('is forgotten after the right password', async () => {
    for (let round = 0; round < 3; round += 1) {
      await fail(4, person.citizenId);
      expect((await tryOnce(person.citizenId)).status).toBe(200);
    }
  });

  it('of an id that does not exist is paused in the same way, with the same page', async () => {
    const unknown = '999199654321';
    const known = await fail(5, person.citizenId);
    const nobody = await fail(5, unknown);
    expect(nobody.map(told)).toEqual(known.map(told));
    expect(told(await tryOnce(unknown))).toBe(told(await tryOnce(person.citizenId)));
  });

  it('counts one id however it is spaced', async () => {
    const { citizenId } = person;
    for (const typed of [citizenId, ` ${citizenId}`, `${citizenId.slice(0, 6)} ${citizenId.slice(6)}`])
      await fail(2, typed);
    expect((await tryOnce(citizenId)).status).toBe(429);
  });

  it('by a stranger does not keep the holder out of a browser she has used before', async () => {
    const hers = test.browser();
    await signInWholly(test, hers, person);
    await fail(6, person.citizenId);
    expect((await tryOnce(person.citizenId)).status).toBe(429);
    expect((await tryOnce(person.citizenId, undefined, hers)).location).toContain('code=');
    // Her success is hers: the stranger is still paused.
    expect((await tryOnce(person.citizenId)).status).toBe(429);
  });

  it('has its own limit in a browser the holder has used before', async () => {
    const hers = test.browser();
    await signInWholly(test, hers, person);
    await fail(5, person.citizenId, hers);
    expect((await tryOnce(person.citizenId, undefined, hers)).status).toBe(429);
    expect((await tryOnce(person.citizenId)).location).toContain('code=');
  });

  it("in a browser that knows another account is a stranger's guess", async () => {
    const other = await giveActivePerson(test.app);
    const theirs = test.browser();
    await signInWholly(test, theirs, other);
    await fail(5, person.citizenId);
    expect((await tryOnce(person.citizenId, undefined, theirs)).status).toBe(429);
  });

  it('by an address that tries many ids is paused, and its successes do not count', async () => {
    await test.close();
    test = await startTestApp({ env: { SIGN_IN_TRIES_PER_ADDRESS: '6' } });
    person = await giveActivePerson(test.app);
    for (let count = 0; count < 8; count += 1) expect((await tryOnce(person.citizenId)).status).toBe(200);
    const pages = [];
    for (let count = 0; count < 7; count += 1) pages.push(await tryOnce(`99919965432${count}`, WRONG));
    expect(pages.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422, 422, 429]);
  });
});

describe('a new device', () => {
  const CHROME = { 'User-Agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/131.0.0.0 Safari/537.36' };

  async function signInWith(browser: TestBrowser): Promise<TestPage> {
    const start = await browser.get(authorizePath({ prompt: 'login' }));
    return typePassword(browser, start, { ...person, headers: CHROME });
  }

  it('is told to the holder by SMS, once, and not at the very first sign-in', async () => {
    const first = test.browser();
    await signInWith(first);
    expect(await test.messages(person.phone)).toEqual([]);
    const second = test.browser();
    await signInWith(second);
    await signInWith(second);
    await signInWith(first);
    const messages = await test.messages(person.phone);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('Chrome (Windows)');
    expect(messages[0]).toMatch(/^[\x20-\x7e]*$/);
  });

  it('is remembered in a cookie that scripts cannot read, of which the database keeps a hash', async () => {
    const browser = test.browser();
    const start = await browser.get(authorizePath());
    const response = await browser.agent
      .post(`${start.path}/password`)
      .set({ Origin: test.issuer })
      .type('form')
      .redirects(0)
      .send({
        csrf_token: start.$('input[name="csrf_token"]').attr('value'),
        citizen_id: person.citizenId,
        password: 'Sen_hong#2026',
      });
    const cookies = ([] as string[]).concat(response.headers['set-cookie'] ?? []);
    const cookie = cookies.find((one) => one.startsWith('device=')) ?? '';
    expect(cookie).toMatch(/httponly/i);
    expect(cookie).toMatch(/samesite=lax/i);
    const token = /^device=([^;]+)/.exec(cookie)?.[1] ?? '';
    const rows = JSON.stringify(await test.app.db('known_devices'));
    expect(rows).not.toContain(token);
  });

  it("cannot be planted: another account's cookie makes nobody known", async () => {
    const stranger = await giveActivePerson(test.app);
    const planted = test.browser();
    await signInWholly(test, planted, stranger);
    await signInWith(planted);
    const tokens = (await test.app.db('known_devices').select('token_hash')) as { token_hash: string }[];
    expect(new Set(tokens.map((row) => row.token_hash)).size).toBe(2);
  });
});
