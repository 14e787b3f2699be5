import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addDays, startOfVietNamDay, weekStart } from '../../src/domain/viet-nam-time.ts';
import { translator } from '../../src/i18n/translator.ts';
import { lateBacklog } from '../../src/statistics/figures/late-backlog.ts';
import { MOST_COHORT_DAYS } from '../../src/statistics/figures/notice-weeks.ts';
import { timeToActivate } from '../../src/statistics/figures/time-to-activate.ts';
import { backlogModel } from '../../src/statistics/pages/backlog-model.ts';
import { waitsModel } from '../../src/statistics/pages/waits-model.ts';
import { backlogSection } from '../../views/statistics/backlog-section.ts';
import { waitsSection } from '../../views/statistics/waits-section.ts';
import { type Cohort, openStatisticsDb, peopleApp, recordCohort, type StatisticsDb } from './statistics-db.ts';

/** A Monday; the last day of the month before is a Saturday. */
const TODAY = '2026-03-16';
const NOW = new Date('2026-03-16T03:00:00Z');
const PUBLIC = { viewer: { kind: 'public' } } as const;

let opened: StatisticsDb;
beforeAll(async () => {
  opened = await openStatisticsDb();
});
beforeEach(() => peopleApp(opened.db).clear());
afterAll(() => opened.close());

let given = 0;
const noon = (day: string): Date => new Date(startOfVietNamDay(day).getTime() + 43_200_000);

/** Grants notified on a day, of which some were activated after so many days. */
function give(cohort: Omit<Cohort, 'notifiedAt' | 'activatedAt'> & { day: string; waited?: number }): Promise<void> {
  const { day, waited = 0, ...rest } = cohort;
  given += 1;
  // No two cohorts at one moment: by unit, level and moment their people are told apart.
  const at = (on: string): Date => new Date(noon(on).getTime() + given);
  return recordCohort(opened.db, { ...rest, notifiedAt: at(day), activatedAt: at(addDays(day, waited)) });
}

describe('the late backlog', () => {
  it('is told by age and unit as of any day', async () => {
    await give({ unitCode: '00004', notified: 30, activated: 10, day: '2026-01-01', waited: 20 });
    await give({ unitCode: '00070', notified: 5, activated: 0, day: '2025-12-01' });
    const on = async (asOfDay: string) => (await lateBacklog(opened.db, { now: NOW, asOfDay })).counts;
    expect(await on('2026-01-08')).toEqual({ '8_30': 0, '31_90': 5, over_90: 0, all: 5 });
    expect(await on('2026-01-20')).toEqual({ '8_30': 30, '31_90': 5, over_90: 0, all: 35 });
    expect(await on('2026-01-21')).toEqual({ '8_30': 20, '31_90': 5, over_90: 0, all: 25 });
    expect(await on('2026-03-02')).toEqual({ '8_30': 0, '31_90': 20, over_90: 5, all: 25 });
    const { units } = await lateBacklog(opened.db, { now: NOW });
    const late = units.filter(({ counts }) => counts.all !== 0).map(({ code, counts }) => [code, counts.all]);
    expect(late).toEqual([
      ['00004', 20],
      ['00070', 5],
    ]);
  });

  it('is its own to a unit, and to the public the whole of the last month, no band of it under ten', async () => {
    await give({ unitCode: '00004', notified: 50, activated: 0, day: '2026-02-10' });
    await give({ unitCode: '00070', notified: 9, activated: 0, day: '2026-01-01' });
    await give({ unitCode: '00070', notified: 20, activated: 0, day: '2026-03-01' });
    const viewer = { kind: 'unit', unitCode: '00070' } as const;
    expect(await lateBacklog(opened.db, { now: NOW, viewer })).toMatchObject({
      unitCode: '00070',
      counts: { '8_30': 20, '31_90': 9, over_90: 0, all: 29 },
      units: [],
    });
    const published = await lateBacklog(opened.db, { now: NOW, accountLevel: 1, ...PUBLIC });
    expect(published).toMatchObject({ isMonthly: true, accountLevel: undefined, units: [] });
    expect(published.moment.day).toBe('2026-02-28');
    // 9 are found by subtraction unless the largest band is hidden with them.
    expect(published.counts).toEqual({ '8_30': null, '31_90': null, over_90: null, all: 59 });
  });
});

describe('the time to activate', () => {
  it('is told by week of the notice, with who is still waiting', async () => {
    const monday = '2026-03-02';
    await give({ notified: 10, activated: 10, day: monday, waited: 1 });
    await give({ notified: 10, activated: 1, day: addDays(monday, 7), waited: 3 });
    const { weeks, whole, curve, notices } = await timeToActivate(opened.db, { now: NOW });
    expect(notices).toEqual({ from: addDays(weekStart('2026-03-15'), -84), to: '2026-03-15' });
    expect(weeks).toHaveLength(13);
    expect(weeks.slice(-2)).toEqual([
      {
        monday,
        figures: {
          kind: 'shown',
          notified: 10,
          activated: 10,
          p50: { kind: 'days', days: 1 },
          p90: { kind: 'days', days: 1 },
        },
      },
      {
        monday: addDays(monday, 7),
        figures: {
          kind: 'shown',
          notified: 10,
          activated: 1,
          p50: { kind: 'not_reached' },
          p90: { kind: 'not_reached' },
        },
      },
    ]);
    expect(whole).toMatchObject({ notified: 20, activated: 11, p50: { kind: 'days', days: 1 } });
    expect(curve).toEqual([
      { days: 1, atRisk: 20, ended: 10, waitingMillionths: 500_000 },
      { days: 3, atRisk: 10, ended: 1, waitingMillionths: 450_000 },
    ]);
    // As it was on the 10th: nobody of the second week had activated, and had waited a day.
    expect((await timeToActivate(opened.db, { now: NOW, asOfDay: '2026-03-10' })).curve).toHaveLength(1);
  });

  it('is asked of whole days that are over, a year and some days at most', async () => {
    const ask = (noticesFrom: string | undefined, noticesTo: string | undefined) =>
      timeToActivate(opened.db, { now: NOW, noticesFrom, noticesTo });
    expect((await ask('2026-03-03', '2026-03-12')).weeks.map(({ monday }) => monday)).toEqual([
      '2026-03-02',
      '2026-03-09',
    ]);
    await expect(ask(undefined, TODAY)).rejects.toThrow(RangeError);
    await expect(ask('2026-03-12', '2026-03-03')).rejects.toThrow(RangeError);
    await expect(ask(addDays('2026-03-01', -MOST_COHORT_DAYS), '2026-03-01')).rejects.toThrow(RangeError);
  });

  it('shows the public no week and no step of the curve from which fewer than ten could be had', async () => {
    const week = fc.record({ notified: fc.nat(60), share: fc.nat(100), waited: fc.nat(6) });
    await fc.assert(
      fc.asyncProperty(fc.array(week, { minLength: 1, maxLength: 5 }), async (some) => {
        await peopleApp(opened.db).clear();
        for (const [index, { notified, share, waited }] of some.entries()) {
          const activated = Math.floor((notified * share) / 100);
          await give({ notified, activated, day: addDays('2026-02-02', 7 * (index % 3)), waited });
        }
        // More may be asked for than the public gets.
        const query = { now: NOW, noticesFrom: '2026-02-09', unitCode: '00004', ...PUBLIC };
        const { whole, weeks, curve, moment, unitCode } = await timeToActivate(opened.db, query);
        const truth = await timeToActivate(opened.db, { now: NOW, asOfDay: '2026-02-28' });
        expect([moment.day, unitCode, weeks.length]).toEqual(['2026-02-28', undefined, 13]);
        if (whole.kind === 'suppressed') {
          expect(weeks.every(({ figures }) => figures.kind === 'suppressed')).toBe(true);
          expect(curve).toEqual([]);
          return;
        }
        const hidden = { notified: whole.notified, activated: whole.activated };
        for (const { figures } of weeks) {
          if (figures.kind === 'suppressed') continue;
          hidden.notified -= figures.notified;
          hidden.activated -= figures.activated;
          expect(Math.min(figures.activated, figures.notified - figures.activated)).toBeGreaterThanOrEqual(10);
        }
        expect(hidden.activated === 0 || hidden.activated >= 10).toBe(true);
        const open = hidden.notified - hidden.activated;
        expect(open === 0 || open >= 10).toBe(true);
        let day = -1;
        for (const point of curve) {
          expect(Object.keys(point)).toEqual(['days', 'waitingMillionths']);
          expect(point.waitingMillionths % 10_000).toBe(0);
          const between = truth.curve.filter((one) => one.days > day && one.days <= point.days);
          expect(between.reduce((sum, { ended = 0 }) => sum + ended, 0)).toBeGreaterThanOrEqual(10);
          day = point.days;
        }
        expect(curve.at(-1)?.days).toBe(truth.curve.at(-1)?.days);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the sections', () => {
  it('say what is late and how long it took, in both languages', async () => {
    await give({ unitCode: '00004', notified: 1200, activated: 600, day: '2026-02-02', waited: 2 });
    const backlog = await lateBacklog(opened.db, { now: NOW });
    const waits = await timeToActivate(opened.db, { now: NOW });
    for (const [locale, late, days] of [
      ['vi', '600', '2 ngày'],
      ['en', '600', '2 days'],
    ] as const) {
      const chrome = { t: translator(locale), locale } as Parameters<typeof backlogSection>[0];
      const backlogHtml = String(await backlogSection(chrome, backlogModel(locale, backlog)));
      expect(backlogHtml).toContain(late);
      expect(backlogHtml).toContain(translator(locale)('delays.band_31_90'));
      const waitsHtml = String(await waitsSection(chrome, waitsModel(locale, waits)));
      expect(waitsHtml).toContain(days);
      expect(waitsHtml).toContain(translator(locale)('delays.not_reached'));
      expect(waitsHtml).toContain('50%');
    }
  });
});
