import { describe, expect, it } from 'vitest';
import { migrations } from '../../migrations/index.ts';
import {
  type DatabaseTarget,
  type Db,
  inTransaction,
  isUniqueViolation,
  migrate,
  openDatabase,
  pendingMigrations,
} from '../../src/platform/database.ts';
import { createTestDatabase, postgresUrl } from '../support/services.ts';

type Opened = { db: Db; close: () => Promise<void> };
const onSqlite = (): Promise<Opened> => {
  const db = openDatabase({ kind: 'sqlite', file: ':memory:' });
  return Promise.resolve({ db, close: () => db.destroy() });
};
const onPostgres = async (): Promise<Opened> => {
  const database = await createTestDatabase(postgresUrl() ?? '');
  const target: DatabaseTarget = { kind: 'postgres', url: database.url };
  const db = openDatabase(target);
  return {
    db,
    close: async () => {
      await db.destroy();
      await database.drop();
    },
  };
};

describe.each([
  { name: 'SQLite', open: onSqlite, isPresent: true },
  { name: 'PostgreSQL', open: onPostgres, isPresent: postgresUrl() !== undefined },
])('migrations on $name', ({ open, isPresent }) => {
  it.skipIf(!isPresent)('build the schema, say what waits, and can be taken back', async () => {
    const { db, close } = await open();
    try {
      expect(await pendingMigrations(db)).toEqual(Object.keys(migrations));
      expect(await migrate(db)).toEqual(Object.keys(migrations));
      expect(await migrate(db)).toEqual([]);
      for (const migration of Object.values(migrations).toReversed()) await (await migration()).down(db);
    } finally {
      await close();
    }
  });

  it.skipIf(!isPresent)('give numbers back as numbers and keep one open ground of a kind', async () => {
    const { db, close } = await open();
    try {
      await migrate(db);
      const at = Date.UTC(2026, 10, 22);
      await db('persons').insert({
        id: 'p',
        kind: 'citizen',
        citizen_id_sealed: 'x',
        citizen_id_index: 'x',
        full_name: 'x',
        birth_on: '2000-01-01',
        gender: 'female',
        nationality: 'VNM',
        card_status: 'none',
        created_at: at,
        updated_at: at,
      });
      await db('accounts').insert({
        id: 'a',
        person_id: 'p',
        public_subject: 's',
        status: 'active',
        created_at: at,
        updated_at: at,
      });
      const ground = { account_id: 'a', ground: 'death', reason: 'x', requested_by: 'x', opened_at: at };
      await db('lock_grounds').insert({ id: '1', ...ground, closed_at: at });
      await db('lock_grounds').insert({ id: '2', ...ground });
      const again = inTransaction(db, async (tx) => {
        await tx('lock_grounds').insert({ id: '3', ...ground });
      });
      expect(isUniqueViolation(await again.catch((error: unknown) => error))).toBe(true);
      expect(await db('lock_grounds').where({ id: '1' }).first()).toMatchObject({ opened_at: at, closed_at: at });
      expect(await db('lock_grounds').sum({ total: 'opened_at' }).first()).toEqual({ total: 2 * at });
    } finally {
      await close();
    }
  });
});
