import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  checkRpCounters,
  deleteRpSubjectDaysBefore,
  foldRpUses,
  foldWaitingRpUses,
  listRpMonths,
  type RpMonth,
  type RpUse,
  recordRpUse,
} from '../../src/accounts/rp-use-store.ts';
import type { Db } from '../../src/platform/database.ts';
import { postgresUrl } from '../support/services.ts';
import { openStatisticsDb, type StatisticsDb } from './statistics-db.ts';

const TABLES = ['rp_uses', 'rp_subjects', 'rp_subject_days', 'rp_day_counters'];
const on = (day: string): Date => new Date(`${day}T03:00:00Z`);
const total = async (db: Db) => {
  const months = await listRpMonths(db, '2030-12-31');
  return {
    signIns: months.reduce((sum, one) => sum + one.signIns, 0),
    subjects: months.reduce((sum, one) => sum + one.newSubjects, 0),
  };
};

/** The plain count. */
function monthsOf(uses: readonly RpUse[]): RpMonth[] {
  const months = new Map<string, { clientId: string; month: string; signIns: number; newSubjects: number }>();
  const seen = new Set<string>();
  const inOrder = uses.toSorted((a, b) => a.usedAt.getTime() - b.usedAt.getTime());
  for (const { clientId, accountId, usedAt } of inOrder) {
    const key = `${clientId} ${usedAt.toISOString().slice(0, 7)}`;
    const one = months.get(key) ?? { clientId, month: key.slice(-7), signIns: 0, newSubjects: 0 };
    one.signIns += 1;
    if (!seen.has(`${clientId} ${accountId}`)) one.newSubjects += 1;
    seen.add(`${clientId} ${accountId}`);
    months.set(key, one);
  }
  return [...months.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

describe.each([
  { name: 'SQLite', url: undefined, isPresent: true },
  { name: 'PostgreSQL', url: postgresUrl(), isPresent: postgresUrl() !== undefined },
])('uses of relying parties on $name', ({ url, isPresent }) => {
  let opened: StatisticsDb;
  let db: Db;
  beforeAll(async () => {
    if (!isPresent) return;
    opened = await openStatisticsDb(url);
    ({ db } = opened);
  });
  beforeEach(async () => {
    if (isPresent) for (const table of TABLES) await db(table).delete();
  });
  afterAll(() => opened?.close());

  it.skipIf(!isPresent)('count a person once and each sign-in, before they are folded and after', async () => {
    for (const day of ['2026-03-01', '2026-03-01', '2026-04-02'])
      await recordRpUse(db, { clientId: 'ihanoi', accountId: 'a', usedAt: on(day) });
    await recordRpUse(db, { clientId: 'ihanoi', accountId: 'b', usedAt: on('2026-04-02') });
    const expected = [
      { clientId: 'ihanoi', month: '2026-03', signIns: 2, newSubjects: 1 },
      { clientId: 'ihanoi', month: '2026-04', signIns: 2, newSubjects: 1 },
    ];
    expect(await listRpMonths(db, '2026-04-30')).toEqual(expected);
    expect(await foldRpUses(db, 2)).toBe(2);
    expect(await listRpMonths(db, '2026-04-30')).toEqual(expected);
    while ((await foldRpUses(db)) > 0);
    expect(await listRpMonths(db, '2026-04-30')).toEqual(expected);
    expect(await checkRpCounters(db, { repair: false })).toEqual([]);
  });

  it.skipIf(!isPresent)('count exactly once while two hundred come and several fold at once', async () => {
    const uses = Array.from({ length: 200 }, (_, index) =>
      recordRpUse(db, { clientId: 'ihanoi', accountId: `a${index % 40}`, usedAt: on('2026-03-01') }),
    );
    const folds = Array.from({ length: 8 }, () => foldRpUses(db, 30));
    await Promise.all([...uses, ...folds]);
    expect(await total(db)).toEqual({ signIns: 200, subjects: 40 });
    expect(await checkRpCounters(db, { repair: false })).toEqual([]);
    expect(await total(db)).toEqual({ signIns: 200, subjects: 40 });
  });

  it.skipIf(!isPresent)('are all folded by the timer, however many wait', async () => {
    for (const table of TABLES) await db(table).delete();
    await Promise.all(
      Array.from({ length: 450 }, (_, index) =>
        recordRpUse(db, { clientId: 'ihanoi', accountId: `a${index % 7}`, usedAt: on('2026-03-01') }),
      ),
    );
    await foldWaitingRpUses(db);
    expect(await db('rp_uses').first()).toBeUndefined();
    expect(await total(db)).toEqual({ signIns: 450, subjects: 7 });
    expect(await checkRpCounters(db, { repair: false })).toEqual([]);
  });

  it.skipIf(!isPresent)('equal a recount after any history, in whatever order the days come', async () => {
    const use = fc.record({
      clientId: fc.constantFrom('ihanoi', 'so-suc-khoe'),
      accountId: fc.constantFrom('a', 'b', 'c'),
      usedAt: fc.constantFrom('2026-02-28', '2026-03-01', '2026-03-02').map(on),
    });
    const step = fc.oneof({ weight: 4, arbitrary: use }, { weight: 1, arbitrary: fc.constant('fold' as const) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        for (const table of TABLES) await db(table).delete();
        for (const one of steps) await (one === 'fold' ? foldRpUses(db, 3) : recordRpUse(db, one));
        const uses = steps.filter((one) => one !== 'fold');
        const expected = monthsOf(uses);
        expect(await listRpMonths(db, '2030-12-31')).toEqual(expected);
        expect(await checkRpCounters(db, { repair: false })).toEqual([]);
        expect(await listRpMonths(db, '2030-12-31')).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it.skipIf(!isPresent)('are told apart from a wrong counter, which is repaired', async () => {
    await recordRpUse(db, { clientId: 'ihanoi', accountId: 'a', usedAt: on('2026-03-01') });
    await foldRpUses(db);
    await db('rp_day_counters').update({ sign_ins: 5 });
    const wrong = [{ clientId: 'ihanoi', day: '2026-03-01', measure: 'sign_ins', counted: 5, recounted: 1 }];
    expect(await checkRpCounters(db, { repair: true })).toEqual(wrong);
    expect(await checkRpCounters(db, { repair: false })).toEqual([]);
  });

  it.skipIf(!isPresent)('keep their sums when the use history goes', async () => {
    for (const day of ['2020-01-01', '2026-03-01'])
      await recordRpUse(db, { clientId: 'ihanoi', accountId: 'a', usedAt: on(day) });
    await foldRpUses(db);
    expect(await deleteRpSubjectDaysBefore(db, '2021-01-01', 100)).toBe(1);
    expect(await total(db)).toEqual({ signIns: 2, subjects: 1 });
    expect(await checkRpCounters(db, { repair: false })).toEqual([]);
  });
});
