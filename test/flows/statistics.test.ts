import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLISHED_FIGURES } from '../../src/statistics/imports/import-published-figures.ts';
import { importRecords } from '../../src/statistics/imports/import-records.ts';
import { disableApiToken, issueApiToken } from '../../src/statistics/stores/api-token-store.ts';
import { insertDenominators } from '../../src/statistics/stores/denominator-store.ts';
import { recordCohort } from '../statistics/statistics-db.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const NOW = new Date('2026-03-16T03:00:00Z');
const JANUARY = new Date('2026-01-05T02:00:00Z');
const MARCH = new Date('2026-03-10T02:00:00Z');

let test: TestApp;
let token: string;
let tokenId: string;

beforeAll(async () => {
  test = await startTestApp({ now: NOW });
  const { db } = test.app;
  for (const unitCode of ['00004', '00008', '00025', '00070']) {
    await recordCohort(db, { unitCode, notified: 200, activated: 120, onTime: 90, signedIn: 100, notifiedAt: JANUARY });
    await recordCohort(db, { unitCode, level: 1, notified: 80, activated: 40, onTime: 30, notifiedAt: JANUARY });
  }
  await recordCohort(db, { unitCode: '00082', notified: 40, activated: 3, notifiedAt: JANUARY });
  await recordCohort(db, { unitCode: '001', notified: 60, activated: 30, onTime: 20, notifiedAt: JANUARY });
  await recordCohort(db, { notified: 50, activated: 20, notifiedAt: JANUARY });
  await recordCohort(db, { unitCode: '00004', notified: 4, activated: 1, notifiedAt: MARCH });
  ({ token, id: tokenId } = await issueApiToken(db, { role: 'statistics_full', label: 'test', now: NOW }));
});
afterAll(() => test.close());

const json = async (query = '', headers: Record<string, string> = {}) => {
  const response = await test.browser().agent.get(`/statistics/activation.json${query}`).set(headers);
  return { status: response.status, headers: response.headers as Record<string, string>, body: response.body as Body };
};
const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` });

type Figure = { status: string; numerator: number; denominator: number; percent: Record<string, string> };
type Figures = Record<'activation_of_granted' | 'on_time' | 'activated_and_used' | 'level2_share', Figure>;
type Row = { unit_code: string; rates: Figures };
type Body = {
  view: string;
  rates: (Figure & { id: string })[];
  units: { as_of_day: string; whole: Figures; rows: Row[] };
};
const rateOf = (body: Body, id: string) => body.rates.find((rate) => rate.id === id);
const rowOf = (body: Body, code: string) => body.units.rows.find((row) => row.unit_code === code) as Row;

it('tells on the page which part of an address is wrong', async () => {
  const page = await test.browser().get('/statistics?as_of=2026-02-30');
  expect(page.status).toBe(422);
  expect(page.$('main code').first().text()).toBe('as_of');
  const workbook = await test.browser().agent.get('/statistics/report.xlsx?period=year');
  expect([workbook.status, workbook.type]).toEqual([422, 'application/problem+json']);
});

describe('the rates as data', () => {
  it('names numerator, denominator, basis, unit rule, geography and time in both languages', async () => {
    const { body } = await json('', bearer(token));
    expect(rateOf(body, 'activation_of_granted')).toMatchObject({
      numerator: 694,
      denominator: 1274,
      percent: { vi: '54,5%', en: '54.5%' },
      numerator_rule: 'grants_ever_activated',
      denominator_basis: 'grants_notified',
      denominator_text: { vi: 'lượt cấp đã được thông báo', en: 'grants whose notice was delivered' },
      unit_rule: 'at_event',
      geography: 'hanoi_units_2025',
      account_level: null,
    });
    expect(body).toMatchObject({
      view: 'full',
      as_of: NOW.toISOString(),
      as_of_day: '2026-03-16',
      rounding: 'half_up',
    });
  });

  it('tells what is late by age and how long it took, the public by month', async () => {
    const full = (await json('', bearer(token))).body as unknown as {
      late_backlog: { all: number; by_age: { grants: number }[]; units: { all: number }[] };
    };
    const { all, by_age: ages, units } = full.late_backlog;
    expect(all).toBeGreaterThan(0);
    expect(ages.reduce((sum, { grants }) => sum + grants, 0)).toBe(all);
    expect(units.reduce((sum, unit) => sum + unit.all, 0)).toBe(all);
    expect(full).toMatchObject({
      late_backlog: { id: 'late_backlog', is_monthly: false, definition: { en: expect.stringContaining('never') } },
      time_to_activate: { id: 'time_to_activate', as_of_day: '2026-03-15', notified_to: '2026-03-15' },
    });
    const open = await json();
    expect(open.body).toMatchObject({
      late_backlog: { is_monthly: true, as_of_day: '2026-02-28', units: [] },
      time_to_activate: { is_monthly: true, as_of_day: '2026-02-28' },
    });
  });

  it('counts as due only what has fallen due: a grant notified last week is not late yet', async () => {
    const { body } = await json('', bearer(token));
    expect(rateOf(body, 'on_time')).toMatchObject({ numerator: 523, denominator: 1270 });
  });

  it('says that no basis is loaded, and divides once there is one', async () => {
    expect(rateOf((await json()).body, 'activated_and_used')).toMatchObject({
      status: 'no_basis',
      numerator: 400,
      denominator: null,
      percent: { vi: 'chưa nạp mẫu số', en: 'no basis loaded' },
    });
    const basis = { basis: 'eligible_residents', ageMin: 14, unitCode: '01', source: 'test', recordedAt: NOW } as const;
    await insertDenominators(test.app.db, [
      { ...basis, asOfOn: '2026-02-01', quantity: 900, version: 1 },
      { ...basis, asOfOn: '2026-02-01', quantity: 1000, version: 2, reason: 'recounted' },
      { ...basis, asOfOn: '2027-02-01', quantity: 9000, version: 1 },
    ]);
    expect(rateOf((await json()).body, 'activated_and_used')).toMatchObject({ numerator: 400, denominator: 1000 });
    expect(rateOf((await json('?as_of=2026-01-31')).body, 'activated_and_used')).toMatchObject({ status: 'no_basis' });
  });

  it('has a row for each of the 126 units, for an old district and for events without a unit, and they add up', async () => {
    const { body } = await json('', bearer(token));
    expect(body.units.rows).toHaveLength(128);
    expect(rowOf(body, '001')).toMatchObject({ unit_name: { vi: 'Quận Ba Đình' }, valid_to: '2025-06-30' });
    expect(rowOf(body, '')).toMatchObject({ unit_name: { vi: 'Không rõ đơn vị', en: 'Unit unknown' } });
    const sum = (part: 'numerator' | 'denominator') =>
      body.units.rows.reduce((total, row) => total + row.rates.activation_of_granted[part], 0);
    expect([sum('numerator'), sum('denominator')]).toEqual([694, 1274]);
  });

  it('goes back to a day and looks at one level', async () => {
    const { body } = await json('?as_of=2026-01-31&account_level=1', bearer(token));
    expect(body).toMatchObject({ as_of_day: '2026-01-31', as_of: '2026-01-31T16:59:59.999Z', account_level: 1 });
    expect(rateOf(body, 'activation_of_granted')).toMatchObject({ numerator: 160, denominator: 320, account_level: 1 });
    // Persons are not split: a person may have both levels.
    expect(rateOf(body, 'level2_share')).toMatchObject({ account_level: null, numerator: 533, denominator: 693 });
    const early = await json('?as_of=2025-05-01', bearer(token));
    expect(early.body.units).toMatchObject({ geography: 'hanoi_districts_2023' });
    expect(early.body.units.rows).toHaveLength(30);
  });

  it.each([
    ['as_of=2026-02-30', 'as_of'],
    ['as_of=16/03/2026', 'as_of'],
    ['as_of=2026-03-17', 'as_of'],
    ['as_of=2026-03-01&as_of=2026-03-02', 'as_of'],
    ["as_of=2026-03-01'--", 'as_of'],
    ['account_level=3', 'account_level'],
  ])('refuses %s as problem+json that names the parameter', async (query, field) => {
    for (const path of ['/statistics/activation.json', '/statistics/activation.csv', '/statistics/activation']) {
      const response = await test.browser().agent.get(`${path}?${query}`).set('Accept', 'application/json');
      expect(response.status).toBe(422);
      expect(response.type).toBe('application/problem+json');
      expect(response.body).toMatchObject({ code: 'invalid_field', field });
    }
  });

  it('answers in the format asked for', async () => {
    const { agent } = test.browser();
    const ask = (accept: string) => agent.get('/statistics/activation').set('Accept', accept);
    expect((await ask('application/json')).type).toBe('application/json');
    expect((await ask('text/csv')).type).toBe('text/csv');
    expect((await ask('text/html')).type).toBe('text/html');
    expect((await ask('image/png')).status).toBe(406);
  });

  it('gives a CSV for spreadsheets: marked as UTF-8, one line a rate and unit, each with its own meaning', async () => {
    const response = await test.browser().agent.get('/statistics/activation.csv').set(bearer(token));
    expect(response.headers['content-disposition']).toBe('attachment; filename="activation-2026-03-16.csv"');
    expect(response.text.charCodeAt(0)).toBe(0xfeff);
    const lines = parse(response.text, { columns: true, bom: true }) as Record<string, string>[];
    expect(lines).toHaveLength(7 * 129);
    expect(lines[0]).toMatchObject({
      rate: 'activation_of_granted',
      unit_code: '01',
      numerator: '694',
      denominator: '1274',
      percent_vi: '54,5%',
      denominator_basis: 'grants_notified',
    });
  });
});

describe('the public view', () => {
  it('shows units as of the end of the last month, and nothing small', async () => {
    const { body } = await json();
    expect(body).toMatchObject({ view: 'public', suppressed_below: 10 });
    expect(body.units.as_of_day).toBe('2026-02-28');
    expect(rowOf(body, '00008').rates.activation_of_granted).toMatchObject({ numerator: 160, denominator: 280 });
    // 3 of 40, and a unit that covers it.
    expect(rowOf(body, '00082').rates.activation_of_granted).toEqual({
      status: 'suppressed',
      numerator: null,
      denominator: null,
      percent: { vi: 'không công bố', en: 'not published' },
    });
    for (const figures of [body.units.whole, ...body.units.rows.map(({ rates }) => rates)]) {
      for (const figure of Object.values(figures)) {
        if (figure.status === 'suppressed') expect(figure).toMatchObject({ numerator: null, denominator: null });
        else expect(figure.numerator).toBeGreaterThanOrEqual(10);
      }
    }
  });

  it('does not give away the days of a month by subtraction', async () => {
    const [first, second] = [await json('?as_of=2026-03-09'), await json('?as_of=2026-03-11')];
    expect(first.body.units).toEqual(second.body.units);
    const full = await json('?as_of=2026-03-11', bearer(token));
    expect(rowOf(full.body, '00004').rates.activation_of_granted).toMatchObject({ numerator: 161, denominator: 284 });
  });

  it('may be kept by caches for a minute and is not sent again unchanged', async () => {
    const { headers } = await json();
    expect(headers).toMatchObject({ 'cache-control': 'public, max-age=60' });
    expect(headers['vary']).toContain('Authorization');
    expect(headers['set-cookie']).toBeUndefined();
    const again = await json('', { 'If-None-Match': headers['etag'] ?? '' });
    expect(again.status).toBe(304);
    expect((await json('?account_level=2')).headers['etag']).not.toBe(headers['etag']);
  });
});

describe('the full view', () => {
  it('opens to a token of the role alone, and lies in no cache', async () => {
    const { body, headers } = await json('', bearer(token));
    expect(rowOf(body, '00082').rates.activation_of_granted).toMatchObject({ numerator: 3, denominator: 40 });
    expect(headers['cache-control']).toBe('private, no-store');
    const other = await issueApiToken(test.app.db, { role: 'registration', label: 'other', now: NOW });
    expect((await json('', bearer(other.token))).status).toBe(403);
    const refused = await json('', bearer('ddt_wrong'));
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toContain('invalid_token');
  });

  it('shows a unit its own figures and no other unit', async () => {
    const own = await issueApiToken(test.app.db, {
      role: 'statistics_full',
      unitCode: '00082',
      label: 'own',
      now: NOW,
    });
    const { body } = await json('', bearer(own.token));
    expect(body.view).toBe('unit');
    expect(body.units.rows).toHaveLength(1);
    expect(rowOf(body, '00082').rates.activation_of_granted).toMatchObject({ numerator: 3, denominator: 40 });
  });

  it('keeps only the hash of a token, and ends with it', async () => {
    const short = await issueApiToken(test.app.db, {
      role: 'statistics_full',
      label: 'short',
      now: NOW,
      expiresAt: new Date(NOW.getTime() + 1000),
    });
    expect(JSON.stringify(await test.app.db('api_tokens').select())).not.toContain(short.token.slice(4));
    expect((await json('', bearer(short.token))).status).toBe(200);
    test.travel({ seconds: 1 });
    expect((await json('', bearer(short.token))).status).toBe(401);
    test.travel(NOW);
  });

  it('opens in a browser by the token typed into the form, until the half hour is over or the token is disabled', async () => {
    const browser = test.browser();
    await browser.get('/statistics/token');
    const wrong = await browser.post('/statistics/token', { token: 'ddt_wrong' });
    expect(wrong.status).toBe(422);
    expect(wrong.$('#token-error').text()).toContain('Mã không đúng');

    const opened = await browser.post('/statistics/token', { token });
    expect(opened.path).toBe('/statistics');
    expect(opened.text).toContain('kể cả số dưới 10');
    expect(opened.text).not.toContain(token);
    expect(opened.headers['cache-control']).toBe('no-store');
    const { jar } = browser.agent as unknown as { jar: { getCookies(access: object): unknown[] } };
    const cookies = jar.getCookies({ path: '/', domain: 'localhost', secure: false, script: false });
    expect(JSON.stringify(cookies)).not.toContain(token);

    test.travel({ seconds: 31 * 60 });
    expect((await browser.get('/statistics')).text).not.toContain('kể cả số dưới 10');
    test.travel(NOW);
    expect((await browser.post('/statistics/token/leave', {})).text).not.toContain('kể cả số dưới 10');

    await browser.get('/statistics/token');
    await browser.post('/statistics/token', { token });
    await disableApiToken(test.app.db, tokenId, NOW);
    expect((await browser.get('/statistics')).text).not.toContain('kể cả số dưới 10');
    ({ token, id: tokenId } = await issueApiToken(test.app.db, { role: 'statistics_full', label: 'test', now: NOW }));
  });

  it('takes no form that did not come from its own page', async () => {
    const { agent } = test.browser();
    const forged = await agent
      .post('/statistics/token')
      .type('form')
      .set('Origin', 'https://example.org')
      .send({ token });
    expect(forged.status).toBe(403);
  });
});

describe('the pages', () => {
  it('show each rate with its numerator and denominator, in Vietnamese and English', async () => {
    const vi = await test.browser().get('/statistics');
    const cards = vi.$('.card.rate');
    expect(cards).toHaveLength(7);
    expect(cards.first().find('.rate-value').text()).toBe('54,5%');
    expect(cards.first().find('.rate-fraction').text()).toBe('694 / 1.274');
    expect(cards.first().find('details').text()).toContain('lượt cấp đã được thông báo');
    const en = await test.browser().get('/statistics?lang=en&account_level=2');
    expect(en.$('.card.rate').first().find('.rate-fraction').text()).toBe('534 / 954');
    expect(en.$('.card.rate').last().text()).toContain('Always over all levels.');
    expect(vi.$('.units tbody tr')).toHaveLength(129);
  });

  it('quote what others published, each line with its own basis, and say that lines cannot be compared', async () => {
    expect((await test.browser().get('/statistics')).text).not.toContain('Số liệu đã công bố ở nơi khác');
    const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-published-'));
    const file = join(folder, 'published.csv');
    copyFileSync('examples/hanoi-published-figures.csv', file);
    const deps = { db: test.app.db, clock: () => NOW };
    await importRecords(deps, PUBLISHED_FIGURES, { file, actor: { kind: 'operator' } });
    rmSync(folder, { recursive: true });
    const vi = await test.browser().get('/statistics');
    const text = vi.$('main').text();
    for (const part of ['không so sánh được các dòng', '67,8%', '25,57%', 'khoảng 1.400.000 / 4.200.000'])
      expect(text).toContain(part);
    const line = vi.$('tr').filter((_, row) => vi.$(row).text().includes('74,7%'));
    expect(line.text()).toContain('không được công bố');
    expect((await test.browser().get('/statistics?lang=en')).text).toContain('Figures published elsewhere');
  });

  it('need no cookie to be read', async () => {
    expect((await test.browser().get('/statistics')).headers['set-cookie']).toBeUndefined();
  });

  it.each(['/statistics', '/statistics/activation'])('%s is under 50 kB on the wire', async (path) => {
    const { text } = await test.browser().get(path);
    expect(gzipSync(text).length).toBeLessThan(50_000);
  });

  it('draw the trend as a picture of its own, with a policy of its own', async () => {
    const response = await test.browser().agent.get('/statistics/charts/trend.svg?locale=en').buffer(true);
    expect(response.type).toBe('image/svg+xml');
    expect(response.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'unsafe-inline';/);
    expect(String(response.body)).toContain('Line chart: from');
    const page = await test.browser().get('/statistics?as_of=2026-02-01');
    expect(page.$('#trend img').attr('src')).toBe('/statistics/charts/trend.svg?as_of=2026-02-01&locale=vi');
    expect(page.$('#trend details tbody tr')).toHaveLength(30);
  });
});
