import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HANOI_UNITS } from '../../src/domain/place-data.ts';
import { integerText } from '../../src/domain/rate.ts';
import { startOfVietNamDay } from '../../src/domain/viet-nam-time.ts';
import { issueApiToken } from '../../src/statistics/stores/api-token-store.ts';
import { insertDenominators } from '../../src/statistics/stores/denominator-store.ts';
import { recordCohort } from '../statistics/statistics-db.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const NOW = new Date('2026-03-11T05:00:00Z');
const SMALL = '00082';
const CHARTS = ['trend', 'progress', 'ranking', 'tiles', 'multiples', 'channels', 'backlog', 'survival', 'waits'];

let test: TestApp;
let token: string;
let unitToken: string;

beforeAll(async () => {
  test = await startTestApp({ now: NOW });
  const { db } = test.app;
  for (const [index, [code]] of HANOI_UNITS.entries()) {
    const notified = code === SMALL ? 12 : 30 + (index % 9);
    const activated = code === SMALL ? 3 : 11 + (index % 7);
    await recordCohort(db, { unitCode: code, notified, activated, notifiedAt: startOfVietNamDay('2026-01-05') });
  }
  await recordCohort(db, { unitCode: '00008', notified: 7, activated: 5, notifiedAt: startOfVietNamDay('2026-03-02') });
  const base = { unitCode: '01', asOfOn: '2026-01-01', source: 'test <b>', version: 1, recordedAt: NOW };
  await insertDenominators(db, [{ ...base, basis: 'assigned_target', ageMin: 15, quantity: 2_000 }]);
  ({ token } = await issueApiToken(db, { role: 'statistics_full', label: 'all', now: NOW }));
  const own = await issueApiToken(db, { role: 'statistics_full', unitCode: SMALL, label: 'own', now: NOW });
  unitToken = own.token;
});
afterAll(() => test.close());

const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` });
const page = (path: string, headers: Record<string, string> = {}) => test.browser().get(path, headers);
async function chart(path: string, headers: Record<string, string> = {}) {
  const answer = await test.browser().agent.get(path).set(headers).buffer(true);
  return { ...answer, headers: answer.headers as Record<string, string>, svg: String(answer.body) };
}

type Target = { id: string; percent: Record<string, string>; numerator: number; denominator: number };

describe('the dashboard', () => {
  it.each(['vi', 'en'] as const)('says what the data say, in the %s way of writing numbers', async (locale) => {
    const { $ } = await page(`/statistics?lang=${locale}`, bearer(token));
    const { body } = await test.browser().agent.get('/statistics/activation.json').set(bearer(token));
    const rates = body.rates as Target[];
    const target = rates.find(({ id }) => id === 'activation_of_target') as Target;
    expect($('.headline-value').text()).toBe(target.percent[locale]);
    const { numerator, denominator } = target;
    expect($('.headline .rate-fraction').text()).toBe(
      `${integerText(numerator, locale)} / ${integerText(denominator, locale)}`,
    );
    for (const row of body.units.rows as {
      unit_code: string;
      rates: Record<string, { percent: Record<string, string> }>;
    }[]) {
      const shown = $(`.units a[href="/statistics/units/${row.unit_code}"]`)
        .closest('tr')
        .find('.figure-percent')
        .first();
      if (row.unit_code !== '') expect(shown.text()).toBe(row.rates['activation_of_granted']?.percent[locale]);
    }
    const missing = integerText(denominator - numerator, locale);
    expect($('.overview .rate-value').text()).toContain(missing);
  });

  it('is under 150 kB with 126 units and everything shown', async () => {
    for (const path of ['/statistics?range=all', '/statistics?range=year&account_level=2&lang=en']) {
      const { text, $ } = await page(path, bearer(token));
      expect($('.units tbody tr')).toHaveLength(127);
      expect(Buffer.byteLength(text)).toBeLessThan(150_000);
    }
  });

  it('has a link over each square of the tile map, which says where it leads and what stands there', async () => {
    const { $ } = await page('/statistics', bearer(token));
    const links = $('svg.tile-links a');
    expect(links).toHaveLength(126);
    const first = links.first();
    expect(first.attr('aria-label')).toMatch(/^\p{L}.*: /u);
    const { status } = await page(first.attr('href') ?? '', bearer(token));
    expect(status).toBe(200);
  });

  it('shows what is late and how long it took on the page of a unit, to who may see its own', async () => {
    const { $ } = await page('/statistics/units/00004', bearer(token));
    expect($('#backlog table').length).toBeGreaterThan(0);
    expect($('#waits table').length).toBeGreaterThan(0);
    const publicPage = await page('/statistics/units/00004', {});
    expect(publicPage.$('#backlog, #waits')).toHaveLength(0);
  });

  it('has a link for each section, and a definition beside each rate', async () => {
    const { $ } = await page('/statistics', bearer(token));
    for (const link of $('.contents a')) expect($(link.attribs['href'] ?? '#none')).toHaveLength(1);
    expect($('.contents a').length).toBeGreaterThan(6);
    for (const card of $('.card.rate')) {
      const terms = $(card).find('details dl').text();
      for (const term of ['Tử số', 'Mẫu số', 'Độ tuổi', 'Địa bàn', 'Đơn vị tính', 'Làm tròn'])
        expect(terms).toContain(term);
    }
    expect($('.headline details').text()).toContain('test <b>');
  });

  it('names units far below the city, and a target out of reach', async () => {
    const full = await page('/statistics?lang=en', bearer(token));
    expect(full.$('.attention').text()).toContain('Only');
    const bare = await page('/statistics?as_of=2025-12-31');
    expect(bare.$('.attention').text()).toContain('Chưa nạp chỉ tiêu');
  });

  it('refuses a range, a due day and a chart that are none', async () => {
    for (const path of ['/statistics?range=2y', '/statistics?due=2026-02-30', '/statistics?due=2020-01-01'])
      expect((await page(path)).status).toBe(422);
    expect((await page('/statistics/charts/constructor.svg')).status).toBe(404);
    expect((await page('/statistics/charts/trend')).status).toBe(404);
  });
});

describe('a chart', () => {
  it.each(CHARTS)('is a file of its own: %s', async (name) => {
    const first = await chart(`/statistics/charts/${name}.svg`);
    expect(first.status).toBe(200);
    expect(first.headers['content-type']).toContain('image/svg+xml');
    expect(first.headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
    expect(first.headers['cache-control']).toBe('public, max-age=60');
    const again = await chart(`/statistics/charts/${name}.svg`, { 'If-None-Match': first.headers['etag'] ?? '' });
    expect(again.status).toBe(304);
    const small = await chart(`/statistics/charts/${name}.svg?size=small&locale=en`);
    expect(small.svg).toMatch(/^<svg width="336"/);
  });

  it('of a token lies in no cache, and shows what the public one hides', async () => {
    const [open, full] = [
      await chart('/statistics/charts/multiples.svg'),
      await chart('/statistics/charts/multiples.svg', bearer(token)),
    ];
    expect(full.headers['cache-control']).toBe('private, no-store');
    expect(full.svg).toContain('Cửa Nam');
    expect(open.svg).not.toContain('Cửa Nam');
    expect(open.svg).toContain('Ngọc Hà');
  });
});

describe('the page of a unit', () => {
  it('shows everybody the published months alone', async () => {
    const { $ } = await page('/statistics/units/00008');
    expect($('h1').text()).toBe('Số liệu kích hoạt: Phường Ngọc Hà');
    expect($('.headline .rate-fraction').text()).toBe('12 / 31');
    expect($('#trend tbody tr').first().text()).toContain('28/02/2026');
    expect($('#channels')).toHaveLength(0);
    const hidden = await page(`/statistics/units/${SMALL}`);
    expect(hidden.$('.headline-value').text()).toBe('không công bố');
    expect(hidden.$('.is-rank').length, 'a reason is not written as large as a rank').toBe(0);
    expect(hidden.$('main').text()).not.toContain('3 / 12');
    expect((await chart(`/statistics/units/${SMALL}/trend.svg`)).svg).toContain('chưa có số liệu');
  });

  it('shows the unit its own days, and of others what is published', async () => {
    const own = await page(`/statistics/units/${SMALL}`, bearer(unitToken));
    expect(own.$('.headline .rate-fraction').text()).toBe('3 / 12');
    expect(own.$('#trend tbody tr')).toHaveLength(30);
    expect(own.$('#channels')).toHaveLength(1);
    const other = await page('/statistics/units/00008', bearer(unitToken));
    expect(other.$('.headline .rate-fraction').text()).toBe('12 / 31');
  });

  it('shows who sees everything all of it', async () => {
    const { $ } = await page('/statistics/units/00008', bearer(token));
    expect($('.headline .rate-fraction').text()).toBe('17 / 38');
    expect($('.is-rank').text()).toMatch(/^Hạng \d+ trên 126 đơn vị$/);
  });

  it('is found by choosing it, and is nothing for what is no unit', async () => {
    const chosen = await test.browser().agent.get('/statistics/units?code=00008');
    expect([chosen.status, chosen.headers['location']]).toEqual([303, '/statistics/units/00008']);
    for (const code of ['01', '99999', '%3Cscript%3E'])
      expect((await page(`/statistics/units/${code}`)).status).toBe(404);
    expect((await page('/statistics/units/00004?as_of=2025-06-30')).status).toBe(404);
    expect((await page('/statistics/units/001')).text).toContain('30/06/2025');
  });
});
