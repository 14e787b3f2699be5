import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { residentsByAgeAndSex } from '../../src/statistics/figures/residents-by-age-and-sex.ts';
import { openStatisticsDb, recordCohort, type StatisticsDb } from './statistics-db.ts';

const NOW = new Date('2026-03-16T03:00:00Z');
const JANUARY = new Date('2026-01-05T02:00:00Z');

let opened: StatisticsDb;
beforeAll(async () => {
  opened = await openStatisticsDb();
  await recordCohort(opened.db, { unitCode: '00004', notified: 90, activated: 80, signedIn: 40, notifiedAt: JANUARY });
  await recordCohort(opened.db, { unitCode: '00070', level: 1, notified: 60, activated: 60, notifiedAt: JANUARY });
  await recordCohort(opened.db, { unitCode: '00082', notified: 6, activated: 6, notifiedAt: JANUARY });
});
afterAll(() => opened.close());

describe('residents by age band and sex', () => {
  it('add up to the whole, over bands and over sexes', async () => {
    const { whole, rows } = await residentsByAgeAndSex(opened.db, { now: NOW });
    expect(whole).toEqual({ activated: 146, level2: 86, used: 40, usable: 146 });
    const sum = (isOf: (gender: string | undefined) => boolean): number =>
      rows.filter(({ gender }) => isOf(gender)).reduce((total, { counts }) => total + (counts.activated ?? 0), 0);
    expect(sum((gender) => gender === undefined)).toBe(146);
    expect(sum((gender) => gender !== undefined)).toBe(146);
  });

  it('are those of one unit for its token, which sees small counts, and no other unit', async () => {
    const viewer = { kind: 'unit', unitCode: '00082' } as const;
    const own = await residentsByAgeAndSex(opened.db, { now: NOW, viewer, unitCode: '00004' });
    expect(own).toMatchObject({ unitCode: '00082', whole: { activated: 6 } });
  });

  it('are published by month, as a whole, without a cell that tells on few people', async () => {
    const viewer = { kind: 'public' } as const;
    const published = await residentsByAgeAndSex(opened.db, { now: NOW, viewer, unitCode: '00082' });
    expect(published).toMatchObject({ unitCode: undefined, isMonthly: true, moment: { day: '2026-02-28' } });
    // Everybody is usable, and to say so tells on everybody: it is not shown.
    expect(published.whole).toEqual({ activated: 146, level2: 86, used: 40, usable: null });
    // All are of one age: whatever a cell of it told, the whole would tell that nobody is of another.
    for (const { counts } of published.rows)
      expect(counts).toEqual({ activated: null, level2: null, used: null, usable: null });
    await expect(
      residentsByAgeAndSex(opened.db, { now: NOW, viewer, asOfDay: '2026-02-01', knownOnDay: '2026-02-01' }),
    ).rejects.toThrow(TypeError);
  });
});
