import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueApiToken } from '../../src/statistics/stores/api-token-store.ts';
import { recordCohort } from '../statistics/statistics-db.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const ROLES = ['public', 'unit', 'steering', 'registration', 'unknown'] as const;
type Role = (typeof ROLES)[number];

/** Every route of the statistics that is read, with the status each role gets. */
const everybody = { public: 200, unit: 200, steering: 200, registration: 403, unknown: 401 };
const steeringAlone = { public: 403, unit: 403, steering: 200, registration: 403, unknown: 401 };
const openToAll = { public: 200, unit: 200, steering: 200, registration: 200, unknown: 200 };
const ROUTES: Readonly<Record<string, Readonly<Record<Role, number>>>> = {
  '/statistics': everybody,
  '/statistics/charts/trend.svg': everybody,
  '/statistics/units/00004': everybody,
  '/statistics/units/00008': everybody,
  '/statistics/units/00004/trend.svg': everybody,
  '/statistics/compare': everybody,
  '/statistics/compare.json?with_as_of=2026-01-31': everybody,
  '/statistics/activation': everybody,
  '/statistics/activation.json': everybody,
  '/statistics/activation.csv': everybody,
  '/statistics/activation.json?known_on=2026-02-28': steeringAlone,
  '/statistics/activation.csv?known_on=2026-02-28': steeringAlone,
  '/statistics/campaigns.json': everybody,
  '/statistics/campaigns.json?known_on=2026-02-28': steeringAlone,
  '/statistics/funnel.json': everybody,
  '/statistics/rebuilt.json': steeringAlone,
  '/statistics/rebuilt.json?unit=00004': { ...everybody, public: 403 },
  '/statistics/rebuilt.json?unit=00008': steeringAlone,
  '/statistics/adoption': everybody,
  '/statistics/adoption.json': everybody,
  '/statistics/report': everybody,
  '/statistics/report.json': everybody,
  '/statistics/report.csv': everybody,
  '/statistics/report.xlsx': everybody,
  '/statistics/openapi.json': openToAll,
  '/statistics/open-data': openToAll,
  ...Object.fromEntries(
    ['rates', 'channels', 'backlog', 'residents', 'funnel', 'adoption'].flatMap((name) => [
      [`/statistics/open-data/${name}.json`, openToAll],
      [`/statistics/open-data/${name}.csv`, openToAll],
    ]),
  ),
  '/statistics/token': openToAll,
};

let test: TestApp;
const headers: Record<Role, Record<string, string>> = {
  public: {},
  unit: {},
  steering: {},
  registration: {},
  unknown: { Authorization: 'Bearer ddt_nothing' },
};

beforeAll(async () => {
  test = await startTestApp();
  const { db } = test.app;
  const now = new Date();
  const issue = async (input: Omit<Parameters<typeof issueApiToken>[1], 'label' | 'now'>) => ({
    Authorization: `Bearer ${(await issueApiToken(db, { ...input, label: 'x', now })).token}`,
  });
  headers.unit = await issue({ role: 'statistics_full', unitCode: '00004' });
  headers.steering = await issue({ role: 'statistics_full' });
  headers.registration = await issue({ role: 'registration' });
});
afterAll(() => test.close());

describe.each(Object.entries(ROUTES))('%s', (path, expected) => {
  it.each(ROLES)('answers %s as the table says', async (role) => {
    const answer = await test.browser().agent.get(path).set(headers[role]);
    expect(answer.status).toBe(expected[role]);
  });
});

it('has every statistics route that is read in its table', () => {
  const server = readFileSync(new URL('../../src/server.ts', import.meta.url), 'utf8');
  const routes = [...server.matchAll(/router\.get\('(\/statistics[^']*)'/g)].map(([, path = '']) => path);
  const tested = Object.keys(ROUTES).map((path) =>
    path
      .replace(/\?.*/, '')
      .replace(/charts\/.*/, 'charts/:file')
      .replace(/units\/\d+/, 'units/:code'),
  );
  expect(routes.filter((path) => path !== '/statistics/units' && !tested.includes(path))).toEqual([]);
});

describe('a unit that asks for another one', () => {
  // Of this month, which nobody has published: 613 of them are known to that unit and to who sees all.
  beforeAll(async () => {
    const notifiedAt = new Date('2026-03-01T03:00:00Z');
    await recordCohort(test.app.db, { unitCode: '00008', notified: 613, activated: 407, notifiedAt });
    await recordCohort(test.app.db, { unitCode: '00025', notified: 55, activated: 22, notifiedAt });
  });
  const OTHER = [
    '/statistics/units/00008',
    '/statistics/units/00008/trend.svg',
    '/statistics/charts/ranking.svg',
    '/statistics/report?period=day&of=2026-03-01&unit=00008',
    '/statistics/report.json?period=day&of=2026-03-01&unit=00008',
    '/statistics/report.csv?period=week&of=2026-03-01&unit=00008',
    '/statistics/compare?unit=00008&with_as_of=2026-02-28',
    '/statistics/compare.json?unit=00008&with_as_of=2026-02-28',
    '/statistics/compare.json?unit=00004&with_unit=00008',
    '/statistics/rebuilt.json?unit=00008',
    '/statistics/activation.json',
    '/statistics/activation.csv',
  ];
  it.each(OTHER)('finds nothing of it at %s', async (path) => {
    const answer = await test.browser().agent.get(path).set(headers.unit);
    const body = answer.text ?? String(answer.body);
    expect(body).not.toMatch(/\b(613|407)\b/);
  });

  it('is one that the full view does see', async () => {
    const path = '/statistics/report.json?period=day&of=2026-03-01&unit=00008';
    expect((await test.browser().agent.get(path).set(headers.steering)).text).toMatch(/\b407\b/);
  });

  it.each(['put', 'delete', 'patch', 'post'] as const)('nothing is written with %s', async (method) => {
    for (const path of ['/statistics/activation.json', '/statistics/report.json', '/statistics/units/00008'])
      for (const role of ROLES)
        expect((await test.browser().agent[method](path).set(headers[role])).status).toBeGreaterThanOrEqual(400);
  });
});
