import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueApiToken } from '../../src/statistics/stores/api-token-store.ts';
import { insertDenominators } from '../../src/statistics/stores/denominator-store.ts';
import { recordCohort } from '../statistics/statistics-db.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const NOW = new Date('2026-03-16T03:00:00Z');
const at = (day: string): Date => new Date(`${day}T02:00:00Z`);

let test: TestApp;
let headers: Record<string, string>;
beforeAll(async () => {
  test = await startTestApp({ now: NOW });
  const { db } = test.app;
  // Two small ones cover the units in which there is nobody, in either month: the others are published.
  for (const unitCode of ['00025', '00070'])
    for (const day of ['2026-01-05', '2026-02-05'])
      await recordCohort(db, { unitCode, notified: 40, activated: 20, notifiedAt: at(day) });
  for (const unitCode of ['00004', '00008']) {
    await recordCohort(db, { unitCode, notified: 200, activated: 100, notifiedAt: at('2026-01-05') });
    await recordCohort(db, { unitCode, notified: 100, activated: 80, notifiedAt: at('2026-02-05') });
  }
  await recordCohort(db, { unitCode: '00004', notified: 3, activated: 3, notifiedAt: at('2026-03-02') });
  const base = {
    basis: 'assigned_target',
    unitCode: '01',
    ageMin: 0,
    source: 'test',
    version: 1,
    recordedAt: NOW,
  } as const;
  await insertDenominators(db, [
    { ...base, asOfOn: '2026-01-01', quantity: 1_000 },
    { ...base, asOfOn: '2026-02-01', quantity: 2_000 },
  ]);
  const { token } = await issueApiToken(db, { role: 'statistics_full', label: 'test', now: NOW });
  headers = { Authorization: `Bearer ${token}` };
});
afterAll(() => test.close());

type Row = {
  id: string;
  first: { status: string; numerator: number };
  second: { numerator: number };
  difference: { count: number; percentage_points: { vi: string } } | null;
  not_comparable: string[] | null;
};
const compare = async (query: string, sent: Record<string, string> = {}) => {
  const response = await test.browser().agent.get(`/statistics/compare.json?${query}`).set(sent);
  const body = response.body as { first: { as_of_day: string }; second: { as_of_day: string }; rates: Row[] };
  return { status: response.status, body, of: (id: string) => body.rates.find((row) => row.id === id) as Row };
};

describe('the comparison', () => {
  it('of one unit on two days tells both figures and their difference', async () => {
    const { of } = await compare('unit=00004&as_of=2026-01-31&with_as_of=2026-03-15', headers);
    const row = of('activation_of_granted');
    expect([row.first.numerator, row.second.numerator]).toEqual([100, 183]);
    // 183 of 303 less 100 of 200
    expect(row.difference).toMatchObject({ count: 83, percentage_points: { vi: '+10,4' } });
  });

  it('gives no difference across two targets, and says so', async () => {
    const { of } = await compare('as_of=2026-01-31&with_as_of=2026-02-28', headers);
    expect(of('activation_of_target')).toMatchObject({ difference: null, not_comparable: ['basis_differs'] });
    expect(of('activation_of_granted').difference).toMatchObject({ count: 200 });
  });

  it('shows the public two ends of months, and two units at one', async () => {
    const months = await compare('unit=00004&as_of=2026-02-03&with_as_of=2026-03-15');
    expect([months.body.first.as_of_day, months.body.second.as_of_day]).toEqual(['2026-01-31', '2026-02-28']);
    expect(months.of('activation_of_granted').difference).toMatchObject({ count: 80 });
    const units = await compare('unit=00004&with_unit=00008');
    // Both are as of the end of February: the three of March are in neither.
    expect(units.of('activation_of_granted').difference).toMatchObject({ count: 0, percentage_points: { vi: '0' } });
  });

  it('needs something to compare with, and not everything at once', async () => {
    for (const query of [
      'unit=00004',
      'unit=99999&with_unit=00004',
      'with_unit=00004&as_of=2026-01-31&with_as_of=2026-02-28',
    ])
      expect((await compare(query)).status, query).toBe(422);
  });

  it('is a page with a form that works without scripts', async () => {
    const browser = test.browser();
    const empty = await browser.get('/statistics/compare');
    expect(empty.$('form[method=get] select[name=unit] option').length).toBe(157);
    expect(empty.$('main table').length).toBe(0);
    const page = await browser.get('/statistics/compare?unit=00004&as_of=2026-01-31&with_unit=&with_as_of=2026-02-28');
    expect(page.$('main table caption').text()).toContain('Phường Ba Đình');
    expect(page.$('main table').text()).toContain('+80+10');
    expect(page.$('select[name=unit]').val()).toBe('00004');
  });
});

describe('the series across the change of units', () => {
  const rebuilt = (query: string, sent: Record<string, string> = {}) =>
    test.browser().agent.get(`/statistics/rebuilt.json?${query}`).set(sent);

  it('is marked as rebuilt and approximate, with its method, for those who see everything', async () => {
    const { body } = await rebuilt('unit=00097', headers);
    expect(body).toMatchObject({ geography: 'rebuilt', method: 'old_wards_in_common', unit_code: '00097' });
    expect((await rebuilt('geography=hanoi_districts_2023', headers)).body).toMatchObject({ whole: { notified: 763 } });
    expect((await rebuilt('unit=01', headers)).status).toBe(422);
    expect((await rebuilt('unit=00097')).status).toBe(403);
  });

  it('shows a unit its own', async () => {
    const { token } = await issueApiToken(test.app.db, {
      role: 'statistics_full',
      label: 'unit',
      now: NOW,
      unitCode: '00004',
    });
    const own = { Authorization: `Bearer ${token}` };
    expect((await rebuilt('unit=00004', own)).body).toMatchObject({ unit_code: '00004' });
    expect((await rebuilt('unit=00008', own)).status).toBe(403);
    expect((await rebuilt('', own)).status).toBe(403);
  });
});
