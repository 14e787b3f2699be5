import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Geography, unitsOf } from '../../src/domain/place.ts';
import { rebuiltSeries, rebuiltTable } from '../../src/statistics/figures/rebuilt-units.ts';
import { postgresUrl } from '../support/services.ts';
import { openStatisticsDb, recordCohort, type StatisticsDb } from './statistics-db.ts';

const NOW = new Date('2025-12-05T03:00:00Z');
const at = (day: string): Date => new Date(`${day}T02:00:00Z`);
const GEOGRAPHIES: readonly Geography[] = ['hanoi_units_2025', 'hanoi_districts_2023'];

describe.each([
  { store: 'SQLite', url: () => undefined, isMissing: false },
  { store: 'PostgreSQL', url: postgresUrl, isMissing: postgresUrl() === undefined },
])('figures across the change of units, on $store', ({ url, isMissing }) => {
  let opened: StatisticsDb;
  beforeAll(async () => {
    if (isMissing) return;
    opened = await openStatisticsDb(url());
    const { db } = opened;
    for (const [index, unitCode] of ['001', '002', '003', '007', '268'].entries()) {
      const notified = 101 + 7 * index;
      await recordCohort(db, { unitCode, notified, activated: 53 + index, notifiedAt: at('2024-03-05') });
      await recordCohort(db, { unitCode, level: 1, notified: 41, activated: 13, notifiedAt: at('2025-05-05') });
    }
    await recordCohort(db, { unitCode: '00097', notified: 60, activated: 31, notifiedAt: at('2025-08-05') });
    await recordCohort(db, { unitCode: '10015', notified: 20, activated: 20, notifiedAt: at('2025-09-05') });
    await recordCohort(db, { notified: 5, activated: 2, notifiedAt: at('2025-09-05') });
  });
  afterAll(async () => {
    if (!isMissing) await opened.close();
  });

  it.skipIf(isMissing)(
    'are the same sum over either geography, on every day, and nobody activates more than there are',
    async () => {
      for (const asOfDay of ['2024-12-31', '2025-06-30', '2025-07-01', '2025-08-31', '2025-12-04']) {
        const tables = await Promise.all(GEOGRAPHIES.map((of) => rebuiltTable(opened.db, of, { now: NOW, asOfDay })));
        const [units, districts] = tables;
        expect(units?.whole).toEqual(districts?.whole);
        for (const { rows, whole } of tables) {
          for (const name of ['notified', 'activated', 'persons'] as const)
            expect(rows.reduce((sum, { figures }) => sum + figures[name].count, 0)).toBe(whole[name]);
          for (const { figures } of rows) expect(figures.activated.count).toBeLessThanOrEqual(figures.notified.count);
        }
      }
      const level = await rebuiltTable(opened.db, 'hanoi_units_2025', { now: NOW, accountLevel: 2 });
      expect(level.whole).toMatchObject({ notified: 5 * 101 + 70 + 85, activated: 5 * 53 + 10 + 53 });
    },
  );

  it.skipIf(isMissing)('tell what was counted in the unit from what is drawn over', async () => {
    const { rows } = await rebuiltTable(opened.db, 'hanoi_units_2025', { now: NOW });
    const of = (code: string) => rows.find((row) => row.code === code)?.figures.notified;
    const hongHa = of('00097');
    expect(hongHa && hongHa.count - hongHa.drawnOver).toBe(60);
    expect(hongHa?.drawnOver).toBeGreaterThan(0);
    expect(of('')).toEqual({ count: 5, drawnOver: 0 });
    // No ward of these four districts is in Sóc Sơn.
    expect(of('00376')).toEqual({ count: 0, drawnOver: 0 });
  });

  it.skipIf(isMissing)(
    'make a series that ends where the table does and never falls, of a new unit and of an old district',
    async () => {
      for (const code of ['00097', '001', '10015', '268', '00004']) {
        const series = await rebuiltSeries(opened.db, code, { now: NOW });
        if (series === undefined) throw new Error(`no series of ${code}`);
        const { points, geography } = series;
        expect([points[0]?.day, points.at(-1)?.day]).toEqual(['2024-07-31', '2025-11-30']);
        const { rows } = await rebuiltTable(opened.db, geography, { now: NOW, asOfDay: '2025-11-30' });
        expect(points.at(-1)?.figures).toEqual(rows.find((row) => row.code === code)?.figures);
        const counts = points.map(({ figures }) => figures.activated.count);
        expect(counts).toEqual(counts.toSorted((a, b) => a - b));
      }
      const hongHa = await rebuiltSeries(opened.db, '00097', { now: NOW });
      expect(hongHa?.draws.map(({ code }) => code)).toEqual(['001', '002', '003', '007']);
      for (const unknown of ['01', 'x', ''])
        expect(await rebuiltSeries(opened.db, unknown, { now: NOW }), unknown).toBeUndefined();
    },
  );

  it.skipIf(isMissing)('stay what was counted where nothing is drawn over', async () => {
    const before = await rebuiltTable(opened.db, 'hanoi_districts_2023', { now: NOW, asOfDay: '2025-06-30' });
    expect(before.rows.every(({ figures }) => figures.notified.drawnOver === 0)).toBe(true);
    expect(before.rows.filter(({ figures }) => figures.notified.count > 0)).toHaveLength(5);
    expect(before.rows).toHaveLength(unitsOf('hanoi_districts_2023').length);
  });
});
