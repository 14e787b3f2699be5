import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordRpUse } from '../../src/accounts/rp-use-store.ts';
import * as schemas from '../../src/statistics/as-data/data-schemas.ts';
import { CAMPAIGNS } from '../../src/statistics/imports/import-campaigns.ts';
import { importRecords } from '../../src/statistics/imports/import-records.ts';
import { issueApiToken } from '../../src/statistics/stores/api-token-store.ts';
import { recordCohort } from '../statistics/statistics-db.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { schemaFaults } from '../support/json-schema.ts';

/** Questions of every JSON route of the statistics, with each of its parameters, and who is answered. */
const everybody = ['public', 'unit', 'steering'];
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  '/statistics/activation.json': everybody,
  '/statistics/activation.json?as_of=2026-01-31&account_level=2': everybody,
  '/statistics/activation.json?as_of=2026-01-31&known_on=2026-02-15': ['steering'],
  '/statistics/campaigns.json': everybody,
  '/statistics/funnel.json': everybody,
  '/statistics/funnel.json?from=2026-01-01&to=2026-01-31&channel=self': everybody,
  '/statistics/compare.json?with_as_of=2026-01-31': everybody,
  '/statistics/compare.json?unit=00004&with_unit=00008&account_level=1': everybody,
  '/statistics/rebuilt.json?geography=hanoi_districts_2023': ['steering'],
  '/statistics/rebuilt.json?unit=00004': ['unit', 'steering'],
  '/statistics/adoption.json': everybody,
  '/statistics/report.json': everybody,
  '/statistics/report.json?period=month&of=2026-01-15&unit=00004': everybody,
  '/statistics/report.json?period=day&of=2026-01-20': ['unit', 'steering'],
  '/statistics/report.json?period=week&of=2026-01-20&known_on=2026-02-15': ['steering'],
  ...Object.fromEntries(
    ['rates', 'channels', 'backlog', 'residents', 'funnel', 'adoption'].flatMap((name) => [
      [`/statistics/open-data/${name}.json`, everybody],
      [`/statistics/open-data/${name}.json?as_of=2025-12`, everybody],
    ]),
  ),
};

let test: TestApp;
const headers: Record<string, Record<string, string>> = { public: {} };
let document: { openapi: string; paths: Record<string, { get?: unknown }> };

beforeAll(async () => {
  test = await startTestApp();
  const { db, clock } = test.app;
  const now = new Date();
  for (const [role, unit] of [
    ['unit', { unitCode: '00004' }],
    ['steering', {}],
  ] as const) {
    const { token } = await issueApiToken(db, { role: 'statistics_full', label: 'x', now, ...unit });
    headers[role] = { Authorization: `Bearer ${token}` };
  }
  for (const unitCode of ['00004', '00008'])
    for (const notifiedAt of [new Date('2025-12-10T03:00:00Z'), new Date('2026-01-20T03:00:00Z')])
      await recordCohort(db, { unitCode, notified: 90, activated: 60, onTime: 40, signedIn: 30, notifiedAt });
  for (let person = 0; person < 30; person += 1)
    for (const usedAt of [new Date('2026-01-10T03:00:00Z'), new Date('2026-02-10T03:00:00Z')])
      await recordRpUse(db, { clientId: 'ihanoi', accountId: `a${person}`, usedAt });
  const file = new URL('../../examples/hanoi-campaigns.csv', import.meta.url).pathname;
  await importRecords({ db, clock }, CAMPAIGNS, { file, actor: { kind: 'operator' } });
  document = (await test.browser().agent.get('/statistics/openapi.json')).body;
});
afterAll(() => test.close());

type Operation = {
  parameters?: { name: string; in: string; schema: Parameters<typeof schemaFaults>[1] }[];
  responses: Record<string, { content?: Record<string, { schema: Parameters<typeof schemaFaults>[1] }> }>;
};
const operationOf = (path: string): Operation => document.paths[path.replace(/\?.*/, '')]?.get as Operation;
function faultsOf(path: string, status: string, type: string, body: unknown): string[] {
  const schema = operationOf(path).responses[status]?.content?.[type]?.schema;
  return schema === undefined ? [`${path} documents no ${status} as ${type}`] : schemaFaults(document, schema, body);
}

describe.each(Object.entries(QUESTIONS))('%s', (path, readers) => {
  it.each(readers)('answers %s as the document says', async (role) => {
    const answer = await test
      .browser()
      .agent.get(path)
      .set(headers[role] ?? {});
    expect(answer.status).toBe(200);
    expect(faultsOf(path, '200', 'application/json', answer.body)).toEqual([]);
  });

  it('documents each parameter, with values that it has', () => {
    const known = operationOf(path).parameters ?? [];
    for (const [name, value] of new URL(path, 'http://x').searchParams) {
      const schema = known.find((one) => one.name === name)?.schema;
      expect(schema === undefined ? [`no parameter ${name}`] : schemaFaults(document, schema, value)).toEqual([]);
    }
  });

  it('refuses with a problem as the document says', async () => {
    if (path.startsWith('/statistics/open-data/')) return;
    const answer = await test.browser().agent.get(path).set({ Authorization: 'Bearer ddt_nothing' });
    expect(faultsOf(path, '401', 'application/problem+json', answer.body)).toEqual([]);
  });
});

it('asks every JSON route with every parameter that is documented', () => {
  const asked = Map.groupBy(Object.keys(QUESTIONS), (path) => path.replace(/\?.*/, ''));
  for (const [path, { get }] of Object.entries(document.paths)) {
    if (!path.startsWith('/statistics/') || !path.endsWith('.json')) continue;
    const questions = (asked.get(path) ?? []).flatMap((one) => [...new URL(one, 'http://x').searchParams.keys()]);
    const parameters = ((get as Operation).parameters ?? []).map(({ name }) => name);
    const untried = parameters.filter((name) => !questions.includes(name));
    expect([
      path,
      asked.has(path),
      untried.filter((name) => !['known_on', 'as_of', 'account_level'].includes(name)),
    ]).toEqual([path, true, []]);
  }
});

it.each(['?unit=00004', '?geography=hanoi_units_2025'])('documents what is rebuilt, %s', async (query) => {
  const answer = await test
    .browser()
    .agent.get(`/statistics/rebuilt.json${query}`)
    .set(headers['steering'] ?? {});
  expect(answer.status).toBe(200);
  expect(schemas.REBUILT_ANSWER.safeParse(answer.body).error?.issues).toBeUndefined();
});

it('documents every statistics route that answers data, and no other', () => {
  const server = readFileSync(new URL('../../src/server.ts', import.meta.url), 'utf8');
  const routes = [...server.matchAll(/router\.\w+\('(\/(?:statistics|relying-parties)\/[^']*)'/g)].map(
    ([, path = '']) => path,
  );
  const data = routes.filter((path) => /\.(json|csv|xlsx)$|totals$/.test(path) && !path.endsWith('openapi.json'));
  expect(Object.keys(document.paths).toSorted()).toEqual([...new Set(data)].toSorted());
  expect(document.openapi).toBe('3.1.0');
});

it('documents what totals are answered with', async () => {
  const agent = test.browser().agent;
  const token = await agent
    .post('/token')
    .auth('sandbox-machine', 'sandbox-machine-secret')
    .type('form')
    .send({ grant_type: 'client_credentials', scope: 'report_totals' });
  const bearer = { Authorization: `Bearer ${token.body.access_token}` };
  const body = {
    topic: 'x1',
    from_on: '2025-01-01',
    to_on: '2025-12-31',
    dossiers: 2,
    through_identity: 1,
    source: 's',
  };
  const made = await agent.post('/relying-parties/totals').set(bearer).send(body);
  expect(schemas.TOTAL_ANSWER.safeParse(made.body).error?.issues).toBeUndefined();
  const wrong = await agent.post('/relying-parties/totals').set(bearer).send({});
  expect(schemas.PROBLEM.safeParse(wrong.body).error?.issues).toBeUndefined();
  const own = await agent.get('/relying-parties/totals').set(bearer);
  expect(schemas.TOTALS_ANSWER.safeParse(own.body).error?.issues).toBeUndefined();
});
