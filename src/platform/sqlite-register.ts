import Sqlite from 'better-sqlite3';
import type { Knex } from 'knex';
import { keepPreparedStatements } from './prepared-statements.ts';
import { createCheckpointer, PAGES_OF_A_LATE_CHECKPOINT } from './sqlite-checkpointer.ts';
import { createWriteQueue } from './write-queue.ts';

export type SqliteConnection = Sqlite.Database;
/** As in database.ts, which needs this module. */
type Db = Knex;

/** The register's file beneath the query builder's pool of one connection. */
export type SqliteRegister = {
  /** A connection that shows what is committed, for reading at once: the writer's, whose pages are in its memory, while no transaction is open on it.
   *  Undefined when there is no other, in a database in memory. */
  reader(): SqliteConnection | undefined;
  /** Runs `job`, which is synchronous and may run twice, in a transaction that it shares with others of this turn of the event loop; settles after its commit. */
  write<T>(job: (connection: SqliteConnection) => T): Promise<T>;
  /** To be called before the pool is destroyed, so that nothing is left in the write-ahead log. */
  stopCheckpoints(): Promise<void>;
};

const registers = new WeakMap<Db, SqliteRegister>();

/** Undefined for PostgreSQL, and inside a transaction, whose connection is its own. */
export function sqliteOf(db: Db): SqliteRegister | undefined {
  return registers.get(db);
}

type Pool = { on(event: 'poolDestroyRequest', act: () => void): void };
type Client = {
  pool: Pool;
  acquireConnection(): Promise<SqliteConnection>;
  releaseConnection(connection: SqliteConnection): Promise<void>;
};

/** @param writerOf the pool's connection, undefined before there is one. A `file` on disk is opened a second time, for reading, when that is first needed. */
export function addSqliteRegister(db: Db, file: string, writerOf: () => SqliteConnection | undefined): void {
  const client = db.client as Client;
  const idleWriter = (): SqliteConnection | undefined => {
    const writer = writerOf();
    return writer?.open === true && !writer.inTransaction ? writer : undefined;
  };

  let second: SqliteConnection | undefined;
  const reader = (): SqliteConnection | undefined => {
    if (file === ':memory:' || second !== undefined) return second;
    second = new Sqlite(file, { readonly: true, fileMustExist: true });
    for (const pragma of ['busy_timeout = 10000', 'cache_size = -4096']) second.pragma(pragma);
    keepPreparedStatements(second);
    return second;
  };

  let isHeld = false;
  const hold = async (): Promise<() => void> => {
    const held = await client.acquireConnection();
    isHeld = true;
    return () => {
      isHeld = false;
      // The pool is being destroyed.
      client.releaseConnection(held).catch(() => undefined);
    };
  };
  const checkpointer = file === ':memory:' ? undefined : createCheckpointer(file, hold);
  const transactOn = (writer: SqliteConnection) => (work: () => void) => {
    writer.prepare('begin immediate').run();
    try {
      work();
      writer.prepare('commit').run();
    } catch (error) {
      // A full disk has rolled back by itself.
      if (writer.inTransaction) writer.prepare('rollback').run();
      throw error;
    }
    if (checkpointer?.afterCommit() === 'started') writer.pragma(`wal_autocheckpoint = ${PAGES_OF_A_LATE_CHECKPOINT}`);
  };
  let current: SqliteConnection | undefined;
  const queue = createWriteQueue(
    (work) => transactOn(current as SqliteConnection)(work),
    async (flush) => {
      current = isHeld ? undefined : idleWriter();
      if (current !== undefined) return flush();
      // A transaction of the query builder is open: its turn ends when it gives the connection back.
      const held = await client.acquireConnection();
      try {
        current = held;
        flush();
      } finally {
        await client.releaseConnection(held);
      }
    },
  );

  registers.set(db, {
    reader: () => idleWriter() ?? reader(),
    write: (job) => queue.write(() => job(current as SqliteConnection)),
    stopCheckpoints: async () => checkpointer?.stop(),
  });
  // Before the writer closes: the last connection takes the write-ahead log with it.
  client.pool.on('poolDestroyRequest', () => {
    registers.delete(db);
    second?.close();
  });
}
