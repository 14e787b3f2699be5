import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as wholeCounters from '../../migrations/0020-whole-counters.ts';
import { checkCounters, foldCounters } from '../../src/accounts/activation-event-store.ts';
import type { Db } from '../../src/platform/database.ts';
import { activationTrend } from '../../src/statistics/figures/activation-trend.ts';
import { postgresUrl } from '../support/services.ts';
import { openStatisticsDb, recordCohort, type StatisticsDb } from './statistics-db.ts';

const NOW = new Date('2026-03-20T03:00:00Z');
const UNITS = ['00004', '00070', '00166'];

describe.each([
  { store: 'SQLite', url: () => undefined, isMissing: false },
  { store: 'PostgreSQL', url: postgresUrl, isMissing: postgresUrl() === undefined },
])('the days of all units together, on $store', ({ url, isMissing }) => {
  let opened: StatisticsDb;
  beforeAll(async () => {
    if (isMissing) return;
    opened = await openStatisticsDb(url());
    for (const [at, unitCode] of UNITS.entries()) {
      const notifiedAt = new Date(`2026-03-0${at + 1}T03:00:00Z`);
      await recordCohort(opened.db, { unitCode, notified: 40 + at, activated: 20 + at, notifiedAt });
    }
    while ((await foldCounters(opened.db)) > 0);
  });
  afterAll(async () => {
    if (!isMissing) await opened.close();
  });

  it.skipIf(isMissing)('are those of the units added up', async () => {
    const whole = await activationTrend(opened.db, { now: NOW, range: '30d' });
    const units = await Promise.all(
      UNITS.map((unitCode) => activationTrend(opened.db, { now: NOW, range: '30d', unitCode })),
    );
    expect(whole.at(-1)?.figure).toMatchObject({ numerator: 63, denominator: 123 });
    expect(whole.map(countsOf)).toEqual(
      whole.map((_, at) => {
        const counts = units.map((trend) => countsOf(trend[at]));
        return [sum(counts.map(([numerator]) => numerator)), sum(counts.map(([, denominator]) => denominator))];
      }),
    );
  });

  it.skipIf(isMissing)('are found and repaired when they were damaged, and read anew', async () => {
    const before = await activationTrend(opened.db, { now: NOW, range: '30d' });
    await opened.db('activation_whole_counters').where({ measure: 'activated' }).update({ total: 7 });
    await opened.db('activation_whole_counters').where({ measure: 'person_activated' }).delete();
    const found = await checkCounters(opened.db, { repair: true });
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map(({ unit_code }) => unit_code))).toEqual(new Set(['*']));
    expect(await checkCounters(opened.db, { repair: false })).toEqual([]);
    expect(await activationTrend(opened.db, { now: NOW, range: '30d' })).toEqual(before);
  });

  it.skipIf(isMissing)('are made of the counters that an older version has written', async () => {
    const before = await wholeRows(opened.db);
    expect(before.length).toBeGreaterThan(5);
    await wholeCounters.down(opened.db);
    await wholeCounters.up(opened.db);
    expect(await wholeRows(opened.db)).toEqual(before);
    expect(await checkCounters(opened.db, { repair: false })).toEqual([]);
  });
});

function countsOf(point: Awaited<ReturnType<typeof activationTrend>>[number] | undefined): [number, number] {
  const figure = point?.figure;
  return figure?.kind === 'shown' ? [figure.numerator, figure.denominator] : [0, 0];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function wholeRows(db: Db): Promise<unknown[]> {
  return db('activation_whole_counters')
    .select('measure', 'day', 'account_level', 'recorded_on', 'total')
    .whereNot({ total: 0 })
    .orderBy(['measure', 'day', 'account_level', 'recorded_on']);
}
