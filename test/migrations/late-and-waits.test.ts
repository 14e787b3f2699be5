import { describe, expect, it } from 'vitest';
import { migrations } from '../../migrations/index.ts';
import { checkCounters, foldCounters } from '../../src/accounts/activation-event-store.ts';
import { completeActivation } from '../../src/accounts/complete-activation.ts';
import { grantLevel, markLateGrants, notifyGrant, reopenGrant } from '../../src/accounts/grant-level.ts';
import { addDays, endOfVietNamDay, startOfVietNamDay } from '../../src/domain/viet-nam-time.ts';
import { type Db, inTransaction } from '../../src/platform/database.ts';
import { openStatisticsDb, peopleApp } from '../statistics/statistics-db.ts';
import { givePerson } from '../support/people.ts';
import { postgresUrl } from '../support/services.ts';

const ACTOR = { kind: 'operator', id: 'test' } as const;
const NOTICE = '2025-06-20';
const { up, down } = await migrations['0009-late-and-waits']();

/** Grants that are activated in time, late in a reopened window, after it and never; by days since the notice. */
const LIVES = [
  { activated: 0 },
  { activated: 7 },
  { reopened: [8], activated: 8 },
  { reopened: [9, 40], activated: 45 },
  { reopened: [30] },
  {},
] as const;

describe.each([
  { store: 'SQLite', url: () => undefined, isMissing: false },
  { store: 'PostgreSQL', url: postgresUrl, isMissing: postgresUrl() === undefined },
])('what was late and how long it took, on $store', ({ url, isMissing }) => {
  it.skipIf(isMissing)('is made of what stood before, as it would have been counted', async () => {
    const opened = await openStatisticsDb(url());
    try {
      const { db } = opened;
      await live(db);
      while ((await foldCounters(db)) > 0);
      const before = await contents(db);
      expect(before.events.map(({ kind }) => kind)).toContain('reopened');
      await down(db);
      await up(db);
      expect(await contents(db)).toEqual(before);
      expect(await checkCounters(db, { repair: false })).toEqual([]);
    } finally {
      await opened.close();
    }
  });
});

async function live(db: Db): Promise<void> {
  const { app, setNow, now } = peopleApp(db);
  setNow(startOfVietNamDay(NOTICE));
  const grants: { accountId: string; grantId: string }[] = [];
  for (const _ of LIVES) {
    const { accountId } = await givePerson(app);
    const grant = await inTransaction(db, async (tx) => {
      const made = await grantLevel(tx, {
        accountId,
        accountLevel: 2,
        unitCode: '00004',
        grantedAt: now(),
        now: now(),
        actor: ACTOR,
      });
      await notifyGrant(tx, app, { grantId: made.id, notifiedAt: now(), now: now() });
      return made;
    });
    grants.push({ accountId, grantId: grant.id });
  }
  for (let age = 0; age <= 50; age += 1) {
    setNow(endOfVietNamDay(addDays(NOTICE, age)));
    await markLateGrants(db, now());
    for (const [index, life] of LIVES.entries()) {
      const grant = grants[index];
      if (grant === undefined) continue;
      if ('reopened' in life && (life.reopened as readonly number[]).includes(age))
        await inTransaction(db, (tx) => reopenGrant(tx, { ...grant, reason: 'test', actor: ACTOR, now: now() }));
      if ('activated' in life && life.activated === age) {
        const fact = { ...grant, at: now(), channel: 'self', actor: ACTOR } as const;
        expect(await inTransaction(db, (tx) => completeActivation(tx, fact))).toBe('activated');
      }
    }
  }
}

async function contents(db: Db) {
  const events = (await db('activation_events')
    .select('kind', 'quantity', 'grant_id', 'unit_code', 'day', 'occurred_at', 'recorded_at', 'notified_on', 'due_on')
    .orderBy(['occurred_at', 'kind', 'grant_id'])) as { kind: string }[];
  const counters = (await db('activation_counters').where('total', '<>', 0)) as object[];
  const months = (await db('activation_month_counters').where('total', '<>', 0)) as object[];
  const waits = (await db('activation_wait_counters').where('total', '<>', 0)) as object[];
  const sorted = (rows: object[]) => rows.map((row) => JSON.stringify(row, Object.keys(row).toSorted())).toSorted();
  return { events, counters: sorted(counters), months: sorted(months), waits: sorted(waits) };
}
