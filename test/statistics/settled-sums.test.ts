import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { type Db, openDatabase } from '../../src/platform/database.ts';
import { activationRates } from '../../src/statistics/activation-rates.ts';
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
});
