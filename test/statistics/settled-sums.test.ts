import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCounters, foldCounters } from '../../src/accounts/activation-event-store.ts';
import { type Db, openDatabase } from '../../src/platform/database.ts';
import { activationRates } from '../../src/statistics/figures/activation-rates.ts';
import { activationTrend, type TrendRange } from '../../src/statistics/figures/activation-trend.ts';
import { warmStatistics } from '../../src/statistics/warm-statistics.ts';
import { postgresUrl } from '../support/services.ts';
import { openStatisticsDb, recordCohort, type StatisticsDb } from './statistics-db.ts';

const NOW = new Date('2026-06-20T03:00:00Z');
const LONG_AGO = new Date('2025-11-03T03:00:00Z');

async function notified(db: Db, asOfDay?: string, knownOnDay?: string): Promise<number> {
  const { whole } = await activationRates(db, { now: NOW, asOfDay, knownOnDay });
  const figure = whole.activation_of_granted;
  return figure.kind === 'shown' ? figure.denominator : -1;
}

describe.each([
  { name: 'SQLite', url: undefined, isPresent: true },
  { name: 'PostgreSQL', url: postgresUrl(), isPresent: postgresUrl() !== undefined },
])('sums of days that are over, kept in memory ($name)', ({ url, isPresent }) => {
  let opened: StatisticsDb;
  beforeEach(async (context) => {
    if (!isPresent) context.skip();
    opened = await openStatisticsDb(url);
  });
  afterEach(() => opened.close());

  it('hold while nothing is learned about them, and are read anew when something is', async () => {
    const { db } = opened;
    await recordCohort(db, { notified: 20, activated: 10, notifiedAt: LONG_AGO });
    expect(await notified(db)).toBe(20);
    expect(await notified(db)).toBe(20);
    // Today's are not among them.
    await recordCohort(db, { unitCode: '00070', notified: 3, activated: 0, notifiedAt: NOW });
    expect(await notified(db)).toBe(23);
    expect(await notified(db, '2025-12-31')).toBe(20);
    // A late arrival of that day.
    await recordCohort(db, { unitCode: '00004', notified: 5, activated: 5, notifiedAt: LONG_AGO });
    expect(await notified(db)).toBe(28);
    expect(await notified(db, '2025-12-31')).toBe(25);
    expect(await notified(db, '2025-10-31')).toBe(0);
  });

  it('are those of the day, near either end of a month', async () => {
    const { db } = opened;
    const days = ['2025-10-31', '2025-11-01', '2025-11-16', '2025-11-17', '2025-11-29', '2025-11-30', '2025-12-01'];
    for (const [index, day] of days.entries())
      await recordCohort(db, { notified: 2 ** index, activated: 1, notifiedAt: new Date(`${day}T03:00:00Z`) });
    const counted = await Promise.all(
      [
        '2025-10-31',
        '2025-11-01',
        '2025-11-15',
        '2025-11-16',
        '2025-11-17',
        '2025-11-29',
        '2025-11-30',
        '2025-12-01',
      ].map((day) => notified(db, day)),
    );
    expect(counted).toEqual([1, 3, 3, 7, 15, 31, 63, 127]);
  });

  it('are read anew after a repair', async () => {
    const { db } = opened;
    await recordCohort(db, { notified: 20, activated: 10, notifiedAt: LONG_AGO });
    await checkCounters(db, { repair: false });
    await db('activation_month_counters').where({ measure: 'notified' }).update({ total: 7 });
    expect(await notified(db)).toBe(7);
    expect(await notified(db)).toBe(7);
    expect((await checkCounters(db, { repair: true })).length).toBeGreaterThan(0);
    expect(await notified(db)).toBe(20);
  });
});

describe('days that are over, kept in memory', () => {
  const trend = async (db: Db, asOfDay: string, range: TrendRange = '30d') =>
    (await activationTrend(db, { now: NOW, asOfDay, range })).map(({ day, figure }) => {
      return [day, figure.kind === 'shown' ? figure.denominator : 0];
    });
  const on = (day: string): Date => new Date(`${day}T03:00:00Z`);

  it('are shared by trends of any length and any last day', async () => {
    const { db, close } = await openStatisticsDb();
    try {
      await recordCohort(db, { notified: 20, activated: 10, notifiedAt: on('2025-11-03') });
      await recordCohort(db, { notified: 7, activated: 2, notifiedAt: on('2026-01-31') });
      const year = new Map((await trend(db, '2026-02-20', 'year')) as [string, number][]);
      expect([year.get('2025-11-02'), year.get('2025-11-03'), year.get('2026-02-20')]).toEqual([0, 20, 27]);
      for (const day of ['2025-11-03', '2025-11-30', '2026-01-31', '2026-02-01', '2026-02-20'])
        expect((await trend(db, day, 'quarter')).at(-1)).toEqual([day, year.get(day)]);
      expect(await trend(db, '2026-02-20')).toEqual((await trend(db, '2026-02-20', 'year')).slice(-30));
    } finally {
      await close();
    }
  });

  it('are read anew in the month of which something is learned', async () => {
    const { db, close } = await openStatisticsDb();
    try {
      await recordCohort(db, { notified: 20, activated: 10, notifiedAt: on('2025-11-03') });
      await recordCohort(db, { notified: 4, activated: 1, notifiedAt: on('2026-01-10') });
      const before = await trend(db, '2026-02-20', 'year');
      await recordCohort(db, { unitCode: '00004', notified: 5, activated: 5, notifiedAt: on('2025-12-31') });
      await foldCounters(db);
      const after = await trend(db, '2026-02-20', 'year');
      expect(after).toEqual(before.map(([day = '', count]) => [day, Number(count) + (day >= '2025-12-31' ? 5 : 0)]));
      await recordCohort(db, { unitCode: '00008', notified: 1, activated: 1, notifiedAt: on('2026-02-20') });
      expect((await trend(db, '2026-02-20')).at(-1)).toEqual(['2026-02-20', 30]);
    } finally {
      await close();
    }
  });
});

describe('sums kept in memory', () => {
  it('hear of what another process learned', async () => {
    const opened = await openStatisticsDb();
    const files = (await opened.db.raw('pragma database_list')) as { file: string }[];
    const other = openDatabase({ kind: 'sqlite', file: join(files[0]?.file ?? '') });
    try {
      await recordCohort(opened.db, { notified: 20, activated: 10, notifiedAt: LONG_AGO });
      expect(await notified(opened.db)).toBe(20);
      await recordCohort(other, { unitCode: '00004', notified: 5, activated: 5, notifiedAt: LONG_AGO });
      expect(await notified(opened.db)).toBe(25);
    } finally {
      await other.destroy();
      await opened.close();
    }
  });

  it('are read before anybody asks, and say the same', async () => {
    const { db, close } = await openStatisticsDb();
    try {
      await recordCohort(db, { notified: 20, activated: 10, notifiedAt: LONG_AGO });
      const cold = await activationRates(db, { now: NOW, viewer: { kind: 'public' } });
      await recordCohort(db, { unitCode: '00004', notified: 30, activated: 15, notifiedAt: LONG_AGO });
      await warmStatistics({ db, clock: () => NOW, listClients: () => Promise.resolve([]) });
      const warm = await activationRates(db, { now: NOW, viewer: { kind: 'public' } });
      expect(cold.whole.activation_of_granted).toMatchObject({ numerator: 10, denominator: 20 });
      expect(warm.whole.activation_of_granted).toMatchObject({ numerator: 25, denominator: 50 });
      expect(await notified(db)).toBe(50);
    } finally {
      await close();
    }
  });
});
