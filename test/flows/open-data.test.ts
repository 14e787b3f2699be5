import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPEN_DATA_ANSWER, PROBLEM } from '../../src/statistics/as-data/data-schemas.ts';
import { issueApiToken } from '../../src/statistics/stores/api-token-store.ts';
import { recordCohort } from '../statistics/statistics-db.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp({ env: { OPEN_DATA_PER_ADDRESS_PER_MINUTE: '8' } });
  const notifiedAt = new Date('2026-01-10T03:00:00Z');
  await recordCohort(test.app.db, { unitCode: '00004', notified: 90, activated: 60, notifiedAt });
  await recordCohort(test.app.db, { unitCode: '00008', notified: 8, activated: 3, notifiedAt });
});
afterAll(() => test.close());

it('is the same for everybody, may be read by any page, and is not sent twice', async () => {
  const { agent } = test.browser();
  const open = await agent.get('/statistics/open-data/rates.json').set({ Origin: 'https://bao.example.vn' });
  expect(OPEN_DATA_ANSWER.safeParse(open.body).error?.issues).toBeUndefined();
  expect(open.body.as_of_day).toBe('2026-02-28');
  expect(open.headers['access-control-allow-origin']).toBe('*');
  expect(open.headers['cache-control']).toBe('public, max-age=300');
  const { token } = await issueApiToken(test.app.db, { role: 'statistics_full', label: 'x', now: new Date() });
  const full = await agent.get('/statistics/open-data/rates.json').set({ Authorization: `Bearer ${token}` });
  expect(full.text).toBe(open.text);
  const again = await agent.get('/statistics/open-data/rates.json').set({ 'If-None-Match': open.headers['etag'] });
  expect(again.status).toBe(304);
  const small = open.body.rows.filter((row: { unit_code: string }) => row.unit_code === '00008');
  expect(small.every((row: { status: string }) => row.status === 'suppressed')).toBe(true);
  const adoption = await agent.get('/statistics/open-data/adoption.json');
  expect(OPEN_DATA_ANSWER.safeParse(adoption.body).error?.issues).toBeUndefined();
  const csv = await agent.get('/statistics/open-data/rates.csv');
  expect(csv.headers['content-type']).toContain('text/csv');
});

it('answers what a browser asks before a script sends a header', async () => {
  const { agent } = test.browser();
  const answer = await agent
    .options('/statistics/open-data/residents.json')
    .set({ Origin: 'https://bao.example.vn', 'Access-Control-Request-Method': 'GET' });
  expect(answer.status).toBe(204);
  expect(answer.headers['access-control-allow-origin']).toBe('*');
  expect(answer.headers['access-control-allow-headers']).toContain('If-None-Match');
});

it('goes back to the end of any month that is over, and to no other', async () => {
  test.travel({ seconds: 61 });
  const { agent } = test.browser();
  const december = await agent.get('/statistics/open-data/rates.json?as_of=2025-12');
  expect(december.body.as_of_day).toBe('2025-12-31');
  expect(december.body.rows[0]).toMatchObject({ unit_code: '01', status: 'suppressed' });
  for (const month of ['2026-03', '2026-13', '2026-01-31', '1999-12'])
    expect((await agent.get(`/statistics/open-data/backlog.csv?as_of=${month}`)).status).toBe(422);
});

it('asks an address that wants too much to come again, and lets it in a minute later', async () => {
  test.travel({ seconds: 61 });
  const { agent } = test.browser();
  const ask = () => agent.get('/statistics/open-data/rates.json');
  let refused = await ask();
  for (let asked = 0; asked < 8 && refused.status === 200; asked += 1) refused = await ask();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(refused.headers['content-type']).toContain('application/problem+json');
  expect(PROBLEM.safeParse(refused.body).error?.issues).toBeUndefined();
  test.travel({ seconds: 61 });
  expect((await ask()).status).toBe(200);
});
