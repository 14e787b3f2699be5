import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeTries } from '../../src/accounts/throttle-store.ts';
import { THROTTLE_POLICY } from '../../src/domain/throttle.ts';
import { type Db, migrate, openDatabase } from '../../src/platform/database.ts';
import { createTestDatabase, postgresUrl, type TestDatabase } from '../support/services.ts';

describe.skipIf(postgresUrl() === undefined)(
  'limits that are taken together, on PostgreSQL',
  { timeout: 60_000 },
  () => {
    let database: TestDatabase;
    let db: Db;
    beforeAll(async () => {
      database = await createTestDatabase(postgresUrl() as string);
      db = openDatabase({ kind: 'postgres', url: database.url });
      await migrate(db);
    }, 60_000);
    afterAll(async () => {
      await db.destroy();
      await database.drop();
    });

    it('are locked in one order, used up or not: nobody waits for a deadlock to be found', async () => {
      const now = new Date('2026-03-02T03:00:00Z');
      const many = { ...THROTTLE_POLICY, tries: 100_000 };
      const [address, id] = [
        { key: 'an address', policy: many },
        { key: 'an id', policy: many },
      ];
      const usedUp = [address, id, { key: 'a phone', policy: THROTTLE_POLICY }];
      const open = [address, id, { key: 'another phone', policy: many }];
      const deadlocks = async (): Promise<number> => {
        await db.raw('select pg_stat_clear_snapshot()');
        const { rows } = (await db.raw(
          'select deadlocks from pg_stat_database where datname = current_database()',
        )) as {
          rows: { deadlocks: string }[];
        };
        return Number(rows[0]?.deadlocks);
      };
      const waits: number[] = [];
      for (let round = 0; round < 10; round += 1)
        await Promise.all(
          Array.from({ length: 30 }, async (_, at) => {
            if (at % 2 === 0) await takeTries(db, open, now);
            else waits.push(await takeTries(db, usedUp, now));
          }),
        );
      expect(waits.filter((seconds) => seconds === 0)).toHaveLength(THROTTLE_POLICY.tries);
      await db.raw('select pg_stat_force_next_flush()');
      expect(await deadlocks()).toBe(0);
    });
  },
);
