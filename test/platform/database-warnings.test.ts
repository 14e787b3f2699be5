import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Db, openDatabase } from '../../src/platform/database.ts';
import { createTestDatabase, postgresUrl } from '../support/services.ts';

const server = postgresUrl();

describe('What the library of the database says by itself', () => {
  const told: string[] = [];
  beforeEach(() => {
    told.length = 0;
  });

  it('goes to whoever opened it, on one line and without what is thrown as well', async () => {
    const db = openDatabase({ kind: 'sqlite', file: ':memory:' }, (warning) => told.push(warning));
    const { logger } = db.client as { logger: Record<'warn' | 'error', (message: string) => void> };
    logger.warn('Connection Error: it ended\n    at some line');
    logger.error('another');
    logger.warn("migration failed with error: insert into `persons` values ('An')");
    logger.warn('Acquire connection error: refused');
    await db.destroy();
    expect(told).toEqual(['Connection Error: it ended', 'another']);
  });

  describe.skipIf(server === undefined)('PostgreSQL', () => {
    const close: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const one of close.splice(0).toReversed()) await one();
    });

    it('tells of a connection that the server has ended', async () => {
      const database = await createTestDatabase(server as string);
      close.push(() => database.drop());
      const open = (tell: (warning: string) => void): Db => {
        const db = openDatabase({ kind: 'postgres', url: database.url, poolSize: 1 }, tell);
        close.push(() => db.destroy());
        return db;
      };
      const db = open((warning) => told.push(warning));
      const other = open(() => undefined);
      const backend = async (): Promise<number> => (await db.raw('select pg_backend_pid() as id')).rows[0].id;
      const ended = await backend();
      await other.raw('select pg_terminate_backend(?)', [ended]);
      // A statement on a connection that has just ended may fail; the next one has another.
      while ((await backend().catch(() => ended)) === ended);
      expect(told[0]).toMatch(/^Connection Error: /);
    });
  });
});
