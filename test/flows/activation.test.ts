import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { listActivations } from '../../src/accounts/activation-store.ts';
import { listCredentials } from '../../src/accounts/credential-store.ts';
import { listGrants } from '../../src/accounts/level-grant-store.ts';
import { listAuditOfAccount } from '../../src/audit/audit-store.ts';
import {
  ANSWERS,
  activate,
  localPhone,
  proveOwnPhone,
  startActivation,
  walkToQuestions,
} from '../support/activation-walk.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import {
  accountOf,
  giveActivePerson,
  giveGrant,
  givePendingPerson,
  givePerson,
  giveSecrets,
  TEST_SECRETS,
} from '../support/people.ts';

let test: TestApp;

beforeEach(async () => {
  test = await startTestApp();
});

afterEach(async () => {
  await test.close();
});

describe('activating, step by step', () => {
  it('takes a citizen with her id and phone to an activated account', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();

    expect((await browser.get('/activate')).$('h1').text()).toContain('Kích hoạt tài khoản');
    const codePage = await startActivation(browser, person);
    expect(codePage.path).toBe('/activate/code');
    const passwordPage = await browser.post('/activate/code', { code: await test.code(person.phone) });
    expect(passwordPage.path).toBe('/activate/password');
    const passcodePage = await browser.post('/activate/password', { password: TEST_SECRETS.password });
    expect(passcodePage.path).toBe('/activate/passcode');
    const questionsPage = await browser.post('/activate/passcode', { passcode: TEST_SECRETS.passcode });
    expect(questionsPage.path).toBe('/activate/questions');
    const donePage = await browser.post('/activate/questions', ANSWERS);
    expect(donePage.path).toBe('/activate/done');
    expect(donePage.$('h1').text()).toBe('Đã kích hoạt tài khoản');
    expect(donePage.$('a.primary').attr('href')).toBe('/account');

    expect((await accountOf(test.app, person)).status).toBe('active');
    expect(await listGrants(test.app.db, person.accountId)).toMatchObject([
      { accountLevel: 2, status: 'activated', channel: 'self', activatedAt: test.app.clock() },
    ]);
    const kinds = (await listCredentials(test.app.db, person.accountId)).map((one) => one.kind);
    expect(kinds).toEqual(['answer_1', 'answer_2', 'passcode', 'password']);
  });

  it('lets the citizen use the very secrets she chose, answers without accents too', async () => {
    const person = await givePendingPerson(test.app);
    await activate(test, test.browser(), person);
    const secrets = new Map((await listCredentials(test.app.db, person.accountId)).map((one) => [one.kind, one]));
    const matches = async (kind: 'password' | 'passcode' | 'answer_1', typed: string): Promise<boolean> =>
      (await test.app.hasher.verify(secrets.get(kind)?.secret ?? '', typed)).matches;
    expect(await matches('password', TEST_SECRETS.password)).toBe(true);
    expect(await matches('passcode', TEST_SECRETS.passcode)).toBe(true);
    expect(await matches('answer_1', 'truong chu van an')).toBe(true);
    expect(secrets.get('answer_1')?.question).toBe(TEST_SECRETS.question1);
  });

  it('writes audit, events and counters with the activation, and the counters equal a recount', async () => {
    const person = await givePendingPerson(test.app, { unitCode: '00070' });
    await activate(test, test.browser(), person);
    const actions = (await listAuditOfAccount(test.app.db, person.accountId)).map((one) => one.action);
    expect(actions).toEqual(
      expect.arrayContaining([
        'activation.started',
        'activation.code_proved',
        'grant.activated',
        'credential.password_set',
        'credential.passcode_set',
        'credential.questions_set',
      ]),
    );
    expect(await checkCounters(test.app.db, { repair: false })).toEqual([]);
    const [activation] = await listActivations(test.app.db, person.accountId);
    expect(activation).toMatchObject({ unitCode: '00070', channel: 'self' });
  });

  it('tells the holder by SMS that it was activated and what to do if it was not her', async () => {
    const person = await givePendingPerson(test.app);
    await activate(test, test.browser(), person);
    const [message] = await test.messages(person.phone);
    expect(message).toMatch(
      /^Tai khoan dinh danh muc 2 da kich hoat luc 10:00 02\/03\/2026\. Khong phai ban\? Goi ngay/,
    );
    for (const body of await test.messages(person.phone)) {
      expect(body.length).toBeLessThanOrEqual(160);
      expect(body).toMatch(/^[\x20-\x7e]*$/);
    }
  });

  it('asks for no password when she has one from level 1, and keeps it', async () => {
    const person = await giveActivePerson(test.app, { level: 1 });
    await giveGrant(test.app, person, { level: 2 });
    const before = (await listCredentials(test.app.db, person.accountId)).find((one) => one.kind === 'password');
    const page = await proveOwnPhone(test, test.browser(), person);
    expect(page.path).toBe('/activate/passcode');
    expect(page.$('ol.steps li')).toHaveLength(5);
    const done = await activate(test, test.browser(), person);
    expect(done.text).toContain('mức độ 2');
    const after = (await listCredentials(test.app.db, person.accountId)).find((one) => one.kind === 'password');
    expect(after?.secret).toBe(before?.secret);
    expect((await listGrants(test.app.db, person.accountId)).map((one) => one.status)).toEqual([
      'activated',
      'activated',
    ]);
  });

  it('activates level 1 together with level 2 when both wait, and counts the person once', async () => {
    const person = await givePerson(test.app);
    await giveGrant(test.app, person, { level: 1 });
    await giveGrant(test.app, person, { level: 2 });
    const done = await activate(test, test.browser(), person);
    expect(done.text).toContain('mức độ 1 + 2');
    expect(await listActivations(test.app.db, person.accountId)).toHaveLength(2);
    const events = (await test.app.db('activation_events').where({ kind: 'person_activated' })) as {
      account_level: number;
    }[];
    expect(events.map((one) => one.account_level)).toEqual([2]);
    expect(await checkCounters(test.app.db, { repair: false })).toEqual([]);
  });

  it('activates level 1 in time and says that level 2 is late', async () => {
    const person = await givePerson(test.app);
    await giveGrant(test.app, person, { level: 2, status: 'late_activation' });
    await giveGrant(test.app, person, { level: 1 });
    const done = await activate(test, test.browser(), person);
    expect(done.text).toContain('mức độ 1');
    expect(done.text).toContain('Mức độ còn lại đã quá hạn');
    expect((await listGrants(test.app.db, person.accountId)).map((one) => one.status)).toEqual([
      'activated',
      'late_activation',
    ]);
  });

  it('notes that a poster led her here', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    const page = await browser.get('/activate?via=qr_guide');
    expect(page.$('input[name="via"]').attr('value')).toBe('qr_guide');
    const fields = { citizen_id: person.citizenId, phone_number: localPhone(person), via: 'qr_guide' };
    await browser.post('/activate', fields);
    await browser.post('/activate/code', { code: await test.code(person.phone) });
    await browser.post('/activate/password', { password: TEST_SECRETS.password });
    await browser.post('/activate/passcode', { passcode: TEST_SECRETS.passcode });
    await browser.post('/activate/questions', ANSWERS);
    expect(await listGrants(test.app.db, person.accountId)).toMatchObject([{ channel: 'qr_guide' }]);
  });

  it('takes no other channel from the form: nobody can pose as the police', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    await browser.get('/activate');
    await browser.post('/activate', { citizen_id: person.citizenId, phone_number: localPhone(person), via: 'police' });
    const rows = (await test.app.db('activation_attempts').select('channel')) as { channel: string }[];
    expect(rows).toEqual([{ channel: 'self' }]);
  });

  it('speaks English to who reads English, in the message too', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    await browser.get('/activate?lang=en');
    const done = await activate(test, browser, person);
    expect(done.$('h1').text()).toBe('Your account is activated');
    expect((await test.messages(person.phone))[0]).toContain('Not you?');
  });
});

describe('what is typed', () => {
  it('is judged beside its field, and nothing is sent', async () => {
    const browser = test.browser();
    await browser.get('/activate');
    const page = await browser.post('/activate', { citizen_id: '123', phone_number: '02438250000' });
    expect(page.status).toBe(422);
    expect(page.$('#citizen_id-error').text()).toContain('12 chữ số');
    expect(page.$('#phone_number-error').text()).toContain('di động');
    expect(
      page
        .$('.error-summary a')
        .map((_, link) => page.$(link).attr('href'))
        .get(),
    ).toEqual(['#citizen_id', '#phone_number']);
    expect(page.$('#citizen_id').attr('value')).toBe('123');
  });

  it('may be written with spaces and with the country code', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    await browser.get('/activate');
    const citizenId = person.citizenId.replace(/(\d{3})/g, '$1 ');
    await browser.post('/activate', { citizen_id: citizenId, phone_number: `84 ${person.phone.slice(3)}` });
    const code = await test.code(person.phone);
    const page = await browser.post('/activate/code', { code: `${code.slice(0, 3)} ${code.slice(3)}` });
    expect(page.path).toBe('/activate/password');
  });

  it('names every broken rule of a password, and never sends it back to the page', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    await proveOwnPhone(test, browser, person);
    const page = await browser.post('/activate/password', { password: 'ngan' });
    expect(page.status).toBe(422);
    expect(page.$('#password-error').text()).toMatch(/8 ký tự.*chữ số.*chữ hoa/);
    expect(page.text).not.toContain('ngan"');
    const tail = `Abc_${person.citizenId.slice(-6)}`;
    expect((await browser.post('/activate/password', { password: tail })).text).toContain('số định danh của bạn');
    expect((await browser.get('/activate')).$('.notice a').attr('href')).toBe('/activate/password');
  });

  it.each(['123456', '111111', '112233', '000000', '12345', 'abcdef'])(
    'refuses the weak passcode %s',
    async (passcode) => {
      const person = await givePendingPerson(test.app);
      const browser = test.browser();
      await proveOwnPhone(test, browser, person);
      await browser.post('/activate/password', { password: TEST_SECRETS.password });
      const page = await browser.post('/activate/passcode', { passcode });
      expect(page.status).toBe(422);
      expect(page.path).toBe('/activate/passcode');
      expect(page.$('#passcode-error').text()).not.toBe('');
    },
  );

  it('refuses her birthday and the ends of her numbers as a passcode', async () => {
    const person = await givePendingPerson(test.app, { birthOn: '1987-06-25' });
    const browser = test.browser();
    await proveOwnPhone(test, browser, person);
    await browser.post('/activate/password', { password: TEST_SECRETS.password });
    for (const passcode of ['250687', person.citizenId.slice(-6), person.phone.slice(-6)])
      expect((await browser.post('/activate/passcode', { passcode })).status).toBe(422);
  });

  it.each([
    [{ question_2: TEST_SECRETS.question1 }, 'question_2'],
    [{ question_1: 'my_mother' }, 'question_1'],
    [{ answer_1: ' .,! ' }, 'answer_1'],
    [{ answer_2: TEST_SECRETS.answer1 }, 'answer_2'],
    [{ answer_2: 'x'.repeat(101) }, 'answer_2'],
  ])('refuses questions and answers that are no use: %o', async (fields, at) => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    await walkToQuestions(test, browser, person);
    const page = await browser.post('/activate/questions', { ...ANSWERS, ...fields });
    expect(page.status).toBe(422);
    expect(page.$(`#${at}-error`).text()).not.toBe('');
    expect((await accountOf(test.app, person)).status).toBe('provisional');
  });
});

describe('an imported activation without credentials', () => {
  it('gets them through the proved phone, is told so, and nothing is activated or counted again', async () => {
    const person = await givePerson(test.app);
    await giveGrant(test.app, person, { status: 'activated', activatedAt: new Date('2026-02-20T03:00:00Z') });
    const events = async (): Promise<number> =>
      ((await test.app.db('activation_events').select('id')) as unknown[]).length;
    const before = await events();
    const browser = test.browser();
    const page = await proveOwnPhone(test, browser, person);
    expect(page.path).toBe('/activate/password');
    expect(page.$('.notice').text()).toContain('đã được kích hoạt từ trước');
    await browser.post('/activate/password', { password: TEST_SECRETS.password });
    await browser.post('/activate/passcode', { passcode: TEST_SECRETS.passcode });
    const done = await browser.post('/activate/questions', ANSWERS);
    expect(done.$('h1').text()).toBe('Đã đặt mật khẩu và passcode');
    expect(await events()).toBe(before);
    expect(await listCredentials(test.app.db, person.accountId)).toHaveLength(4);
    expect(await listActivations(test.app.db, person.accountId)).toHaveLength(1);
    expect((await test.messages(person.phone))[0]).toContain('da duoc dat luc');
  });

  it('cannot be reached once a password exists, not even by an attempt that was under way', async () => {
    const person = await givePerson(test.app);
    await giveGrant(test.app, person, { status: 'activated' });
    const browser = test.browser();
    await walkToQuestions(test, browser, person);
    await giveSecrets(test.app, person, { password: 'Khac_hong1' });
    const stopped = await browser.post('/activate/questions', ANSWERS);
    expect(stopped.$('h1').text()).toBe('Tài khoản vừa thay đổi ở nơi khác');
    const password = (await listCredentials(test.app.db, person.accountId)).find((one) => one.kind === 'password');
    expect((await test.app.hasher.verify(password?.secret ?? '', 'Khac_hong1')).matches).toBe(true);
    const again = await proveOwnPhone(test, test.browser(), person);
    expect(again.$('h1').text()).toBe('Tài khoản đã được kích hoạt');
  });
});
