import { type Db, inTransaction, isPostgres } from './database.ts';
import { newScatteredId } from './ids.ts';
import { readRow, readRows, type Statements, send, writeRows } from './prepared-queries.ts';

/** A row as its table names the columns. */
type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;

export type OnConflict = {
  /** The columns of the unique index that may refuse a row. */
  columns: readonly string[];
  /** What then happens to the row that stands: these columns take the new value, or what the expression says (`excluded` is the new row). */
  update: Readonly<Record<string, string>> | readonly string[];
};

/** Inserts many rows of one shape in the caller's transaction (or one of its own), many to a statement. Several times as fast as the query builder, which compiles each
 *  statement anew. `onConflict` makes it an upsert. Table and column names come from our own code alone. */
export async function insertRows(tx: Db, table: string, rows: readonly Row[], onConflict?: OnConflict): Promise<void> {
  const first = rows[0];
  if (first === undefined) return;
  const columns = Object.keys(first);
  const into = `insert into ${table} (${columns.join(', ')})`;
  const tail = onConflict === undefined ? '' : conflictClause(onConflict);
  if (isPostgres(tx)) {
    // One parameter, whatever the number of rows; the table itself says what type each column has.
    const from = `select ${columns.join(', ')} from json_populate_recordset(null::${table}, ?::json)`;
    for (let at = 0; at < rows.length; at += ROWS_PER_JSON)
      await writeRows(tx, `${into} ${from}${tail}`, [JSON.stringify(rows.slice(at, at + ROWS_PER_JSON))]);
    return;
  }
  if (tx.isTransaction !== true) return inTransaction(tx, (inner) => insertRows(inner, table, rows, onConflict));
  const connection = await sqliteConnection(tx);
  const statementFor = (count: number): Statement => prepared(connection, `${into} ${tuples(columns, count)}${tail}`);
  const rest = rows.length % ROWS_PER_STATEMENT;
  if (rows.length > rest) {
    const statement = statementFor(ROWS_PER_STATEMENT);
    const values = Array.from<Value>({ length: ROWS_PER_STATEMENT * columns.length });
    for (let from = 0; from < rows.length - rest; from += ROWS_PER_STATEMENT)
      statement.run(fillValues(values, columns, { rows, from }));
  }
  if (rest > 0) {
    const values = Array.from<Value>({ length: rest * columns.length });
    statementFor(rest).run(fillValues(values, columns, { rows, from: rows.length - rest }));
  }
}

/** Rows of `table` whose `column` is one of `keys`, any number of keys, by the column's index. On PostgreSQL `isForChange` locks them until the transaction
 *  ends; SQLite has one writer, and refuses a transaction that read before another wrote. */
export async function listRowsIn<T>(
  tx: Db,
  { table, column }: { table: string; column: string },
  keys: readonly string[],
  options: { isForChange?: boolean } = {},
): Promise<T[]> {
  if (keys.length === 0) return [];
  const select = `select * from ${table} where ${column}`;
  if (isPostgres(tx)) {
    const lock = options.isForChange === true ? ' for update' : '';
    const answer = (await tx.raw(`${select} = any(?::text[])${lock}`, [[...keys]])) as { rows: T[] };
    return answer.rows;
  }
  const connection = await sqliteConnection(tx);
  return prepared(connection, `${select} in (select value from json_each(?))`).all([JSON.stringify(keys)]) as T[];
}

/** Without waiting for anybody. */
export async function hasRows(db: Db, table: string): Promise<boolean> {
  return (await readRow(db, `select 1 as found from ${table} limit 1`, [])) !== undefined;
}

/** A key for a row that is appended by all and soon taken away again: on PostgreSQL, which may be spread over machines, without any order; in a file null, for which
 *  SQLite puts the next number, so that a transaction's rows lie on one page and need no index. */
export function newAppendedId(db: Db): string | null {
  return isPostgres(db) ? newScatteredId() : null;
}

/** A table to which few rows at a time are written, always these columns. */
export type Appended = { readonly table: string; readonly columns: readonly string[] };

/** As `insertRows`, of few rows and within a short transaction. */
export function* rowsAppended(db: Db, to: Appended, rows: readonly Row[]): Statements<void> {
  if (rows.length === 0) return;
  if (isPostgres(db)) return yield* send(appendText(to, 0), [JSON.stringify(rows)]);
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
    const count = Math.min(ROWS_PER_STATEMENT, rows.length - from);
    const values = Array.from<Value>({ length: count * to.columns.length });
    yield* send(appendText(to, count), fillValues(values, to.columns, { rows, from }));
  }
}

const APPEND_TEXTS = new WeakMap<Appended, string[]>();

/** @param count how many rows; 0 for any number of them as JSON. */
function appendText(to: Appended, count: number): string {
  let texts = APPEND_TEXTS.get(to);
  if (texts === undefined) {
    texts = [];
    APPEND_TEXTS.set(to, texts);
  }
  texts[count] ??= madeText(to, count);
  return texts[count];
}

function madeText({ table, columns }: Appended, count: number): string {
  const into = `insert into ${table} (${columns.join(', ')})`;
  if (count === 0) return `${into} select ${columns.join(', ')} from json_populate_recordset(null::${table}, ?::json)`;
  return `${into} ${tuples(columns, count)}`;
}

function tuples(columns: readonly string[], count: number): string {
  const row = `(${columns.map(() => '?').join(', ')})`;
  return `values ${Array(count).fill(row).join(', ')}`;
}

/** Takes away at most `limit` rows of a table to which everybody appends, its key `id`. Several may take at once, and none gets what another one has, or has yet to commit.
 *  @returns these columns of them, in no order. */
export async function takeRows<T>(
  tx: Db,
  { table, columns }: { table: string; columns: readonly string[] },
  limit: number,
): Promise<T[]> {
  const lock = isPostgres(tx) ? ' for update skip locked' : '';
  const sql = `delete from ${table} where id in (select id from ${table} limit ${limit}${lock}) returning ${columns.join(', ')}`;
  return readRows(tx, sql, []);
}

const ROWS_PER_JSON = 5_000;
/** More to a statement bring nothing: binding the values is then all of the cost. It is prepared for each number of rows up to this one, so that what one person's step
 *  writes to a table goes in one, too. */
const ROWS_PER_STATEMENT = 10;

function conflictClause({ columns, update }: OnConflict): string {
  const sets = Array.isArray(update)
    ? (update as readonly string[]).map((column) => `${column} = excluded.${column}`)
    : Object.entries(update).map(([column, expression]) => `${column} = ${expression}`);
  return ` on conflict (${columns.join(', ')}) do update set ${sets.join(', ')}`;
}

/** As many rows as `values` has room for. One array serves every statement of a call: the driver has read it when `run` returns. */
function fillValues(
  values: Value[],
  columns: readonly string[],
  { rows, from }: { rows: readonly Row[]; from: number },
): Value[] {
  let place = 0;
  for (let at = from; place < values.length; at += 1) {
    const row = rows[at] as Row;
    for (const column of columns) {
      values[place] = row[column] ?? null;
      place += 1;
    }
  }
  return values;
}

type Statement = { run(values: unknown[]): unknown; all(values: unknown[]): unknown[] };
type SqliteConnection = { prepare(sql: string): Statement };

/** The driver's own connection under a knex transaction: inside one, knex hands out no other. */
function sqliteConnection(tx: Db): Promise<SqliteConnection> {
  if (tx.isTransaction !== true) throw new Error('rows in bulk are read inside a transaction');
  return (tx.client as { acquireConnection(): Promise<SqliteConnection> }).acquireConnection();
}

const STATEMENTS = new WeakMap<SqliteConnection, Map<string, Statement>>();

function prepared(connection: SqliteConnection, sql: string): Statement {
  let statements = STATEMENTS.get(connection);
  if (statements === undefined) {
    statements = new Map();
    STATEMENTS.set(connection, statements);
  }
  let statement = statements.get(sql);
  if (statement === undefined) {
    statement = connection.prepare(sql);
    statements.set(sql, statement);
  }
  return statement;
}
