import { describe, expect, it } from 'vitest';
import { migrations } from '../../migrations/index.ts';
import { checkResidentCounters, fillResidents } from '../../src/accounts/count-residents.ts';
import { lockAccount, unlockAccount } from '../../src/accounts/lock-account.ts';
import { listResidentTotals, readResidentProgress } from '../../src/accounts/resident-counter-store.ts';
import { type Db, inTransaction } from '../../src/platform/database.ts';
import { freezeSnapshot } from '../../src/statistics/figures/freeze-snapshot.ts';
import { DEFINITIONS_VERSION, listSnapshots } from '../../src/statistics/stores/snapshot-store.ts';
import { openStatisticsDb, peopleApp, recordCohort } from '../statistics/statistics-db.ts';
import { postgresUrl } from '../support/services.ts';

const ACTOR = { kind: 'operator', id: 'test' } as const;
const NOTICE = new Date('2026-02-10T03:00:00Z');

describe.each([
  { store: 'SQLite', url: () => undefined, isMissing: false },
  { store: 'PostgreSQL', url: postgresUrl, isMissing: postgresUrl() === undefined },
])('an older database, on $store', ({ url, isMissing }) => {
  it.skipIf(isMissing)('has its people counted where they live, without the locked and the dead', async () => {
    const opened = await openStatisticsDb(url());
    try {
      const { db } = opened;
      await recordCohort(db, { unitCode: '00004', notified: 9, activated: 8, signedIn: 3, notifiedAt: NOTICE });
      await recordCohort(db, { unitCode: '00070', level: 1, notified: 5, activated: 5, notifiedAt: NOTICE });
      await lockSome(db);
      const before = await totals(db);
      expect(before).toEqual([
        '00004 female activated 4 level2 4 used 2 usable 3',
        '00004 male activated 3 level2 3 used 0 usable 3',
        '00070 female activated 3 level2 0 used 0 usable 3',
        '00070 male activated 2 level2 0 used 0 usable 2',
      ]);

      await (await migrations['0019-appended-rows']()).down(db);
      await (await migrations['0014-scattered-keys']()).down(db);
      await (await migrations['0010-residents']()).down(db);
      await (await migrations['0010-residents']()).up(db);
      await (await migrations['0014-scattered-keys']()).up(db);
      await (await migrations['0019-appended-rows']()).up(db);
      expect(await totals(db)).toEqual([]);
      expect(await readResidentProgress(db)).toMatchObject({ filledTo: '' });
      expect(await fillResidents(db)).toBe(13);
      expect(await totals(db)).toEqual(before);
      expect(await checkResidentCounters(db, { repair: false })).toEqual([]);
    } finally {
      await opened.close();
    }
  });

  it.skipIf(isMissing)('keeps its snapshots under the definitions they were frozen by', async () => {
    const opened = await openStatisticsDb(url());
    try {
      const { db } = opened;
      const freeze = (asOfOn: string) =>
        freezeSnapshot(
          { db, clock: () => new Date('2026-03-04T03:00:00Z') },
          { asOfOn, knownOn: asOfOn, actor: ACTOR },
        );
      await (await migrations['0016-snapshot-definitions']()).down(db);
      await db('statistics_snapshots').insert({
        id: 'old',
        as_of_on: '2026-03-01',
        known_on: '2026-03-01',
        geography: 'hanoi_units_2025',
        frozen_at: NOTICE.getTime(),
      });
      await (await migrations['0016-snapshot-definitions']()).up(db);
      await freeze('2026-03-02');
      expect((await listSnapshots(db, 10)).map(({ definitionsVersion }) => definitionsVersion)).toEqual([
        DEFINITIONS_VERSION,
        1,
      ]);
      // There is one of two days: the old one is not counted again by the new rule.
      expect(await freeze('2026-03-01')).toMatchObject({ kind: 'was_frozen', snapshot: { definitionsVersion: 1 } });
    } finally {
      await opened.close();
    }
  });
});

/** In 00004 one woman who asked for it and one man who died, and another who did not. */
async function lockSome(db: Db): Promise<void> {
  const { app } = peopleApp(db);
  const ids = (await db('persons').where({ residence_unit_code: '00004' }).orderBy('id').select('id', 'gender')) as {
    id: string;
    gender: string;
  }[];
  const [woman] = ids.filter(({ gender }) => gender === 'female');
  const [dead, alive] = ids.filter(({ gender }) => gender === 'male');
  if (woman === undefined || dead === undefined || alive === undefined) throw new Error('nobody is there');
  const now = new Date('2026-03-02T03:00:00Z');
  const base = { reason: 'test', actor: ACTOR, requestedBy: 'test', now };
  for (const [accountId, ground] of [
    [woman.id, 'holder_request'],
    [dead.id, 'death'],
    [alive.id, 'death'],
  ] as const)
    await inTransaction(db, (tx) => lockAccount(tx, app, { ...base, accountId, ground }));
  await inTransaction(db, (tx) => unlockAccount(tx, app, { ...base, accountId: alive.id, ground: 'death' }));
}

async function totals(db: Db): Promise<string[]> {
  const sums = new Map<string, Record<string, number>>();
  for (const { unitCode, gender, ageFrom: _, ...counts } of await listResidentTotals(db, { day: '2026-12-31' })) {
    const known = sums.get(`${unitCode} ${gender}`) ?? {};
    for (const [measure, count] of Object.entries(counts)) known[measure] = (known[measure] ?? 0) + count;
    sums.set(`${unitCode} ${gender}`, known);
  }
  return [...sums]
    .map(([key, counts]) => [key, ...Object.entries(counts).map(([measure, count]) => `${measure} ${count}`)].join(' '))
    .toSorted();
}
