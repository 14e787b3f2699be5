import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROBLEM } from '../../src/statistics/as-data/data-schemas.ts';
import { OPEN_ADDRESSES, ROLE_ADDRESSES } from '../../src/statistics/open/open-addresses.ts';
import { issueApiToken } from '../../src/statistics/stores/api-token-store.ts';
import { recordCohort } from '../statistics/statistics-db.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const JANUARY = new Date('2026-01-10T03:00:00Z');
const THIS_MONTH = new Date('2026-03-01T03:00:00Z');
/** In a unit, of a month that is not over: nobody without a role may read them. */
const UNPUBLISHED = /\b(?:613|407)\b/;

const addressOf = (route: string): string =>
  route
    .replace('compare.json', 'compare.json?with_as_of=2026-01-31')
    .replace('charts/:file', 'charts/ranking.svg')
    .replace(':code', '00008')
    .replace(/units$/, 'units?code=00008');
const ADDRESSES = Object.keys(OPEN_ADDRESSES).map((route) => [route, addressOf(route)] as const);
const KEPT = ADDRESSES.filter(([route]) => OPEN_ADDRESSES[route]?.kind !== 'own');

async function fill({ app: { db } }: TestApp): Promise<void> {
  for (const unitCode of ['00004', '00008', '00025'])
    await recordCohort(db, { unitCode, notified: 90, activated: 60, notifiedAt: JANUARY });
  await recordCohort(db, { unitCode: '00008', notified: 613, activated: 407, notifiedAt: THIS_MONTH });
}

const bodyOf = ({ text, body }: { text?: string; body: unknown }): string => text ?? String(body);

describe('whoever reads statistics without a token', () => {
  let test: TestApp;
  const steering: Record<string, string> = {};
  beforeAll(async () => {
    test = await startTestApp({ env: { PUBLIC_STATISTICS_SECONDS: '60' } });
    await fill(test);
    const { token } = await issueApiToken(test.app.db, { role: 'statistics_full', label: 'x', now: new Date() });
    steering['Authorization'] = `Bearer ${token}`;
  });
  afterAll(() => test.close());
  const read = (path: string, headers: Record<string, string> = {}) => test.browser().agent.get(path).set(headers);

  it('finds every address in one of two tables', () => {
    const server = readFileSync(new URL('../../src/server.ts', import.meta.url), 'utf8');
    const lines = server.split('\n').filter((line) => /router\.(?:get|post)\('\/statistics/.test(line));
    const routes = lines.flatMap((line) => /'([^']+)', open, /.exec(line)?.[1] ?? []);
    expect(routes.length).toBe(lines.length - 1);
    expect(lines.filter((line) => !line.includes(', open, '))).toEqual([expect.stringContaining('/token/leave')]);
    expect(new Set(routes)).toEqual(new Set([...Object.keys(OPEN_ADDRESSES), ...Object.keys(ROLE_ADDRESSES)]));
  });

  it.each(Object.keys(ROLE_ADDRESSES))('is refused at %s', async (path) => {
    expect((await read(path)).status).toBe(403);
  });

  it.each(KEPT)(
    'reads %s as everybody does: nothing unpublished, and not again while it is the same',
    async (_, path) => {
      const first = await read(path);
      expect(first.status).toBe(200);
      expect(bodyOf(first)).not.toMatch(UNPUBLISHED);
      expect(first.headers['set-cookie']).toBeUndefined();
      expect(first.headers['cache-control']).toMatch(
        first.type === 'text/html' ? /^no-cache$/ : /^public, max-age=(?:60|300)$/,
      );
      const other = await read(path, { 'User-Agent': 'another', Cookie: 'visitor=x' });
      expect(bodyOf(other)).toBe(bodyOf(first));
      const etag = first.headers['etag'] ?? '';
      expect(etag).toMatch(/^W\/".{27}"$/);
      const again = await read(path, { 'If-None-Match': etag });
      expect([again.status, bodyOf(again)]).toEqual([304, '']);
    },
  );

  it('gets her own language, whatever came before', async () => {
    const [vi, en] = [await read('/statistics?lang=vi'), await read('/statistics?lang=en')];
    expect(vi.text).toContain('<html lang="vi">');
    expect(en.text).toContain('<html lang="en">');
    const again = await read('/statistics', { 'Accept-Language': 'en', 'If-None-Match': vi.headers['etag'] ?? '' });
    expect([again.status, again.headers['etag']]).toEqual([200, en.headers['etag']]);
    expect(again.headers['vary']).toMatch(/Accept-Language/);
  });

  it('gets the same page by a link that brings something along, and nothing of it', async () => {
    const plain = await read('/statistics?as_of=2026-02-10');
    const shared = await read('/Statistics/?fbclid=Zx9&as_of=2026-02-10&utm_source=x&account_level=');
    expect(shared.headers['etag']).toBe(plain.headers['etag']);
    expect(shared.text).not.toContain('Zx9');
    expect(plain.text).toContain('href="/statistics?as_of=2026-02-10&amp;lang=en"');
  });

  it('may ask for the head alone, first or later', async () => {
    const path = '/statistics/units/00025?as_of=2026-02-11';
    const head = await test.browser().agent.head(path);
    const whole = await read(path);
    expect([head.status, head.text]).toEqual([200, undefined]);
    expect([whole.headers['etag'], whole.text.length > 1_000]).toEqual([head.headers['etag'], true]);
  });

  it('loads one script, by its address and without a nonce', async () => {
    const { text, headers } = await read('/statistics');
    const script = /<script src="([^"]+)" defer data-show/.exec(text)?.[1] ?? '';
    expect(script).toMatch(/^\/assets\/comfort\./);
    expect(headers['content-security-policy']).toContain(`script-src ${test.issuer}${script};`);
    expect(headers['content-security-policy']).not.toContain('nonce');
    expect(text).not.toContain('csrf_token');
  });

  it('sees a change when the minute is over, and until then what everybody saw', async () => {
    const read2 = () => read('/statistics/activation.json?as_of=2026-02-27');
    const before = await read2();
    await recordCohort(test.app.db, { unitCode: '00070', notified: 40, activated: 20, notifiedAt: JANUARY });
    expect((await read2()).headers['etag']).toBe(before.headers['etag']);
    test.travel({ seconds: 61 });
    expect((await read2()).headers['etag']).not.toBe(before.headers['etag']);
  });
});

describe('an address that asks too much', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startTestApp({ env: { OPEN_DATA_PER_ADDRESS_PER_MINUTE: '3' } });
    await fill(test);
  });
  afterAll(() => test.close());

  it.each([...ADDRESSES, ...Object.keys(ROLE_ADDRESSES).map((path) => [path, path] as const)])(
    'has to wait at %s',
    async (_, path) => {
      test.travel({ seconds: 61 });
      const { agent } = test.browser();
      const ask = (accept: string) => agent.get(path).set('Accept', accept).redirects(0);
      for (let times = 0; times < 3; times += 1) expect((await ask('text/html')).status).toBeLessThan(429);
      const refused = await ask('application/json');
      expect(refused.status).toBe(429);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(PROBLEM.safeParse(refused.body).error?.issues).toBeUndefined();
      expect(refused.headers['cache-control']).toBe('no-store');
      if (/\.\w+(?:\?|$)/.test(path)) return;
      const page = await ask('text/html');
      expect([page.status, page.type]).toEqual([429, 'text/html']);
      expect(page.text).toContain('Quá nhiều yêu cầu');
    },
  );

  it('is counted when it tries tokens, and not when it has one', async () => {
    test.travel({ seconds: 61 });
    const { agent } = test.browser();
    const { token } = await issueApiToken(test.app.db, { role: 'statistics_full', label: 'x', now: new Date() });
    const ask = async (secret: string) =>
      (await agent.get('/statistics/funnel.json').set('Authorization', `Bearer ${secret}`)).status;
    for (let times = 0; times < 8; times += 1) expect(await ask(token)).toBe(200);
    expect([await ask('ddt_a'), await ask('ddt_b'), await ask('ddt_c'), await ask('ddt_d')]).toEqual([
      401, 401, 401, 429,
    ]);
    expect(await ask(token)).toBe(200);
  });
});

describe('who thinks of new questions all the time', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startTestApp({ env: { PUBLIC_STATISTICS_PERCENT: '3' } });
    await fill(test);
  });
  afterAll(() => test.close());

  it('waits in a line of her own making; what is known is answered to everybody', async () => {
    const { agent } = test.browser();
    const known = await agent.get('/statistics');
    // A change: the page of a moment ago is better than none.
    await recordCohort(test.app.db, { unitCode: '00004', notified: 40, activated: 10, notifiedAt: THIS_MONTH });
    let asked = 0;
    const answers: Response[] = [];
    const ask = async (): Promise<number | undefined> => {
      const on = new Date(Date.parse('2025-02-01T00:00:00Z') + asked * 86_400_000).toISOString().slice(0, 10);
      asked += 1;
      // Those who still wait at the end are cut off.
      const answer = await agent.get(`/statistics?as_of=${on}`).then(
        (response) => response,
        () => undefined,
      );
      if (answer !== undefined) answers.push(answer);
      return answer?.status;
    };
    // As long as there is time left each is answered at once; then the line grows until it is full.
    for (let left = 500; left > 0; left -= 1) if ((await Promise.race([ask(), sleep(30)])) === 503) break;
    // Had a place become free just now, these would have it.
    await Promise.race([ask(), sleep(5)]);
    const again = await test.browser().agent.get('/statistics');
    expect([again.status, again.headers['etag']]).toEqual([200, known.headers['etag']]);
    const refused = answers.filter(({ status }) => status === 503);
    expect(answers.every(({ status }) => status === 200 || status === 503)).toBe(true);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ headers }) => Number(headers['retry-after']) > 0)).toBe(true);
    expect(refused[0]?.text).toContain('Số liệu này chưa có sẵn');
  }, 60_000);
});
