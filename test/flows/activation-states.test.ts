import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { markLateGrants, reopenGrant } from '../../src/accounts/grant-level.ts';
import { listGrants } from '../../src/accounts/level-grant-store.ts';
import { changePerson } from '../../src/accounts/person-store.ts';
import { parsePhoneNumber } from '../../src/domain/phone-number.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { ANSWERS, activate, proveOwnPhone, startActivation, walkToQuestions } from '../support/activation-walk.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import {
  accountOf,
  giveActivePerson,
  giveGrant,
  giveLock,
  givePendingPerson,
  givePerson,
  type TestPerson,
} from '../support/people.ts';

let test: TestApp;

beforeEach(async () => {
  test = await startTestApp();
});

afterEach(async () => {
  await test.close();
});

type Stop = { who: string; title: string; does: string; give: () => Promise<TestPerson> };

const STOPS: Stop[] = [
  {
    who: 'a late citizen',
    title: 'Đã quá hạn tự kích hoạt',
    does: 'Gọi tổng đài',
    give: () => givePendingPerson(test.app, { status: 'late_activation' }),
  },
  {
    who: 'the holder of a locked account',
    title: 'Tài khoản đang bị khóa',
    does: 'yêu cầu mở khóa',
    give: async () => {
      const person = await givePendingPerson(test.app);
      await giveLock(test.app, person);
      return person;
    },
  },
  {
    who: 'who uses the phone of a deceased person',
    title: 'Không thể kích hoạt tài khoản này',
    does: 'đính chính',
    give: async () => {
      const person = await givePendingPerson(test.app);
      await giveLock(test.app, person, 'death');
      return person;
    },
  },
  {
    who: 'who is active already',
    title: 'Tài khoản đã được kích hoạt',
    does: 'Đăng nhập',
    give: () => giveActivePerson(test.app),
  },
  {
    who: 'who has been granted nothing yet',
    title: 'Chưa có tài khoản chờ kích hoạt',
    does: 'công an xã, phường',
    give: () => givePerson(test.app),
  },
  {
    who: 'whose notice has not gone out',
    title: 'Chưa có tài khoản chờ kích hoạt',
    does: 'đợi tin nhắn',
    give: () => givePendingPerson(test.app, { status: 'granted' }),
  },
];

describe('an account that cannot be activated now', () => {
  it.each(STOPS)(
    'shows $who a page of its own, with what to do, only after the code',
    async ({ title, does, give }) => {
      const person = await give();
      const browser = test.browser();
      const codePage = await startActivation(browser, person);
      expect(codePage.$('h1').text()).toBe('Nhập mã xác thực');
      expect((await browser.get('/activate/done')).path).toBe('/activate/code');
      const page = await browser.post('/activate/code', { code: await test.code(person.phone) });
      expect(page.path).toBe('/activate/done');
      expect(page.status).toBe(200);
      expect(page.$('h1').text()).toBe(title);
      expect(page.$('main').text()).toContain(does);
      // A reload shows it again; no form leads further.
      expect((await browser.get('/activate/done')).$('h1').text()).toBe(title);
      expect((await browser.post('/activate/password', { password: 'Sen_hong#2026' })).path).toBe('/activate/done');
    },
  );

  it('tells a late citizen until when she could, and lets her in once the hotline has opened it again', async () => {
    const person = await givePendingPerson(test.app, {
      status: 'late_activation',
      notifiedAt: new Date('2026-02-01T03:00:00Z'),
    });
    const page = await proveOwnPhone(test, test.browser(), person);
    expect(page.$('.lead').text()).toContain('08/02/2026');
    expect(page.$('main a[href="tel:19000000"]').text(), 'the number to call, where she is told to').toBe(
      'Gọi\u00a01900\u00a00000',
    );
    const [grant] = await listGrants(test.app.db, person.accountId);
    const actor = { kind: 'officer' as const, id: 'hotline-7', unitCode: '00004' };
    await inTransaction(test.app.db, (tx) =>
      reopenGrant(tx, {
        grantId: grant?.id ?? '',
        reason: 'identified on the telephone',
        actor,
        now: test.app.clock(),
      }),
    );
    expect((await activate(test, test.browser(), person)).$('h1').text()).toBe('Đã kích hoạt tài khoản');
    expect(await checkCounters(test.app.db, { repair: false })).toEqual([]);
  });

  it.each([
    ['a lock', (person: TestPerson) => giveLock(test.app, person), 'Tài khoản đang bị khóa'],
    [
      'a death notice',
      (person: TestPerson) => giveLock(test.app, person, 'death'),
      'Không thể kích hoạt tài khoản này',
    ],
    [
      'a change of the phone number',
      async (person: TestPerson) => {
        const phone = parsePhoneNumber('0987654321');
        if (phone.ok)
          await changePerson(
            test.app.db,
            test.app.vault,
            { id: person.personId, phone: phone.value },
            test.app.clock(),
          );
      },
      'Tài khoản vừa thay đổi ở nơi khác',
    ],
  ])('stops at %s that came in the middle, and writes nothing', async (_, happen, title) => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    await walkToQuestions(test, browser, person);
    await happen(person);
    const page = await browser.post('/activate/questions', ANSWERS);
    expect(page.$('h1').text()).toBe(title);
    expect((await listGrants(test.app.db, person.accountId))[0]?.status).toBe('pending_activation');
    expect(await test.app.db('credentials').where({ account_id: person.accountId })).toEqual([]);
  });
});

describe('the due day', () => {
  // Notified on 2 March: until the end of 9 March in Viet Nam.
  const LAST_MOMENT = new Date('2026-03-09T16:59:59.999Z');
  const MIDNIGHT = new Date('2026-03-09T17:00:00.000Z');

  it('lasts to its last millisecond, and counts as on time', async () => {
    const person = await givePendingPerson(test.app);
    test.travel(LAST_MOMENT);
    expect((await activate(test, test.browser(), person)).$('h1').text()).toBe('Đã kích hoạt tài khoản');
    expect(await test.app.db('activation_events').where({ kind: 'on_time' })).toHaveLength(1);
  });

  it('is over at midnight in Viet Nam, timer or no timer', async () => {
    const person = await givePendingPerson(test.app);
    test.travel(MIDNIGHT);
    expect((await proveOwnPhone(test, test.browser(), person)).$('h1').text()).toBe('Đã quá hạn tự kích hoạt');
    await markLateGrants(test.app.db, test.app.clock());
    expect((await proveOwnPhone(test, test.browser(), person)).$('h1').text()).toBe('Đã quá hạn tự kích hoạt');
    expect(await checkCounters(test.app.db, { repair: false })).toEqual([]);
  });

  it('holds for the last form, not for the first: midnight in the middle is late, and nothing is written', async () => {
    const person = await givePendingPerson(test.app);
    test.travel(LAST_MOMENT);
    const browser = test.browser();
    await walkToQuestions(test, browser, person);
    test.travel(MIDNIGHT);
    const page = await browser.post('/activate/questions', ANSWERS);
    expect(page.$('h1').text()).toBe('Đã quá hạn tự kích hoạt');
    expect((await accountOf(test.app, person)).status).toBe('provisional');
    expect(await test.app.db('credentials').where({ account_id: person.accountId })).toEqual([]);
  });
});

describe('an attempt', () => {
  it('goes on after a reload and after the browser was closed', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    await startActivation(browser, person);
    await browser.post('/activate/code', { code: await test.code(person.phone) });
    expect((await browser.get('/activate/password')).$('h1').text()).toBe('Đặt mật khẩu');
    expect((await browser.get('/activate')).$('.notice a').attr('href')).toBe('/activate/password');
  });

  it('gives its cookie the life of the attempt, out of reach of scripts and of other sites', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    const page = await browser.get('/activate');
    const response = await browser.agent
      .post('/activate')
      .set({ Origin: test.issuer })
      .type('form')
      .redirects(0)
      .send({
        csrf_token: page.$('input[name="csrf_token"]').attr('value'),
        citizen_id: person.citizenId,
        phone_number: person.phone,
      });
    expect(response.status).toBe(303);
    const cookies = [response.headers['set-cookie'] ?? []].flat();
    const attempt = cookies.find((one) => one.startsWith('attempt='));
    expect(attempt).toMatch(/httponly/i);
    expect(attempt).toMatch(/samesite=lax/i);
    expect(attempt).toMatch(/expires=Mon, 02 Mar 2026 03:30:00 GMT/i);
    const token = /attempt=([^;]+)/.exec(attempt ?? '')?.[1] ?? '';
    const rows = (await test.app.db('activation_attempts').select('*')) as Record<string, unknown>[];
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('ends with its time: the page says that nothing has changed', async () => {
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    await walkToQuestions(test, browser, person);
    test.travel({ seconds: 1_800 });
    const page = await browser.post('/activate/questions', ANSWERS);
    expect(page.path).toBe('/activate?over');
    expect(page.$('.notice').text()).toContain('hết thời gian');
    expect((await accountOf(test.app, person)).status).toBe('provisional');
  });

  it('holds no secret once it is over', async () => {
    const person = await givePendingPerson(test.app);
    await activate(test, test.browser(), person);
    const [row] = (await test.app.db('activation_attempts')) as Record<string, unknown>[];
    expect(row).toMatchObject({ password_hash: null, passcode_hash: null, answer_1_hash: null, answer_2_hash: null });
  });

  it('of a person who comes back later is answered by the state then', async () => {
    const person = await givePerson(test.app);
    expect((await proveOwnPhone(test, test.browser(), person)).$('h1').text()).toContain('Chưa có');
    await giveGrant(test.app, person);
    expect((await proveOwnPhone(test, test.browser(), person)).path).toBe('/activate/password');
  });
});
