import { createHash } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import type { Knex } from 'knex';
import { keepPreparedStatements } from './prepared-statements.ts';

type Value = string | number | null;
/** As in database.ts, which needs this module. */
type Db = Knex;

/** The part of a driver's connection that a read needs; one of the two is there. */
type Connection = {
  prepare?(sql: string): {
    all(values: readonly Value[]): unknown[];
    run(values: readonly Value[]): { changes: number };
  };
  query?(query: Named & { values: readonly Value[] }): Promise<{ rows: unknown[]; rowCount: number | null }>;
};
type Client = { acquireConnection(): Promise<Connection>; releaseConnection(connection: Connection): Promise<void> };

/** Of each SQLite pool: a second connection that only reads. */
const readers = new WeakMap<Db, () => Connection>();

/** Rows of one `select`, `?` for each value. What every request reads goes this way, by a statement that the driver has prepared: the query builder costs some ten
 *  times the look-up itself. Outside a transaction SQLite is asked on a connection for reading alone, which sees all that is committed and waits for nobody. */
export async function readRows<T>(db: Db, sql: string, values: readonly Value[]): Promise<T[]> {
  const reader = readers.get(db);
  if (reader !== undefined) return rowsOf(reader(), sql, values) as T[];
  return (await onConnection(db, (connection) => rowsOf(connection, sql, values))) as T[];
}

/** Runs one `insert`, `update` or `delete`, prepared. @returns how many rows it changed. */
export async function writeRows(db: Db, sql: string, values: readonly Value[]): Promise<number> {
  return onConnection(db, async (connection) => {
    if (connection.prepare !== undefined) return connection.prepare(sql).run(values).changes;
    if (connection.query === undefined) throw new Error(NO_DRIVER);
    return (await connection.query({ ...named(sql), values })).rowCount ?? 0;
  });
}

/** A transaction's own connection, or one of the pool's. */
async function onConnection<T>(db: Db, work: (connection: Connection) => Promise<T> | T): Promise<T> {
  const client = db.client as Client;
  const connection = await client.acquireConnection();
  if (db.isTransaction === true) return work(connection);
  try {
    return await work(connection);
  } finally {
    await client.releaseConnection(connection);
  }
}

const NO_DRIVER = 'a connection of neither driver';

/** The first row of a `select`. */
export async function readRow<T>(db: Db, sql: string, values: readonly Value[]): Promise<T | undefined> {
  const [row] = await readRows<T>(db, sql, values);
  return row;
}

function rowsOf(connection: Connection, sql: string, values: readonly Value[]): unknown[] | Promise<unknown[]> {
  if (connection.prepare !== undefined) return connection.prepare(sql).all(values);
  if (connection.query === undefined) throw new Error(NO_DRIVER);
  return connection.query({ ...named(sql), values }).then(({ rows }) => rows);
}

type Named = { name: string; text: string };
const byText = new Map<string, Named>();

/** PostgreSQL keeps a prepared statement by its name, which says what it is: behind a pooler another process may have prepared it. */
function named(sql: string): Named {
  const known = byText.get(sql);
  if (known !== undefined) return known;
  const [first = '', ...rest] = sql.split('?');
  const text = rest.reduce((made, part, index) => `${made}$${index + 1}${part}`, first);
  const made = { name: createHash('sha256').update(text).digest('hex').slice(0, 32), text };
  byText.set(sql, made);
  return made;
}

/** Opens the file a second time at the first read, and closes it with `db`. */
export function addReader(db: Db, file: string): void {
  let connection: Sqlite.Database | undefined;
  const open = (): Sqlite.Database => {
    const opened = new Sqlite(file, { readonly: true, fileMustExist: true });
    for (const pragma of ['busy_timeout = 10000', 'cache_size = -65536', 'mmap_size = 268435456'])
      opened.pragma(pragma);
    keepPreparedStatements(opened);
    return opened;
  };
  readers.set(db, () => {
    connection ??= open();
    return connection;
  });
  // Before the writer closes: the last connection takes the write-ahead log with it.
  const { pool } = db.client as { pool: { on(event: 'poolDestroyRequest', act: () => void): void } };
  pool.on('poolDestroyRequest', () => {
    readers.delete(db);
    connection?.close();
  });
}
