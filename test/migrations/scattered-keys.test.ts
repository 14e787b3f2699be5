import { expect, it } from 'vitest';
import * as scatteredKeys from '../../migrations/0014-scattered-keys.ts';
import * as appendedRows from '../../migrations/0019-appended-rows.ts';
import { checkCounters, foldCounters } from '../../src/accounts/activation-event-store.ts';
import { checkResidentCounters } from '../../src/accounts/count-residents.ts';
import { foldResidentCounters, readResidentProgress } from '../../src/accounts/resident-counter-store.ts';
import { checkRpCounters, listRpMonths, recordRpUse } from '../../src/accounts/rp-use-store.ts';
import { openStatisticsDb, recordCohort } from '../statistics/statistics-db.ts';
import { postgresUrl } from '../support/services.ts';

const AT = new Date('2026-03-10T03:00:00Z');
const APPENDED = ['activation_counter_deltas', 'resident_counter_deltas', 'rp_uses'];

it.each([
  { name: 'SQLite', url: undefined, isPresent: true },
  { name: 'PostgreSQL', url: postgresUrl(), isPresent: postgresUrl() !== undefined },
])('0014 and 0019 keep what waits to be folded, there and back, on $name', async ({ url, isPresent }) => {
  if (!isPresent) return;
  const { db, close } = await openStatisticsDb(url);
  try {
    await recordCohort(db, { unitCode: '00004', notified: 3, activated: 2, notifiedAt: AT });
    for (const accountId of ['a', 'a', 'b']) await recordRpUse(db, { clientId: 'ihanoi', accountId, usedAt: AT });
    const waiting = async () =>
      Promise.all(
        APPENDED.map(async (table) => {
          const rows = (await db(table)) as { id: string }[];
          return rows.map(({ id: _id, ...row }) => JSON.stringify(row)).toSorted();
        }),
      );
    const before = await waiting();
    const progress = await readResidentProgress(db);

    await appendedRows.down(db);
    expect(await waiting()).toEqual(before);
    await scatteredKeys.down(db);
    expect(await waiting()).toEqual(before);
    expect(await db('resident_progress')).toHaveLength(1);
    await scatteredKeys.up(db);
    expect(await waiting()).toEqual(before);
    const keys = await Promise.all(APPENDED.map(async (table) => db(table).pluck<string[]>('id')));
    expect(new Set(keys.flat()).size).toBe(before.flat().length);
    const rows = (await db('resident_progress')) as { counted_on: string; filled_to: string }[];
    await appendedRows.up(db);
    expect(await waiting()).toEqual(before);
    expect(rows.map((row) => ({ countedOn: row.counted_on, filledTo: row.filled_to }))).toEqual(
      Array.from({ length: 64 }, () => progress),
    );

    while ((await foldCounters(db)) > 0);
    while ((await foldResidentCounters(db)) > 0);
    expect(await checkRpCounters(db, { repair: false })).toEqual([]);
    expect(await checkCounters(db, { repair: false })).toEqual([]);
    expect(await checkResidentCounters(db, { repair: false })).toEqual([]);
    expect(await listRpMonths(db, '2026-12-31')).toEqual([
      { clientId: 'ihanoi', month: '2026-03', signIns: 3, newSubjects: 2 },
    ]);
    expect(await waiting()).toEqual([[], [], []]);
  } finally {
    await close();
  }
});
