import { inflateRawSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueApiToken } from '../../src/statistics/stores/api-token-store.ts';
import { insertDenominators } from '../../src/statistics/stores/denominator-store.ts';
import { recordCohort } from '../statistics/statistics-db.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const NOW = new Date('2026-03-16T03:00:00Z');
const day = (text: string): Date => new Date(`${text}T02:00:00Z`);

let test: TestApp;
let full: string;
let own: string;

beforeAll(async () => {
  test = await startTestApp({ now: NOW });
  const { db } = test.app;
  await recordCohort(db, { unitCode: '00004', notified: 200, activated: 50, notifiedAt: day('2026-01-05') });
  await recordCohort(db, { unitCode: '00004', notified: 100, activated: 70, level: 1, notifiedAt: day('2026-02-02') });
  await recordCohort(db, { unitCode: '00008', notified: 60, activated: 33, notifiedAt: day('2026-02-10') });
  await recordCohort(db, { unitCode: '00025', notified: 9, activated: 4, notifiedAt: day('2026-02-11') });
  await recordCohort(db, { unitCode: '00004', notified: 5, activated: 2, notifiedAt: day('2026-03-10') });
  full = (await issueApiToken(db, { role: 'statistics_full', label: 'all', now: NOW })).token;
  own = (await issueApiToken(db, { role: 'statistics_full', unitCode: '00008', label: 'own', now: NOW })).token;
});
afterAll(() => test.close());

const get = (path: string, token?: string) => {
  const request = test.browser().agent.get(path).buffer(true);
  return token === undefined ? request : request.set({ Authorization: `Bearer ${token}` });
};

type Figure = { numerator: number | null; denominator: number | null };
type Report = {
  view: string;
  unit_code: string | null;
  period: { from: string; to: string; compared_with: string; is_over: boolean };
  rates: { id: string; at_end: Figure; before: Figure; change: { vi: string; en: string } }[];
  activity: { measure: string; total: number | null; level_1: number | null }[];
  units: { unit_code: string; activated: number | null }[];
};
const reportOf = async (query: string, token?: string) =>
  (await get(`/statistics/report.json?${query}`, token)).body as Report;
const measure = (report: Report, name: string) => report.activity.find((one) => one.measure === name);

describe('the report of a period', () => {
  it('counts what was done in the month, beside the figures at its two ends', async () => {
    const report = await reportOf('period=month&of=2026-02-14', full);
    expect(report.period).toEqual({
      kind: 'month',
      from: '2026-02-01',
      to: '2026-02-28',
      compared_with: '2026-01-31',
      is_over: true,
    });
    expect(measure(report, 'notified')).toMatchObject({ total: 169, level_1: 100 });
    expect(measure(report, 'activated')).toMatchObject({ total: 107, level_1: 70 });
    const granted = report.rates.find(({ id }) => id === 'activation_of_granted');
    expect(granted?.before).toMatchObject({ numerator: 50, denominator: 200 });
    expect(granted?.at_end).toMatchObject({ numerator: 157, denominator: 369 });
    // 157/369 − 50/200 = 17.547…
    expect(granted?.change).toEqual({ vi: '+17,5 điểm %', en: '+17.5 points' });
    const activated = report.units.reduce((sum, unit) => sum + (unit.activated ?? 0), 0);
    expect(activated).toBe(107);
  });

  it('takes a week from Monday, a day, and a month that goes on', async () => {
    const week = await reportOf('period=week&of=2026-02-11', full);
    expect([week.period.from, week.period.to, measure(week, 'activated')?.total]).toEqual([
      '2026-02-09',
      '2026-02-15',
      37,
    ]);
    const one = await reportOf('period=day&of=2026-02-11', full);
    expect(measure(one, 'activated')?.total).toBe(4);
    const going = await reportOf('period=month&of=2026-03-16', full);
    expect([going.period.is_over, measure(going, 'activated')?.total]).toEqual([false, 2]);
  });

  it('says nothing of a change where the basis is another one', async () => {
    const basis = {
      basis: 'assigned_target',
      ageMin: 0,
      unitCode: '01',
      source: 'test',
      recordedAt: NOW,
      version: 1,
    } as const;
    await insertDenominators(test.app.db, [
      { ...basis, asOfOn: '2026-01-01', quantity: 1000 },
      { ...basis, asOfOn: '2026-02-20', quantity: 1200 },
    ]);
    const report = await reportOf('period=month&of=2026-02-14', full);
    const target = report.rates.find(({ id }) => id === 'activation_of_target');
    expect([target?.before.denominator, target?.at_end.denominator]).toEqual([1000, 1200]);
    expect(target?.change.en).toBe('another basis');
  });

  it('shows a unit its own, and no other', async () => {
    const mine = await reportOf('period=month&of=2026-02-01', own);
    expect([mine.unit_code, measure(mine, 'activated')?.total, mine.units]).toEqual(['00008', 33, []]);
    const other = await reportOf('period=month&of=2026-02-01&unit=00004', own);
    expect(other.unit_code).toBe('00008');
  });

  it('gives the public months that are over, and nothing small', async () => {
    const report = await reportOf('period=month&of=2026-02-14');
    expect(report.view).toBe('public');
    expect(report.activity.map((one) => one.measure)).toEqual(['notified', 'activated']);
    expect(report.activity.every(({ level_1 }) => level_1 === null)).toBe(true);
    expect(report.units.every(({ activated }) => activated === null)).toBe(true);
    const small = await reportOf('period=month&of=2026-02-14&unit=00025');
    expect(small.rates.find(({ id }) => id === 'activation_of_granted')?.at_end).toMatchObject({ numerator: null });
    expect(small.activity).toEqual([]);
    for (const query of [
      'period=day&of=2026-02-14',
      'period=week&of=2026-02-14',
      'period=month&of=2026-03-01',
      'known_on=2026-03-01',
    ])
      expect((await get(`/statistics/report.json?${query}`)).status).toBe(403);
  });

  it.each([
    ['period', 'period=year'],
    ['of', 'of=2026-02-30'],
    ['of', 'of=2026-03-17'],
    ['unit', 'unit=99999'],
    ['unit', "unit=1'--"],
  ])('names the field %s of a bad question: %s', async (field, query) => {
    const answer = await get(`/statistics/report.json?${query}`, full);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(`"${field}"`);
  });

  it('says the same as CSV, with one line a figure', async () => {
    const answer = await get('/statistics/report.csv?period=month&of=2026-02-14', full);
    expect(answer.headers['content-disposition']).toContain('report-month-2026-02-01.csv');
    const lines = parse(answer.text, { columns: true, bom: true }) as Record<string, string>[];
    expect(lines.find((line) => line['section'] === 'activity' && line['item'] === 'activated')?.['count']).toBe('107');
    expect(lines.find((line) => line['section'] === 'rate' && line['item'] === 'activation_of_granted')).toMatchObject({
      numerator: '157',
      denominator: '369',
      percent: '42,5%',
      unit_code: '01',
    });
  });

  it('says the same as a workbook, with numbers as numbers', async () => {
    const answer = await get('/statistics/report.xlsx?period=month&of=2026-02-14&locale=en', full).parse(
      (response, done) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () => done(null, Buffer.concat(pieces)));
      },
    );
    expect(answer.headers['content-type']).toContain('spreadsheetml');
    const files = unzipped(answer.body as Buffer);
    const sheets = Object.entries(files).filter(([name]) => /worksheets\/sheet\d+\.xml$/.test(name));
    expect(sheets).toHaveLength(6);
    const all = sheets.map(([, text]) => text).join('');
    expect(all).toContain('<v>157</v>');
    expect(all).not.toContain('<f>');
    expect(files['xl/workbook.xml']).toContain('Rates');
  });

  it('is a page to be printed, in both languages', async () => {
    const page = await test.browser().get('/statistics/report?period=month&of=2026-02-14');
    expect(page.status).toBe(200);
    expect(page.$('h1').text()).toBe('Báo cáo tháng 2/2026');
    expect(page.$('select[name=period] option').length).toBe(1);
    const english = await test
      .browser()
      .get('/statistics/report?period=month&of=2026-02-14', { 'Accept-Language': 'en' });
    expect(english.$('h1').text()).toBe('Report of February 2026');
    expect(english.text).not.toMatch(/report\.(title|rate|measure|band|level|kind)/);
  });
});

/** The entries of a zip file, by its central directory. */
function unzipped(zip: Buffer): Record<string, string> {
  const files: Record<string, string> = {};
  let at = zip.readUInt32LE(zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1')) + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [method, size, nameLength, extra, comment, offset] = [
      zip.readUInt16LE(at + 10),
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
      zip.readUInt32LE(at + 42),
    ];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const body = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
    const packed = zip.subarray(body, body + size);
    files[name] = (method === 0 ? packed : inflateRawSync(packed)).toString('utf8');
    at += 46 + nameLength + extra + comment;
  }
  return files;
}
