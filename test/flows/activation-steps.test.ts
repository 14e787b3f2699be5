import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { listActivations } from '../../src/accounts/activation-store.ts';
import { listCredentials } from '../../src/accounts/credential-store.ts';
import { listGrants } from '../../src/accounts/level-grant-store.ts';
import { ANSWERS, activate, proveOwnPhone, startActivation, walkToQuestions } from '../support/activation-walk.ts';
import { startTestApp, type TestApp, type TestBrowser, type TestPage } from '../support/app.ts';
import { accountOf, givePendingPerson, TEST_SECRETS, type TestPerson } from '../support/people.ts';

let test: TestApp;

beforeEach(async () => {
  test = await startTestApp();
});

afterEach(async () => {
  await test.close();
});

const PASSWORD = { password: TEST_SECRETS.password };
const PASSCODE = { passcode: TEST_SECRETS.passcode };
const FORMS = {
  '/activate/code': { code: '123456' },
  '/activate/code/resend': {},
  '/activate/password': PASSWORD,
  '/activate/passcode': PASSCODE,
  '/activate/questions': ANSWERS,
} as const;
const PAGES = ['code', 'password', 'passcode', 'questions', 'guardian', 'done'].map((step) => `/activate/${step}`);

async function attempts(): Promise<Record<string, unknown>[]> {
  return (await test.app.db('activation_attempts').select('*')) as Record<string, unknown>[];
}

/** Opens every page and sends every form but those of `step`; each must lead to `step` and change nothing. */
async function expectOnly(browser: TestBrowser, step: string): Promise<void> {
  const before = await attempts();
  for (const page of PAGES) expect((await browser.get(page)).path).toBe(step);
  for (const [path, fields] of Object.entries(FORMS)) {
    if (path.startsWith(step)) continue;
    const answer = await browser.post(path, fields);
    expect({ path, to: answer.path, status: answer.status }).toEqual({ path, to: step, status: 200 });
  }
  expect(await attempts()).toEqual(before);
}

describe('the steps', () => {
  it('can neither be skipped nor replayed: any other page or form leads to the present one and changes nothing', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    await startActivation(browser, person);
    await expectOnly(browser, '/activate/code');
    await browser.post('/activate/code', { code: await test.code(person.phone) });
    await expectOnly(browser, '/activate/password');
    await browser.post('/activate/password', PASSWORD);
    await expectOnly(browser, '/activate/passcode');
    await browser.post('/activate/passcode', PASSCODE);
    await expectOnly(browser, '/activate/questions');
    expect((await accountOf(test.app, person)).status).toBe('provisional');
    await browser.post('/activate/questions', ANSWERS);
    await expectOnly(browser, '/activate/done');
    expect(await listActivations(test.app.db, person.accountId)).toHaveLength(1);
  });

  it('say which methods they take', async () => {
    for (const path of ['/activate', '/activate/code', '/activate/code/resend', '/activate/questions']) {
      const answer = await fetch(`${test.issuer}${path}`, { method: 'DELETE' });
      expect([path, answer.status]).toEqual([path, 405]);
      expect(answer.headers.get('Allow')?.split(', ')).toEqual(expect.arrayContaining(['GET', 'POST']));
    }
  });

  it('need a cookie: without one every page and form leads to the start', async () => {
    const browser = test.browser();
    for (const page of PAGES) expect((await browser.get(page)).path).toBe('/activate');
    for (const [path, fields] of Object.entries(FORMS))
      expect((await browser.post(path, fields)).path).toBe('/activate?over');
  });

  it('need the very cookie: another attempt, a forged or an unsigned token opens nothing', async () => {
    const person = await givePendingPerson(test.app);
    const other = await givePendingPerson(test.app);
    const browser = test.browser();
    await walkToQuestions(test, browser, person);
    const thief = test.browser();
    await startActivation(thief, other);
    expect((await thief.post('/activate/questions', ANSWERS)).path).toBe('/activate/code');
    for (const cookie of ['attempt=AAAA', 'attempt=AAAA; attempt.sig=BBBB']) {
      const answer = await test.browser().get('/activate/questions', { Cookie: cookie });
      expect(answer.path).toBe('/activate');
    }
    expect((await accountOf(test.app, other)).status).toBe('provisional');
  });

  it('take forms of our own pages only', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    await walkToQuestions(test, browser, person);
    const foreign = await browser.post('/activate/questions', ANSWERS, { Origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    const tokenless = await browser.post('/activate/questions', { ...ANSWERS, csrf_token: '' });
    expect(tokenless.status).toBe(403);
    expect((await accountOf(test.app, person)).status).toBe('provisional');
  });

  it('never end in an activation on any way that leaves one out', async () => {
    type Act = keyof typeof FORMS | 'right code';
    const acts: Act[] = [...(Object.keys(FORMS) as Act[]), 'right code'];
    const needed = ['right code', '/activate/password', '/activate/passcode', '/activate/questions'];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...acts), { minLength: 1, maxLength: 9 }), async (walk) => {
        const person = await givePendingPerson(test.app);
        const browser = test.browser();
        await startActivation(browser, person);
        // The model: the next step that is still missing moves on; anything else does not.
        let passed = 0;
        for (const act of walk) {
          const path = act === 'right code' ? '/activate/code' : act;
          const fields = act === 'right code' ? { code: await test.code(person.phone) } : FORMS[act];
          await browser.post(path, fields);
          if (act === needed[passed]) passed += 1;
        }
        const isActivated = (await accountOf(test.app, person)).status === 'active';
        expect(isActivated).toBe(passed === needed.length);
        expect(await listActivations(test.app.db, person.accountId)).toHaveLength(isActivated ? 1 : 0);
        expect(await listCredentials(test.app.db, person.accountId)).toHaveLength(isActivated ? 4 : 0);
      }),
      { numRuns: 25 },
    );
    expect(await checkCounters(test.app.db, { repair: false })).toEqual([]);
  });
});

describe('two at once', () => {
  async function expectOneActivation(person: TestPerson): Promise<void> {
    expect(await listActivations(test.app.db, person.accountId)).toHaveLength(1);
    expect((await listGrants(test.app.db, person.accountId)).map((one) => one.status)).toEqual(['activated']);
    const events = (await test.app
      .db('activation_events')
      .where({ account_id: person.accountId, kind: 'activated' })) as unknown[];
    expect(events).toHaveLength(1);
    expect(await checkCounters(test.app.db, { repair: false })).toEqual([]);
  }

  it('two devices that send the last form together activate once; the other is told, and its password is not taken', async () => {
    const person = await givePendingPerson(test.app);
    const devices = [test.browser(), test.browser()] as const;
    await walkToQuestions(test, devices[0], person);
    await proveOwnPhone(test, devices[1], person);
    await devices[1].post('/activate/password', { password: 'Cuc_trang1' });
    await devices[1].post('/activate/passcode', PASSCODE);
    const pages = await Promise.all(devices.map((device) => device.post('/activate/questions', ANSWERS)));
    const titles = pages.map((page: TestPage) => page.$('h1').text());
    expect(titles.toSorted()).toEqual(['Tài khoản vừa thay đổi ở nơi khác', 'Đã kích hoạt tài khoản'].toSorted());
    await expectOneActivation(person);
    const winner = titles[0] === 'Đã kích hoạt tài khoản' ? TEST_SECRETS.password : 'Cuc_trang1';
    const password = (await listCredentials(test.app.db, person.accountId)).find((one) => one.kind === 'password');
    expect((await test.app.hasher.verify(password?.secret ?? '', winner)).matches).toBe(true);
  });

  it('eight devices activate once', async () => {
    const person = await givePendingPerson(test.app);
    const devices = Array.from({ length: 8 }, () => test.browser());
    for (const device of devices) await walkToQuestions(test, device, person);
    await Promise.all(devices.map((device) => device.post('/activate/questions', ANSWERS)));
    await expectOneActivation(person);
    expect(await test.app.db('activation_attempts').where({ outcome: 'overtaken' })).toHaveLength(7);
  });

  it('a last form sent twice, by two tabs or an impatient thumb, activates once and shows success both times', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    await walkToQuestions(test, browser, person);
    const pages = await Promise.all([1, 2, 3].map(() => browser.post('/activate/questions', ANSWERS)));
    expect(pages.map((page) => page.$('h1').text())).toEqual(Array(3).fill('Đã kích hoạt tài khoản'));
    await expectOneActivation(person);
  });

  it('two tabs with the right code go on to the same next step', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    await startActivation(browser, person);
    const code = await test.code(person.phone);
    const pages = await Promise.all([1, 2].map(() => browser.post('/activate/code', { code })));
    expect(pages.map((page) => page.path)).toEqual(['/activate/password', '/activate/password']);
  });

  it('two tabs that send different passwords keep the first', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    await proveOwnPhone(test, browser, person);
    await Promise.all(['Cuc_trang1', 'Sen_hong#2'].map((password) => browser.post('/activate/password', { password })));
    const [attempt] = await attempts();
    expect(attempt?.['step']).toBe('passcode');
    await browser.post('/activate/password', { password: 'Mai_vang#3' });
    expect((await attempts())[0]).toEqual(attempt);
  });

  it('the back button does no harm: an old form leads to where one is', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    await walkToQuestions(test, browser, person);
    const before = await attempts();
    expect((await browser.post('/activate/password', { password: 'Mai_vang#3' })).path).toBe('/activate/questions');
    expect(await attempts()).toEqual(before);
    await activate(test, test.browser(), person);
    expect((await browser.post('/activate/questions', ANSWERS)).$('h1').text()).toBe(
      'Tài khoản vừa thay đổi ở nơi khác',
    );
    await expectOneActivation(person);
  });
});
