import { afterAll, beforeAll, expect, it } from 'vitest';
import { addDays, startOfVietNamDay } from '../../src/domain/viet-nam-time.ts';
import { targetProgress } from '../../src/statistics/figures/target-progress.ts';
import { insertDenominators } from '../../src/statistics/stores/denominator-store.ts';
import { openStatisticsDb, recordCohort, type StatisticsDb } from './statistics-db.ts';

const NOW = new Date('2026-03-16T03:00:00Z');
const LAST = '2026-03-15';

let opened: StatisticsDb;
beforeAll(async () => {
  opened = await openStatisticsDb();
});
afterAll(() => opened.close());

it('tells what is missing, the pace, and where eight weeks like the last would lead', async () => {
  const on = (day: string) => startOfVietNamDay(day);
  await recordCohort(opened.db, { notified: 100, activated: 100, notifiedAt: on('2025-12-01') });
  for (let week = 0; week < 8; week += 1)
    await recordCohort(opened.db, { notified: 14, activated: 14, notifiedAt: on(addDays(LAST, -7 * week)) });
  const query = { now: NOW, asOfDay: LAST, dueOn: '2026-03-29' };
  expect(await targetProgress(opened.db, query)).toMatchObject({
    figure: { kind: 'no_basis', numerator: 212 },
    target: undefined,
    pace: undefined,
    forecast: { kind: 'forecast', expected: 240, low: 240, high: 240 },
  });
  const base = { basis: 'assigned_target', unitCode: '01', asOfOn: '2026-01-01', ageMin: 15, source: 'test' } as const;
  await insertDenominators(opened.db, [{ ...base, quantity: 300, version: 1, recordedAt: on('2026-01-01') }]);
  expect(await targetProgress(opened.db, query)).toMatchObject({
    daysLeft: 14,
    figure: { kind: 'shown', numerator: 212, denominator: 300 },
    pace: { kind: 'pace', missing: 88, perDay: 7 },
  });
});
