import { type Db, migrate, openDatabase } from '../../src/platform/database.ts';
import { createTestDatabase, FLOW_TEMPLATE, postgresUrl, type TestDatabase } from './services.ts';

/** With TEST_FLOW_STORE=postgres a fresh PostgreSQL database with the whole schema, of the caller's own: what runs on SQLite must hold there too. */
export async function flowDatabase(): Promise<TestDatabase | undefined> {
  if (process.env['TEST_FLOW_STORE'] !== 'postgres') return undefined;
  const server = postgresUrl();
  if (server === undefined) throw new Error('TEST_FLOW_STORE=postgres needs a PostgreSQL server (TEST_DATABASE_URL)');
  return createTestDatabase(server, process.env[FLOW_TEMPLATE]);
}

/** A migrated register of the caller's own: SQLite in `file`, or as `flowDatabase` says. */
export async function openFlowRegister(file = ':memory:'): Promise<{ db: Db; close: () => Promise<void> }> {
  const database = await flowDatabase();
  const db = openDatabase(database === undefined ? { kind: 'sqlite', file } : { kind: 'postgres', url: database.url });
  await migrate(db);
  return {
    db,
    close: async () => {
      await db.destroy();
      await database?.drop();
    },
  };
}
