import { expect, it } from 'vitest';
import * as leanEvents from '../../migrations/0017-lean-events.ts';
import { checkCounters, listStandingEvents } from '../../src/accounts/activation-event-store.ts';
import { checkResidentCounters } from '../../src/accounts/count-residents.ts';
import { type Db, inTransaction } from '../../src/platform/database.ts';
import { openStatisticsDb, recordCohort } from '../statistics/statistics-db.ts';
import { postgresUrl } from '../support/services.ts';

const NOTICE = new Date('2026-03-02T03:00:00Z');

it.each([
  { name: 'SQLite', url: undefined, isPresent: true },
  { name: 'PostgreSQL', url: postgresUrl(), isPresent: postgresUrl() !== undefined },
])('0017 carries every event over, there and back, on $name', async ({ url, isPresent }) => {
  if (!isPresent) return;
  const { db, close } = await openStatisticsDb(url);
  try {
    await recordCohort(db, { unitCode: '00004', notified: 5, activated: 3, notifiedAt: NOTICE });
    const before = await events(db);
    expect(before.length).toBeGreaterThan(10);

    await leanEvents.down(db);
    expect(await events(db)).toEqual(before);
    // As an older version writes them.
    await recordCohort(db, { unitCode: '00166', notified: 2, activated: 1, notifiedAt: NOTICE });
    const all = await events(db);
    await leanEvents.up(db);
    expect(await events(db)).toEqual(all);

    await recordCohort(db, { unitCode: '00008', notified: 1, activated: 1, notifiedAt: NOTICE });
    const [{ account_id: accountId }] = (await db('activation_events')
      .where({ kind: 'activated' })
      .limit(1)
      .select('account_id')) as [{ account_id: string }];
    const standing = await inTransaction(db, (tx) => listStandingEvents(tx, [accountId], ['activated']));
    expect(standing).toMatchObject([{ accountId, kind: 'activated' }]);
    expect(await checkCounters(db, { repair: false })).toEqual([]);
    expect(await checkResidentCounters(db, { repair: false })).toEqual([]);
  } finally {
    await close();
  }
});

async function events(db: Db): Promise<unknown[]> {
  return db('activation_events').select('*').orderBy('id');
}
