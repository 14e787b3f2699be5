import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordRpUse } from '../../src/accounts/rp-use-store.ts';
import { issueApiToken } from '../../src/statistics/stores/api-token-store.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let test: TestApp;
let bearer: Record<string, string>;
const REPORT = {
  topic: 'ly-lich-tu-phap',
  from_on: '2025-01-01',
  to_on: '2025-12-31',
  dossiers: 107_056,
  through_identity: 79_954,
  source: 'Hà Nội: hồ sơ trực tuyến',
};

const machineToken = async (scope: string): Promise<Record<string, string>> => {
  const answer = await test
    .browser()
    .agent.post('/token')
    .auth('sandbox-machine', 'sandbox-machine-secret')
    .type('form')
    .send({ grant_type: 'client_credentials', ...(scope === '' ? {} : { scope }) });
  expect(answer.status).toBe(200);
  return { Authorization: `Bearer ${answer.body.access_token}` };
};
const report = (body: object, headers = bearer) =>
  test.browser().agent.post('/relying-parties/totals').set(headers).send(body);

beforeAll(async () => {
  test = await startTestApp();
  bearer = await machineToken('report_totals');
});
afterAll(() => test.close());

describe('A relying party reports its totals', () => {
  it('once, however often it sends them, and corrects them with a reason', async () => {
    const first = await report(REPORT);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ client_id: 'ly-lich-tu-phap', basis: 'unknown', version: 1 });
    const again = await report(REPORT);
    expect([again.status, again.body.version]).toEqual([200, 1]);
    const other = { ...REPORT, through_identity: 79_955 };
    const refused = await report(other);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([{ field: 'reason', reason: 'reason_needed_for_a_correction' }]);
    const corrected = await report({ ...other, reason: 'đếm lại' });
    expect([corrected.status, corrected.body.version]).toEqual([201, 2]);
    await report({ ...REPORT, reason: 'đếm lại lần nữa' });
    const own = await test.browser().agent.get('/relying-parties/totals').set(bearer);
    expect(own.body.totals.map((one: { version: number }) => one.version)).toEqual([1, 2, 3]);
  });

  it('stands once when sent five times at the same moment', async () => {
    const fact = { ...REPORT, topic: 'cung-luc' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => report(fact)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 201]);
  });

  it('hears of everything that is wrong at once, as a problem', async () => {
    const wrong = await report({ ...REPORT, topic: 'Đất đai', to_on: '2024-01-01', through_identity: 200_000 });
    expect(wrong.status).toBe(422);
    expect(wrong.headers['content-type']).toContain('application/problem+json');
    expect(wrong.body.errors.map(({ field }: { field: string }) => field)).toEqual([
      'topic',
      'to_on',
      'through_identity',
    ]);
    expect((await report({ ...REPORT, dossiers: 'many' })).body.errors[0].field).toBe('dossiers');
    expect((await report({ ...REPORT, to_on: '2030-01-01' })).body.errors).toEqual([
      { field: 'to_on', reason: 'out_of_range' },
    ]);
    expect((await report([])).status).toBe(422);
  });

  it('only for itself or the one it is registered for, with a token of its own', async () => {
    expect((await report({ ...REPORT, client_id: 'ihanoi' })).status).toBe(403);
    expect((await report({ ...REPORT, client_id: 'sandbox-machine' })).status).toBe(201);
    expect((await report(REPORT, await machineToken(''))).status).toBe(403);
    const unknown = await report(REPORT, { Authorization: 'Bearer nothing' });
    expect(unknown.status).toBe(401);
    expect(unknown.headers['www-authenticate']).toContain('invalid_token');
    expect((await report(REPORT, {})).status).toBe(401);
  });

  it('is not offered to a client that registered itself, or to a citizen', async () => {
    const agent = test.browser().agent;
    const made = await agent.post('/register').send({
      client_name: 'x',
      redirect_uris: [],
      response_types: [],
      grant_types: ['client_credentials'],
      scope: 'report_totals',
    });
    const asked = await agent
      .post('/token')
      .auth(made.body.client_id, made.body.client_secret)
      .type('form')
      .send({ grant_type: 'client_credentials', scope: 'report_totals' });
    expect([asked.status, asked.body.error]).toEqual([400, 'invalid_scope']);
  });
});

describe('Adoption', () => {
  it('shows the public large numbers by month, and officials each day, persons and sign-ins apart', async () => {
    for (let person = 0; person < 12; person += 1)
      for (const day of ['2026-01-10', '2026-01-20', '2026-02-10'])
        await recordRpUse(test.app.db, {
          clientId: 'ihanoi',
          accountId: `a${person}`,
          usedAt: new Date(`${day}T03:00:00Z`),
        });
    await recordRpUse(test.app.db, {
      clientId: 'so-suc-khoe',
      accountId: 'a',
      usedAt: new Date('2026-01-10T03:00:00Z'),
    });
    const open = await test.browser().agent.get('/statistics/adoption.json');
    expect(open.status).toBe(200);
    const of = (body: { services: { client_id: string }[] }, id: string) =>
      body.services.find((one) => one.client_id === id);
    expect(of(open.body, 'ihanoi')).toMatchObject({ as_of_day: '2026-01-31', subjects: 12, sign_ins: 24, days: [] });
    expect(of(open.body, 'so-suc-khoe')).toMatchObject({ subjects: null, sign_ins: null, months: [] });
    const share = { status: 'shown', numerator: 79_954, denominator: 107_056, percent: { vi: '74,68%', en: '74.68%' } };
    expect(of(open.body, 'ly-lich-tu-phap')).toMatchObject({ totals: [{ channel_share: share }, {}] });

    const now = new Date();
    const { token } = await issueApiToken(test.app.db, { role: 'statistics_full', label: 'x', now });
    const full = await test
      .browser()
      .agent.get('/statistics/adoption.json')
      .set({ Authorization: `Bearer ${token}` });
    expect(of(full.body, 'ihanoi')).toMatchObject({ subjects: 12, sign_ins: 36 });
    expect(of(full.body, 'so-suc-khoe')).toMatchObject({ subjects: 1, sign_ins: 1 });
  });

  it('is a page that can be read without scripts', async () => {
    const page = await test.browser().get('/statistics/adoption', { 'Accept-Language': 'vi' });
    expect(page.status).toBe(200);
    expect(page.$('table').text()).toContain('Công dân Thủ đô số iHaNoi');
    expect(page.$('table').text()).toContain('74,68%');
  });
});
