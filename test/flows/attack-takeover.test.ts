import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyPasscode } from '../../src/accounts/verify-passcode.ts';
import { openToChange } from '../support/account-walk.ts';
import { ANSWERS, proveOwnPhone } from '../support/activation-walk.ts';
import { startTestApp, type TestApp, type TestBrowser } from '../support/app.ts';
import { giveActivePerson, giveGrant, TEST_SECRETS, type TestPerson } from '../support/people.ts';

let test: TestApp;
beforeEach(async () => {
  test = await startTestApp();
});
afterEach(() => test.close());

const THIEFS = '730518';

async function isPasscode(person: TestPerson, passcode: string): Promise<boolean> {
  return (await verifyPasscode(test.app, person.accountId, passcode)).kind === 'right';
}

describe('whoever holds the phone of somebody whose level 2 waits for its activation', () => {
  let person: TestPerson;
  let thief: TestBrowser;

  beforeEach(async () => {
    person = await giveActivePerson(test.app, { level: 1 });
    await giveGrant(test.app, person, { level: 2 });
    thief = test.browser();
  });

  it('does not get a passcode of his own by activating', async () => {
    expect((await proveOwnPhone(test, thief, person)).path).toBe('/activate/passcode');
    expect((await thief.post('/activate/passcode', { passcode: THIEFS })).status).toBe(422);
    expect((await thief.post('/activate/questions', ANSWERS)).path).toBe('/activate/passcode');
    expect(await isPasscode(person, THIEFS)).toBe(false);
    expect(await isPasscode(person, TEST_SECRETS.passcode)).toBe(true);
  });

  it('cannot guess the passcode there: it is one count with every other place that asks for it', async () => {
    await proveOwnPhone(test, thief, person);
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, index) => thief.post('/activate/passcode', { passcode: `73051${index % 10}` })),
    );
    expect(guesses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      ...Array(5).fill(422),
      ...Array(7).fill(429),
    ]);
    const again = test.browser();
    await proveOwnPhone(test, again, person);
    expect((await again.post('/activate/passcode', { passcode: TEST_SECRETS.passcode })).status).toBe(429);
    const hers = test.browser();
    await openToChange(test, hers, person, '/account/methods/totp');
    expect((await hers.post('/account/methods/totp', { passcode: TEST_SECRETS.passcode })).status).toBe(429);
  });

  it('is told how to go on by the page, in the words of a passcode that is there', async () => {
    const page = await proveOwnPhone(test, thief, person);
    expect(page.$('h1').text()).toBe('Xác nhận bằng passcode');
    expect(page.$('main a[href="/recover?for=passcode"]')).toHaveLength(1);
  });

  it('while the holder herself goes through with the passcode she has, which stays as it was', async () => {
    const hers = test.browser();
    const rows = () => test.app.db('credentials').where({ account_id: person.accountId, kind: 'passcode' });
    const before = (await rows()) as unknown[];
    await proveOwnPhone(test, hers, person);
    expect((await hers.post('/activate/passcode', { passcode: TEST_SECRETS.passcode })).path).toBe(
      '/activate/questions',
    );
    const done = await hers.post('/activate/questions', ANSWERS);
    expect(done.path).toBe('/activate/done');
    expect(done.$('h1').text()).toBe('Đã kích hoạt tài khoản');
    expect(await rows()).toEqual(before);
  });
});
