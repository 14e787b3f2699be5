import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { recordRpUse } from '../../src/accounts/rp-use-store.ts';
import { issueApiToken } from '../../src/statistics/api-token-store.ts';
import * as schemas from '../../src/statistics/data-schemas.ts';
import { CAMPAIGNS } from '../../src/statistics/import-campaigns.ts';
import { importRecords } from '../../src/statistics/import-records.ts';
import { recordCohort } from '../statistics/statistics-db.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

/** Every JSON route of the statistics, with what the document says it answers. */
const ANSWERS: Readonly<Record<string, z.ZodType>> = {
  '/statistics/activation.json': schemas.ACTIVATION_ANSWER,
  '/statistics/campaigns.json': schemas.CAMPAIGNS_ANSWER,
  '/statistics/funnel.json': schemas.FUNNEL_ANSWER,
  '/statistics/compare.json?with_as_of=2026-01-31': schemas.COMPARISON_ANSWER,
  '/statistics/adoption.json': schemas.ADOPTION_ANSWER,
  '/statistics/report.json': schemas.REPORT_ANSWER,
};
const ROLES = ['public', 'unit', 'steering'] as const;

let test: TestApp;
const headers: Record<string, Record<string, string>> = { public: {} };
let document: { openapi: string; paths: Record<string, unknown> };

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

describe.each(Object.entries(ANSWERS))('%s', (path, schema) => {
  it.each(ROLES)('answers %s as documented', async (role) => {
    const answer = await test
      .browser()
      .agent.get(path)
      .set(headers[role] ?? {});
    expect(answer.status).toBe(200);
    const read = schema.safeParse(answer.body);
    expect(read.error?.issues).toBeUndefined();
  });

  it('refuses with a problem as documented', async () => {
    const answer = await test.browser().agent.get(path).set({ Authorization: 'Bearer ddt_nothing' });
    expect(schemas.PROBLEM.safeParse(answer.body).error?.issues).toBeUndefined();
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });
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
  const data = routes.filter((path) => /\.(json|csv)$|totals$/.test(path) && !path.endsWith('openapi.json'));
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
