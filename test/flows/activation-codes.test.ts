import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localPhone, proveOwnPhone, startActivation } from '../support/activation-walk.ts';
import { startTestApp, type TestApp, type TestBrowser, type TestPage } from '../support/app.ts';
import { giveLock, givePendingPerson, givePerson, syntheticCitizenId, type TestPerson } from '../support/people.ts';

let test: TestApp;

beforeEach(async () => {
  test = await startTestApp();
});

afterEach(async () => {
  await test.close();
});

/** What differs from one request to the next and says nothing: tokens, nonces, reference numbers. */
function normalised(page: TestPage): string {
  return page.text
    .replace(/name="csrf_token" value="[^"]*"/g, 'name="csrf_token"')
    .replace(/nonce="[^"]*"/g, 'nonce')
    .replace(/<code>[0-9A-Z]{5}-[0-9A-Z]{5}<\/code>/g, '<code>');
}

function stranger(): Pick<TestPerson, 'citizenId' | 'phone'> {
  return { citizenId: syntheticCitizenId('1990-01-01', 'male'), phone: '+84912000321' as TestPerson['phone'] };
}

async function wrongCode(right: string, offset = 1): Promise<string> {
  return String((Number(right) + offset) % 1_000_000).padStart(6, '0');
}

/** Everything that a stranger may try with a pair, and what he sees. */
async function tour(pair: Pick<TestPerson, 'citizenId' | 'phone'>): Promise<string[]> {
  const browser = test.browser();
  const seen: string[] = [];
  const see = (page: TestPage): void => void seen.push(`${page.status} ${page.path} ${normalised(page)}`);
  see(await startActivation(browser, pair));
  see(await browser.get('/activate'));
  see(await browser.get('/activate/code'));
  see(await browser.get('/activate/password'));
  see(await browser.post('/activate/code', { code: '12' }));
  // No code of the test is this one: one chance in a million, and then the test is right to fail.
  for (let guess = 0; guess < 6; guess += 1) see(await browser.post('/activate/code', { code: '000001' }));
  see(await browser.post('/activate/code/resend', {}));
  test.travel({ seconds: 31 });
  see(await browser.post('/activate/code/resend', {}));
  test.travel({ seconds: 200 });
  see(await browser.post('/activate/code', { code: '000001' }));
  see(await browser.post('/activate/password', { password: 'Sen_hong#2026' }));
  see(await browser.get('/activate/done'));
  test.travel({ seconds: -231 });
  return seen;
}

async function rowsOf(table: string): Promise<number> {
  return ((await test.app.db(table).select('id')) as unknown[]).length;
}

describe('whether a pair exists', () => {
  it('cannot be seen: every page is the same for an existing pair, an unknown id, another phone and a locked account', async () => {
    const existing = await givePendingPerson(test.app, { phone: '0912000321' });
    const others = { citizenId: (await givePendingPerson(test.app)).citizenId, phone: existing.phone };
    const expected = await tour(existing);
    expect(expected.map((line) => line.slice(0, 20))).toContain('429 /activate/code/r');
    expect(await tour(stranger())).toEqual(expected);
    expect(await tour(others)).toEqual(expected);
    await giveLock(test.app, existing);
    expect(await tour(existing)).toEqual(expected);
  });

  it('cannot be told from the work: the same rows are written', async () => {
    const existing = await givePendingPerson(test.app);
    const tables = ['activation_attempts', 'one_time_codes', 'outbox', 'audit_entries'];
    const growth = async (pair: Pick<TestPerson, 'citizenId' | 'phone'>): Promise<number[]> => {
      const before = await Promise.all(tables.map(rowsOf));
      const browser = test.browser();
      await startActivation(browser, pair);
      for (let guess = 0; guess < 5; guess += 1) await browser.post('/activate/code', { code: '000001' });
      test.travel({ seconds: 31 });
      await browser.post('/activate/code/resend', {});
      const after = await Promise.all(tables.map(rowsOf));
      return after.map((count, index) => count - (before[index] ?? 0));
    };
    expect(await growth(existing)).toEqual([1, 2, 2, 3]);
    expect(await growth(stranger())).toEqual([1, 2, 2, 3]);
  });

  it('cannot be tried out by guessing codes: those of a pretending attempt are always wrong', async () => {
    const pair = stranger();
    const browser = test.browser();
    await startActivation(browser, pair);
    expect(await test.messages(pair.phone)).toEqual([]);
    expect(await test.app.outbox.counts()).toEqual({ waiting: 0, dead: 0 });
    const page = await browser.post('/activate/code', { code: '000000' });
    expect(page.$('#code-error').text()).toContain('Mã không đúng');
  });

  it('cannot be seen from the limits: they count what was typed', async () => {
    const existing = await givePendingPerson(test.app);
    const starts = async (pair: Pick<TestPerson, 'citizenId' | 'phone'>): Promise<number[]> => {
      const browser = test.browser();
      const statuses: number[] = [];
      for (let start = 0; start < 12; start += 1) statuses.push((await startActivation(browser, pair)).status);
      return statuses;
    };
    const expected = [...Array<number>(10).fill(200), 429, 429];
    expect(await starts(existing)).toEqual(expected);
    expect(await starts(stranger())).toEqual(expected);
  });
});

describe('a code', () => {
  let person: TestPerson;
  let browser: TestBrowser;

  beforeEach(async () => {
    person = await givePendingPerson(test.app);
    browser = test.browser();
    await startActivation(browser, person);
  });

  it('works once: the same code opens nothing in a second attempt', async () => {
    const code = await test.code(person.phone);
    expect((await browser.post('/activate/code', { code })).path).toBe('/activate/password');
    const second = test.browser();
    await startActivation(second, person);
    expect((await second.post('/activate/code', { code })).status).toBe(422);
  });

  it('is the newest only: an older one is refused', async () => {
    const older = await test.code(person.phone);
    test.travel({ seconds: 31 });
    expect((await browser.post('/activate/code/resend', {})).$('.notice.success').text()).toContain('Đã gửi mã mới');
    expect((await browser.post('/activate/code', { code: older })).status).toBe(422);
    const newest = await test.code(person.phone);
    expect((await browser.post('/activate/code', { code: newest })).path).toBe('/activate/password');
  });

  it('is bound to the browser that asked for it', async () => {
    const code = await test.code(person.phone);
    const other = test.browser();
    await startActivation(other, person);
    expect((await other.post('/activate/code', { code })).status).toBe(422);
  });

  it('expires after its lifetime', async () => {
    const code = await test.code(person.phone);
    test.travel({ seconds: 180 });
    const page = await browser.post('/activate/code', { code });
    expect(page.$('#code-error').text()).toContain('hết hiệu lực');
  });

  it('works in its last second', async () => {
    const code = await test.code(person.phone);
    test.travel({ seconds: 179 });
    expect((await browser.post('/activate/code', { code })).path).toBe('/activate/password');
  });

  it('dies after five wrong tries, even for the right digits, and a reload forgives none', async () => {
    const code = await test.code(person.phone);
    for (let guess = 1; guess <= 5; guess += 1) {
      await browser.get('/activate/code');
      const page = await browser.post('/activate/code', { code: await wrongCode(code, guess) });
      expect(page.$('#code-error').text()).toContain(guess < 5 ? 'Mã không đúng' : 'quá nhiều lần');
    }
    const page = await browser.post('/activate/code', { code });
    expect(page.status).toBe(422);
    expect(page.$('#code-error').text()).toContain('quá nhiều lần');
  });

  it('is not used up by a slip: what is no code counts as no try', async () => {
    const code = await test.code(person.phone);
    for (let slip = 0; slip < 8; slip += 1) await browser.post('/activate/code', { code: '12 34' });
    expect((await browser.post('/activate/code', { code })).path).toBe('/activate/password');
  });

  it('counts twenty guesses sent at once as twenty: five are looked at', async () => {
    const code = await test.code(person.phone);
    const guesses = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        browser.post('/activate/code', { code: await wrongCode(code, index + 1) }),
      ),
    );
    const texts = guesses.map((page) => page.$('#code-error').text());
    expect(texts.filter((text) => text.includes('Mã không đúng'))).toHaveLength(4);
    expect(texts.filter((text) => text.includes('quá nhiều lần'))).toHaveLength(16);
    expect((await browser.post('/activate/code', { code })).status).toBe(422);
  });

  it('is sent again only after growing waits', async () => {
    for (const wait of [30, 60, 120, 240]) {
      test.travel({ seconds: wait - 1 });
      const early = await browser.post('/activate/code/resend', {});
      expect(early.status).toBe(429);
      expect(early.headers['retry-after']).toBe('1');
      expect(early.$('.error-summary').text()).toContain('1 giây');
      test.travel({ seconds: 1 });
      expect((await browser.post('/activate/code/resend', {})).path).toBe('/activate/code?sent');
      // They leave now: a code that is over is not sent any more.
      await test.messages(person.phone);
    }
    expect(await test.messages(person.phone)).toHaveLength(5);
  });

  it('is sent once when the button is pressed twice', async () => {
    test.travel({ seconds: 31 });
    await Promise.all([browser.post('/activate/code/resend', {}), browser.post('/activate/code/resend', {})]);
    expect(await test.messages(person.phone)).toHaveLength(2);
  });

  it('never stands in the page, the address or the log', async () => {
    const code = await test.code(person.phone);
    const page = await browser.post('/activate/code', { code });
    const traces = [...test.traces.logLines, ...test.traces.requestLines].join('\n');
    expect(page.text).not.toContain(code);
    for (const secret of [code, person.citizenId, person.phone, localPhone(person), person.fullName])
      expect(traces).not.toContain(secret);
  });
});

describe('limits', () => {
  it('stop at the codes per phone and day, and open the next day', async () => {
    await test.close();
    test = await startTestApp({ env: { CODES_PER_PHONE_PER_DAY: '3', ATTEMPTS_PER_ACCOUNT_PER_HOUR: '100' } });
    const person = await givePendingPerson(test.app);
    const browser = test.browser();
    for (let start = 0; start < 3; start += 1) expect((await startActivation(browser, person)).status).toBe(200);
    const refused = await startActivation(browser, person);
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('86400');
    expect(refused.$('.error-summary').text()).toContain('không bị khóa');
    test.travel({ seconds: 60 });
    await browser.get('/activate/code');
    expect((await browser.post('/activate/code/resend', {})).status).toBe(429);
    expect(await test.messages(person.phone)).toHaveLength(3);
    test.travel({ seconds: 86_400 });
    expect((await startActivation(browser, person)).status).toBe(200);
  });

  it('of an address are generous, and stop a flood', async () => {
    await test.close();
    test = await startTestApp({ env: { ATTEMPTS_PER_ADDRESS_PER_HOUR: '4' } });
    const statuses: number[] = [];
    for (let start = 0; start < 5; start += 1) {
      const person = await givePendingPerson(test.app);
      statuses.push((await startActivation(test.browser(), person)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
  });

  it('that strangers run into with a wrong phone do not keep the holder out', async () => {
    const person = await givePendingPerson(test.app);
    const wrong = { citizenId: person.citizenId, phone: '+84912000321' as TestPerson['phone'] };
    for (let start = 0; start < 12; start += 1) await startActivation(test.browser(), wrong);
    expect((await proveOwnPhone(test, test.browser(), person)).path).toBe('/activate/password');
  });

  it('never touch the account', async () => {
    const person = await givePerson(test.app);
    for (let start = 0; start < 12; start += 1) await startActivation(test.browser(), person);
    const [account] = (await test.app.db('accounts').where({ id: person.accountId })) as { status: string }[];
    expect(account?.status).toBe('provisional');
  });
});
