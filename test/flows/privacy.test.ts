import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAccount } from '../support/account-walk.ts';
import { activate, localPhone } from '../support/activation-walk.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { giveActivePerson, givePendingPerson, TEST_SECRETS, type TestPerson } from '../support/people.ts';
import { authorizePath, redeem, signInWholly, typePassword, userinfo } from '../support/sign-in-walk.ts';

/** Everything that is nobody's business in a log line, an address, a metric or a column, as people and machines write it. */
function secretsOf(person: TestPerson): Record<string, string> {
  return {
    citizenId: person.citizenId,
    phone: person.phone.replace('+', ''),
    localPhone: localPhone(person),
    password: TEST_SECRETS.password,
    passcode: TEST_SECRETS.passcode,
  };
}

describe('after a day of citizens coming and going', () => {
  let test: TestApp;
  let people: TestPerson[];
  const codes = new Set<string>();
  const typedWrongly = '999199000123';

  beforeAll(async () => {
    test = await startTestApp();
    const activated = await givePendingPerson(test.app);
    const active = await giveActivePerson(test.app);
    people = [activated, active];

    const browser = test.browser();
    await activate(test, browser, activated);
    const stranger = test.browser();
    await typePassword(stranger, await stranger.get(authorizePath()), {
      citizenId: typedWrongly,
      password: 'Sai_mat_khau#1',
    });

    const signedIn = test.browser();
    const parameters = {
      scope: 'openid profile phone account',
      login_hint: active.citizenId,
      acr_values: 'urn:vn:eid:auth:2',
    };
    const page = await signInWholly(test, signedIn, active, parameters);
    await userinfo(test, await redeem(test, page));
    await signedIn.get('/account');
    await signedIn.get('/account/history');
    await openAccount(test, test.browser(), activated, '/account/methods');

    const lost = test.browser();
    await lost.get('/recover');
    await lost.post('/recover', { citizen_id: active.citizenId, phone_number: localPhone(active), target: 'password' });
    await lost.post('/recover/code', { code: '000000' });

    // Hostile and clumsy input must not slip through where nobody looks.
    await browser.get(`/khong-co-trang-nay/${active.citizenId}?citizen_id=${active.citizenId}`);
    await browser.post('/activate', { citizen_id: `${active.citizenId}\u0000`, phone_number: localPhone(active) });
    await test
      .browser()
      .agent.post('/activate')
      .set('Origin', 'https://elsewhere.example')
      .type('form')
      .send({ citizen_id: active.citizenId });
    await test
      .browser()
      .agent.post('/token')
      .type('form')
      .send({ grant_type: 'authorization_code', code: active.citizenId });

    for (const person of people)
      for (const body of await test.messages(person.phone))
        for (const [code] of body.matchAll(/\b\d{6}\b/g)) codes.add(code);
  });
  afterAll(() => test.close());

  const findIn = (haystack: string): string[] => {
    const needles = people.flatMap((person) => Object.entries(secretsOf(person)));
    needles.push(['typed id', typedWrongly]);
    return needles
      .filter(([, value]) => new RegExp(`(?<![\\w-])${value.replace(/[^\w]/g, '\\$&')}(?![\\w-])`).test(haystack))
      .map(([name]) => name);
  };

  it('something was logged, and people were told their codes', () => {
    expect(test.traces.logLines.length).toBeGreaterThan(30);
    expect(codes.size).toBeGreaterThan(2);
  });

  it('no log line tells who they were', () => {
    const text = test.traces.logLines.join('');
    expect(findIn(text)).toEqual([]);
    expect(people.filter((person) => text.includes(person.fullName))).toEqual([]);
    expect([...codes].filter((code) => new RegExp(`"[^"]*\\b${code}\\b[^"]*"`).test(text))).toEqual([]);
    expect(text).not.toMatch(/(?<![\w-])999\d{9}(?![\w-])/);
  });

  it('no address of ours carries a number or a name', () => {
    // What a relying party or a visitor writes into an address is theirs; what our pages and redirects led to is ours.
    const ours = test.traces.requestLines.filter(
      (line) => !line.includes('/authorize?') && !line.includes('/khong-co-trang-nay/'),
    );
    expect(ours.length).toBeGreaterThan(20);
    expect(findIn(ours.map(decodeURIComponent).join('\n'))).toEqual([]);
  });

  it('no metric does', async () => {
    const { body } = await test.app.metrics.text();
    expect(findIn(body)).toEqual([]);
    expect(body).not.toMatch(/(?<![\w.-])999\d{9}(?![\w-])/);
  });

  it('no column of either database holds a number or a secret in clear', () => {
    const { database } = test.app.config;
    if (database.kind !== 'sqlite') return;
    for (const file of [database.file, database.protocolFile]) {
      const text = dump(file);
      expect(text.length).toBeGreaterThan(1_000);
      expect(findIn(text)).toEqual([]);
    }
  });

  it('the audit trail tells what was done without telling to whom by name', async () => {
    const entries = (await test.app.db('audit_entries').select('action', 'reason', 'detail')) as {
      action: string;
      detail: string;
    }[];
    expect(entries.map((one) => one.action)).toEqual(
      expect.arrayContaining(['grant.activated', 'sign_in.first', 'consent.given']),
    );
    const text = JSON.stringify(entries);
    expect(findIn(text)).toEqual([]);
    expect(people.filter((person) => text.includes(person.fullName))).toEqual([]);
  });
});

/** Every value of every table, as text; blobs as Latin-1, so that text inside them is found. */
function dump(file: string): string {
  const db = new Database(file, { readonly: true });
  try {
    const tables = db.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[];
    return tables
      .flatMap((table) => db.prepare(`select * from "${table}"`).raw().all() as unknown[][])
      .map((row) => row.map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value))).join('\t'))
      .join('\n');
  } finally {
    db.close();
  }
}
