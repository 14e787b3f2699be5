import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import knex, { type Knex } from 'knex';
import { migrations } from '../../migrations/index.ts';
import { tryAgain } from './conflicts.ts';
import { loadPg } from './load-pg.ts';
import { addPostgresRegister } from './postgres-register.ts';
import { keepPreparedStatements } from './prepared-statements.ts';
import { addSqliteRegister, type SqliteConnection } from './sqlite-register.ts';

/** The register's database: the pool, or a transaction. Store functions take it first. */
export type Db = Knex;
export type DatabaseTarget =
  | { kind: 'sqlite'; file: string }
  | { kind: 'postgres'; url: string; poolSize?: number; statementTimeoutMs?: number };

// Our counts and instants fit a double exactly; the driver would hand them over as text.
const NUMBERS = new Set([20, 1700]); // int8, numeric (what sum() of int8 gives)
type TypeParser = (value: string) => unknown;
function typeParsers(): { getTypeParser(oid: number): TypeParser } {
  const { types } = loadPg();
  return {
    getTypeParser(oid) {
      const parser: unknown = types.getTypeParser(oid, 'text');
      return NUMBERS.has(oid) ? Number : (parser as TypeParser);
    },
  };
}

/** Of the library's warnings those that it throws as well: a connection that was refused, a statement of a migration, with its values. */
const THROWN_TOO = /^(Acquire connection error|migration failed with error)/;

/** What the library would write on standard output in its own words, between the lines of the log. */
function logTo(tell: (warning: string) => void) {
  const pass = (message: unknown): void => {
    const [warning = ''] = String(message).split('\n');
    if (!THROWN_TOO.test(warning)) tell(warning);
  };
  return { warn: pass, error: pass, debug: pass };
}

const tellOnStandardError = (warning: string): void => void process.stderr.write(`${warning}\n`);

/** Opens the register's database. SQLite: WAL, one connection, which is the writer queue: whoever holds a transaction is alone.
 *  Inside a transaction touch `tx` only; asking the pool there waits for itself.
 *  @param tell is told what goes wrong beside any request: a connection that the server has ended, a rollback that failed. Without the values of a statement. */
export function openDatabase(target: DatabaseTarget, tell = tellOnStandardError): Db {
  if (target.kind === 'postgres') {
    const { poolSize = 10, statementTimeoutMs = 15_000 } = target;
    const settings = {
      connectionString: target.url,
      statement_timeout: statementTimeoutMs,
      // A server that does not even say that it gave up.
      query_timeout: statementTimeoutMs + 1_000,
      // A process that hangs in the middle of a transaction does not keep its locks for ever.
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      // Statements of one transaction may be sent before the earlier ones are answered.
      pipeline: true,
      types: typeParsers(),
    };
    const db = knex({
      client: 'pg',
      log: logTo(tell),
      connection: settings as Knex.PgConnectionConfig,
      pool: { min: 0, max: poolSize },
      acquireConnectionTimeout: 10_000,
    });
    addPostgresRegister(db, settings);
    return db;
  }
  if (target.file !== ':memory:') mkdirSync(dirname(target.file), { recursive: true, mode: 0o700 });
  let writer: SqliteConnection | undefined;
  const db = knex({
    client: 'better-sqlite3',
    log: logTo(tell),
    connection: { filename: target.file },
    useNullAsDefault: true,
    acquireConnectionTimeout: 30_000,
    pool: {
      min: 1,
      max: 1,
      afterCreate(connection: SqliteConnection, done: (error: Error | null) => void) {
        try {
          for (const pragma of [
            'journal_mode = WAL',
            'synchronous = NORMAL',
            'foreign_keys = ON',
            'busy_timeout = 10000',
            `cache_size = -${PAGE_CACHE_KIB.usual}`,
            'temp_store = MEMORY',
          ])
            connection.pragma(pragma);
          keepPreparedStatements(connection);
          writer = connection;
          if (target.file !== ':memory:') chmodSync(target.file, 0o600);
          done(null);
        } catch (error) {
          done(error as Error);
        }
      },
    },
  });
  addSqliteRegister(db, target.file, () => writer);
  return db;
}

/** Brings the schema up to date. @returns the names of the migrations that ran. */
export async function migrate(db: Db): Promise<string[]> {
  // Without a look first the library writes that it begins and that it has ended.
  if ((await pendingMigrations(db)).length === 0) return [];
  const [, names] = (await db.migrate.latest({ migrationSource })) as [number, string[]];
  return names;
}

/** The names of the migrations that have run, in order. */
export async function listMigrations(db: Db): Promise<string[]> {
  const [done] = (await db.migrate.list({ migrationSource })) as [{ name: string }[], unknown];
  return done.map(({ name }) => name);
}

/** Whether nobody has made a table there. PostgreSQL alone. */
export async function isEmptyDatabase(db: Db): Promise<boolean> {
  const { rows } = (await db.raw("select 1 from pg_tables where schemaname = 'public' limit 1")) as { rows: unknown[] };
  return rows.length === 0;
}

/** Whether migrations wait: the provider refuses to serve on an old schema it did not bring up itself. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const [, pending] = (await db.migrate.list({ migrationSource })) as [unknown, string[]];
  return pending;
}

// An ordered record instead of knex's folder loader, which breaks between .ts and .js names.
const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: () => Promise.resolve(Object.keys(migrations)),
  getMigrationName: (name) => name,
  getMigration: (name) => migrations[name as keyof typeof migrations](),
};

/** Runs `work` in one transaction and again when the database asks for it (serialization failure, deadlock, busy file).
 *  `work` touches nothing but `tx`: no message, no fetch, no other connection; it may run more than once. */
export function inTransaction<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  const once = async (): Promise<T> => {
    let cause: unknown;
    try {
      return await db.transaction((tx) =>
        work(tx).catch((error: unknown) => {
          cause = error;
          throw error;
        }),
      );
    } catch (error) {
      // A full disk, and a connection that is gone, have rolled back already; the query builder's own attempt then fails and hides why.
      throw cause ?? error;
    }
  };
  // Inside a transaction the whole of it runs again, or nothing.
  return db.isTransaction === true ? once() : tryAgain(once);
}

/** First in a transaction: all that is read in it is of one moment, as SQLite's transactions are anyway. Who then writes what another has changed since is
 *  refused, and `inTransaction` runs again. */
export async function seeOneMoment(tx: Db): Promise<void> {
  if (isPostgres(tx)) await tx.raw('set transaction isolation level repeatable read');
}

const PAGES_PER_CHECKPOINT = { usual: 1_000, load: 16_384 };
/** The system has the file's pages in its memory as well: what is not in ours costs microseconds. */
const PAGE_CACHE_KIB = { usual: 16_384, load: 65_536 };

/** For many big transactions in a row: SQLite copies its write-ahead log back once in 64 MB instead of after each of them, and keeps more of the indexes that all of
 *  them change. */
export async function withFewCheckpoints<T>(db: Db, work: () => Promise<T>): Promise<T> {
  if (isPostgres(db)) return work();
  const settle = async (kind: 'usual' | 'load'): Promise<void> => {
    await db.raw(`pragma wal_autocheckpoint = ${PAGES_PER_CHECKPOINT[kind]}`);
    await db.raw(`pragma cache_size = -${PAGE_CACHE_KIB[kind]}`);
  };
  await settle('load');
  try {
    return await work();
  } finally {
    await settle('usual');
  }
}

/** Whether an error says that a unique index refused the row, on either database. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return (
    error.code === '23505' || error.code === 'SQLITE_CONSTRAINT_UNIQUE' || error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
  );
}

/** Whether rows read `for update` must be asked for by name: SQLite has one writer and needs (and knows) no row locks. */
export function isPostgres(db: Db): boolean {
  return (db.client as { config: { client: string } }).config.client === 'pg';
}

/** Connections in use, and those who wait for one. */
export function poolUse(db: Db): { used: number; waiting: number } {
  const { pool } = db.client as { pool: { numUsed(): number; numPendingAcquires(): number } };
  return { used: pool.numUsed(), waiting: pool.numPendingAcquires() };
}

/** @throws when the register's database cannot answer. */
export async function pingDatabase(db: Db): Promise<void> {
  await db.raw('select 1');
}
