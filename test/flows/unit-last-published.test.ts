import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HANOI_UNITS } from '../../src/domain/place-data.ts';
import { startOfVietNamDay } from '../../src/domain/viet-nam-time.ts';
import { issueApiToken } from '../../src/statistics/stores/api-token-store.ts';
import { recordCohort } from '../statistics/statistics-db.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const NOW = new Date('2026-03-10T03:00:00Z');
const GREW_BY_TOO_FEW = '00008';
const AS_THE_OTHERS = '00025';

describe('the page of a unit whose last month may not be published', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startTestApp({ now: NOW });
    const cohort = (unitCode: string, size: Readonly<{ notified: number; activated: number }>, day: string) =>
      recordCohort(test.app.db, { unitCode, ...size, notifiedAt: startOfVietNamDay(day) });
    for (const [code] of HANOI_UNITS) {
      await cohort(code, { notified: 40, activated: 20 }, '2026-01-05');
      const few = { notified: 4, activated: 2 };
      await cohort(code, code === GREW_BY_TOO_FEW ? few : { notified: 30, activated: 15 }, '2026-02-05');
    }
  });
  afterAll(() => test.close());

  const read = async (code: string, locale: 'vi' | 'en', headers: Record<string, string> = {}) => {
    const { $ } = await test.browser().get(`/statistics/units/${code}?lang=${locale}`, headers);
    return {
      asOf: $('p.as-of').text(),
      fraction: $('.headline .rate-fraction').text(),
      city: $('.overview .card').last().text(),
    };
  };

  it.each([
    ['vi', 'hết ngày 31/01/2026', '(đến hết 28/02/2026)'],
    ['en', 'the end of 31 January 2026', '(to the end of 28 February 2026)'],
  ] as const)('names the day of its figure, and the other one of the city: %s', async (locale, own, ofCity) => {
    const page = await read(GREW_BY_TOO_FEW, locale);
    expect(page.fraction).toBe('20 / 40');
    expect(page.asOf).toContain(own);
    expect(page.city).toContain(ofCity);
  });

  it('names one day where both are of the same', async () => {
    const page = await read(AS_THE_OTHERS, 'vi');
    expect(page.fraction).toBe('35 / 70');
    expect(page.asOf).toContain('28/02/2026');
    expect(page.city).not.toContain('28/02/2026');
  });

  it('shows who sees everything today, and names it', async () => {
    const { token } = await issueApiToken(test.app.db, { role: 'statistics_full', label: 'x', now: NOW });
    const page = await read(GREW_BY_TOO_FEW, 'vi', { Authorization: `Bearer ${token}` });
    expect(page.fraction).toBe('22 / 44');
    expect(page.asOf).toContain('10/03/2026');
    expect(page.city).not.toContain('28/02/2026');
  });
});
