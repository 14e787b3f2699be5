import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PhoneNumber } from '../../src/domain/phone-number.ts';
import { localPhone } from '../support/activation-walk.ts';
import { startTestApp, type TestApp, type TestPage } from '../support/app.ts';
import { giveActivePerson, giveLock, givePendingPerson, type TestPerson } from '../support/people.ts';
import { actionsOf, CARD, proveOwnPhone, startRecovery, walkToSecret } from '../support/recovery-walk.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.close());

/** The page without what differs at every showing, and without what was typed. */
function told(page: TestPage): string {
  page.$('input[name="csrf_token"], input[name="citizen_id"], input[name="phone_number"]').attr('value', '');
  page.$('script').attr('nonce', '');
  return page.$.html();
}

describe('somebody who does not own the account', () => {
  it('sees the same pages with the same status, whatever of the pair is wrong and whatever the account is', async () => {
    const active = await giveActivePerson(test.app);
    const other = await giveActivePerson(test.app);
    const locked = await giveActivePerson(test.app);
    await giveLock(test.app, locked);
    const pending = await givePendingPerson(test.app);
    const phone = '+84912345678' as PhoneNumber;
    const tail = phone.slice(-3);
    const pairs = [
      { citizenId: active.citizenId, phone },
      { citizenId: locked.citizenId, phone },
      { citizenId: pending.citizenId, phone },
      { citizenId: '999185123456' as TestPerson['citizenId'], phone },
    ];
    const pages: TestPage[] = [];
    const wrong: TestPage[] = [];
    for (const pair of [...pairs, active, locked, pending, other]) {
      const browser = test.browser();
      const page = await startRecovery(browser, pair);
      const own = pair.phone.slice(-3);
      page.$('main p').each((_, paragraph) => {
        const text = page.$(paragraph).text();
        page.$(paragraph).text(text.replace(`số ${own}`, `số ${tail}`).replace(`cuối ${own}`, `cuối ${tail}`));
      });
      pages.push(page);
      wrong.push(await browser.post('/recover/code', { code: '000000' }));
    }
    expect(new Set(pages.map((page) => `${page.status} ${page.path}`))).toEqual(new Set(['200 /recover/code']));
    expect(new Set(pages.map(told)).size).toBe(1);
    expect(new Set(wrong.map((page) => page.status))).toEqual(new Set([422]));
    expect(new Set(wrong.map((page) => page.$('.error-summary').text())).size).toBe(1);
    expect(await test.messages('+84912345678')).toEqual([]);
  });

  it('writes the same rows for a pair that does not exist', async () => {
    const count = async (table: string): Promise<number> =>
      Number((await test.app.db(table).count({ total: '*' }))[0]?.['total']);
    const tables = ['recovery_attempts', 'one_time_codes', 'outbox', 'audit_entries', 'throttles'];
    const grown: number[][] = [];
    const person = await giveActivePerson(test.app);
    for (const pair of [
      person,
      { citizenId: '999185000777' as TestPerson['citizenId'], phone: '+84987000777' as PhoneNumber },
    ]) {
      const before = await Promise.all(tables.map(count));
      await startRecovery(test.browser(), pair);
      const after = await Promise.all(tables.map(count));
      grown.push(after.map((total, index) => total - (before[index] ?? 0)));
    }
    expect(grown[0]).toEqual(grown[1]);
  });

  it('is told the same when the wrong codes are used up, and never gets past', async () => {
    const person = await giveActivePerson(test.app);
    const texts: string[][] = [];
    for (const pair of [person, { ...person, citizenId: '999185000778' as TestPerson['citizenId'] }]) {
      const browser = test.browser();
      await startRecovery(browser, pair);
      const right = pair === person ? await test.code(person.phone) : '000000';
      const code = right === '111111' ? '222222' : '111111';
      const answers = [];
      for (let index = 0; index < 6; index += 1) answers.push(await browser.post('/recover/code', { code }));
      texts.push(answers.map((page) => page.$('.error-summary li').text()));
      expect((await browser.post('/recover/code', { code: right })).path).toBe('/recover/code');
    }
    expect(texts[0]).toEqual(texts[1]);
  });

  it('is limited by the pair in the same way, existing or not', async () => {
    const limited = await startTestApp({ env: { ATTEMPTS_PER_ACCOUNT_PER_HOUR: '3' } });
    try {
      const person = await giveActivePerson(limited.app);
      const statuses: number[][] = [];
      for (const pair of [person, { ...person, citizenId: '999185000779' as TestPerson['citizenId'] }]) {
        const answers = [];
        for (let index = 0; index < 5; index += 1) {
          const browser = limited.browser();
          await browser.get('/recover');
          answers.push(
            await browser.post('/recover', {
              target: 'password',
              citizen_id: pair.citizenId,
              phone_number: localPhone(pair),
            }),
          );
        }
        statuses.push(answers.map((page) => page.status));
      }
      expect(statuses[0]).toEqual([200, 200, 200, 429, 429]);
      expect(statuses[1]).toEqual(statuses[0]);
    } finally {
      await limited.close();
    }
  });

  it('cannot guess the card: three tries an attempt, six a day', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await proveOwnPhone(test, browser, person);
      const answers = [];
      for (const day of ['01', '02', '03'])
        answers.push(await browser.post('/recover/proof', { card_issued_on: `${day}/01/2021` }));
      expect(answers.map((page) => page.status)).toEqual([422, 422, 200]);
      expect(answers[0]?.$('.error-summary').text()).toContain('2 lần');
      expect(answers[2]?.$('h1').text()).toBe('Đã xác minh sai quá nhiều lần');
      expect((await browser.post('/recover/proof', { card_issued_on: CARD })).path).toBe('/recover/done');
    }
    await proveOwnPhone(test, browser, person);
    const blocked = await browser.post('/recover/proof', { card_issued_on: CARD });
    expect(blocked.status).toBe(429);
    test.travel({ seconds: 25 * 3600 });
    expect((await walkToSecret(test, test.browser(), person)).path).toBe('/recover/secret');
    expect(await actionsOf(test, person)).toContain('recovery.refused');
  });

  it('cannot get more tries at the card by sending them at once', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await proveOwnPhone(test, browser, person);
    const days = ['01', '02', '03', '04', '05', '06', '07', '08'];
    await Promise.all(days.map((day) => browser.post('/recover/proof', { card_issued_on: `${day}/01/2021` })));
    const rows = (await test.app.db('recovery_attempts').where({ account_id: person.accountId })) as {
      tries: number;
    }[];
    expect(rows.map((row) => row.tries)).toEqual([3]);
    expect((await browser.get('/recover/proof')).path).toBe('/recover/done');
  });

  it('does not use up a try with what is no date', async () => {
    const person = await giveActivePerson(test.app);
    const browser = test.browser();
    await proveOwnPhone(test, browser, person);
    for (const typed of ['', 'hôm qua', '31/02/2022', '2022'])
      expect(
        (await browser.post('/recover/proof', { card_issued_on: typed })).$('#card_issued_on-error').text(),
      ).toContain('ngày/tháng/năm');
    expect((await browser.post('/recover/proof', { card_issued_on: '2022-03-15' })).path).toBe('/recover/secret');
  });
});
