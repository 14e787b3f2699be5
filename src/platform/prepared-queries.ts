import type { Knex } from 'knex';
import { tryAgain } from './conflicts.ts';
import type { PostgresLanes } from './postgres-lanes.ts';
import { lanesOf } from './postgres-register.ts';
import { type Named, named } from './prepared-names.ts';
import { sqliteOf } from './sqlite-register.ts';
import { type StatementWatch, watchedAtOnce, watchedUntilDone, watchOfNow } from './statement-watch.ts';

export type Value = string | number | null;
/** As in database.ts, which needs this module. */
type Db = Knex;

/** The part of a driver's connection that is needed here; one of the two is there. */
type SqliteConnection = {
  prepare(sql: string): {
    all(values: readonly Value[]): unknown[];
    run(values: readonly Value[]): { changes: number };
  };
};
type Connection = Partial<SqliteConnection> & {
  query?(query: Named & { values: readonly Value[] }): Promise<{ rows: unknown[]; rowCount: number | null }>;
};
type Query = NonNullable<Connection['query']>;
type Client = { acquireConnection(): Promise<Connection>; releaseConnection(connection: Connection): Promise<void> };

/** The same connection, whose statements are looked at if anybody does. */
function seenBy(watch: StatementWatch | undefined, connection: SqliteConnection): SqliteConnection;
function seenBy(watch: StatementWatch | undefined, connection: Connection): Connection;
function seenBy(watch: StatementWatch | undefined, connection: Connection): Connection {
  if (watch === undefined) return connection;
  if (connection.prepare !== undefined) {
    const prepare = (sql: string): ReturnType<SqliteConnection['prepare']> => {
      const prepared = (connection as SqliteConnection).prepare(sql);
      return {
        all: (values) => watchedAtOnce(watch, sql, () => prepared.all(values)),
        run: (values) => watchedAtOnce(watch, sql, () => prepared.run(values)),
      };
    };
    return { prepare };
  }
  return { query: (query) => watchedUntilDone(watch, query.text, () => queryOn(connection, query)) };
}

/** Rows of one `select`, `?` for each value. What every request reads goes this way, by a statement that the driver has prepared: the query builder costs some ten
 *  times the look-up itself. Outside a transaction SQLite is asked at once and shows what is committed. */
export async function readRows<T>(db: Db, sql: string, values: readonly Value[]): Promise<T[]> {
  const reader = sqliteOf(db)?.reader();
  if (reader !== undefined) return seenBy(watchOfNow(), reader).prepare(sql).all(values) as T[];
  const lanes = lanesOf(db);
  if (lanes !== undefined) return (await askLanes(lanes, sql, values)).rows as T[];
  return (await onConnection(db, (connection) => rowsOn(connection, sql, values))) as T[];
}

/** The first row of a `select`. */
export async function readRow<T>(db: Db, sql: string, values: readonly Value[]): Promise<T | undefined> {
  const [row] = await readRows<T>(db, sql, values);
  return row;
}

/** Runs one `insert`, `update` or `delete`, prepared. Outside a transaction SQLite commits it together with others (`runShort`). @returns how many rows it changed. */
export async function writeRows(db: Db, sql: string, values: readonly Value[]): Promise<number> {
  const watch = watchOfNow();
  const sqlite = sqliteOf(db);
  if (sqlite !== undefined)
    return sqlite.write((connection) => seenBy(watch, connection).prepare(sql).run(values).changes);
  const lanes = lanesOf(db);
  if (lanes !== undefined) return (await askLanes(lanes, sql, values)).rowCount ?? 0;
  return onConnection(db, (connection) => changesOn(connection, sql, values));
}

/** A short transaction told as its statements: it is handed what each one gives, and does nothing else meanwhile. May be run more than once. */
export type Statements<T> = Generator<Statement, T, unknown>;
type Single = { kind: 'read' | 'apart' | 'write' | 'send' | 'alone'; sql: string; values: readonly Value[] };
type Statement = Single | { kind: 'both'; parts: readonly [Single, Single] };

export function* read<T>(sql: string, values: readonly Value[]): Statements<T[]> {
  return (yield { kind: 'read', sql, values }) as T[];
}

/** Like `read`, of what no later statement takes for granted: PostgreSQL needs no transaction for that. */
export function* readApart<T>(sql: string, values: readonly Value[]): Statements<T[]> {
  return (yield { kind: 'apart', sql, values }) as T[];
}

/** @returns how many rows it changed. */
export function* write(sql: string, values: readonly Value[]): Statements<number> {
  return (yield { kind: 'write', sql, values }) as number;
}

/** Like `write`, of what is all that is written if it changes a row: PostgreSQL needs no transaction for that. Where it changes none, what else is written may follow. */
export function* writeAlone(sql: string, values: readonly Value[]): Statements<number> {
  return (yield { kind: 'alone', sql, values }) as number;
}

/** Like `write`, where nobody asks how many: PostgreSQL is sent the next statement without waiting for this one's answer. */
export function* send(sql: string, values: readonly Value[]): Statements<void> {
  yield { kind: 'send', sql, values };
}

/** Two of one statement each, neither of which asks what the other gave: PostgreSQL is sent both at once. */
export function* both<A, B>(a: Statements<A>, b: Statements<B>): Statements<[A, B]> {
  const parts = [a.next().value, b.next().value] as [Single, Single];
  const answers = (yield { kind: 'both', parts }) as [unknown, unknown];
  return [a.next(answers[0]).value as A, b.next(answers[1]).value as B];
}

/** Runs a short transaction, in the caller's transaction if `db` is one. On SQLite all those of one turn of the event loop share a commit, for which each waits; on
 *  PostgreSQL it is tried again after a serialization failure or a deadlock. */
export async function runShort<T>(db: Db, statements: () => Statements<T>): Promise<T> {
  const watch = watchOfNow();
  const sqlite = sqliteOf(db);
  if (sqlite !== undefined) return sqlite.write((connection) => runAtOnce(seenBy(watch, connection), statements));
  if (db.isTransaction === true) return onConnection(db, (connection) => runOn(connection, statements));
  return tryAgain(() => onConnection(db, (connection) => runTransaction(connection, statements)));
}

function runAtOnce<T>(connection: SqliteConnection, statements: () => Statements<T>): T {
  const run = statements();
  const runOne = ({ kind, sql, values }: Single): unknown => {
    const prepared = connection.prepare(sql);
    return isRead(kind) ? prepared.all(values) : prepared.run(values).changes;
  };
  for (let answer: unknown; ; ) {
    const step = run.next(answer);
    if (step.done === true) return step.value;
    answer = step.value.kind === 'both' ? step.value.parts.map(runOne) : runOne(step.value);
  }
}

async function runOn<T>(connection: Connection, statements: () => Statements<T>): Promise<T> {
  if (connection.prepare !== undefined) return runAtOnce(connection as SqliteConnection, statements);
  const { result, sent } = await runPipelined(connection, statements);
  await Promise.all(sent);
  return result;
}

/** @param before hears of each statement before it is sent. @returns `sent`: what has not been answered yet. */
async function runPipelined<T>(
  connection: Connection,
  statements: () => Statements<T>,
  before: (statement: Single) => void = () => undefined,
): Promise<{ result: T; sent: Promise<unknown>[] }> {
  const sent: Promise<unknown>[] = [];
  const sendOne = (statement: Single): Promise<unknown> => {
    before(statement);
    const { kind, sql, values } = statement;
    const asked: Promise<unknown> = isRead(kind) ? rowsOn(connection, sql, values) : changesOn(connection, sql, values);
    return handled(asked);
  };
  const answerTo = (statement: Statement): Promise<unknown> =>
    statement.kind === 'both' ? Promise.all(statement.parts.map(sendOne)) : sendOne(statement);
  const run = statements();
  for (let answer: unknown; ; ) {
    const step = run.next(answer);
    if (step.done === true) return { result: step.value, sent };
    if (step.value.kind === 'send') sent.push(sendOne(step.value));
    answer = step.value.kind === 'send' ? undefined : await afterAll(sent, answerTo(step.value));
  }
}

/** After a failure PostgreSQL refuses all that follows (25P02): the first failure is the one that says what happened. */
async function afterAll(sent: readonly Promise<unknown>[], asked: Promise<unknown>): Promise<unknown> {
  try {
    return await asked;
  } catch (error) {
    await Promise.all(sent);
    throw error;
  }
}

/** Begins with the first statement that needs it. Begin and commit go out without a wait of their own: after a failure
 *  PostgreSQL takes nothing more, and makes the commit a roll-back. */
async function runTransaction<T>(connection: Connection, statements: () => Statements<T>): Promise<T> {
  let begun: Promise<unknown> | undefined;
  const beginFor = ({ kind }: Single): void => {
    if (kind === 'alone' || kind === 'apart') return;
    begun ??= handled(rowsOn(connection, 'begin', []));
  };
  try {
    const { result, sent } = await runPipelined(connection, statements, beginFor);
    if (begun !== undefined) await Promise.all([begun, ...sent, rowsOn(connection, 'commit', [])]);
    return result;
  } catch (error) {
    if (begun === undefined) throw error;
    // Where the connection is gone, so is the transaction.
    await handled(rowsOn(connection, 'rollback', [])).catch(() => undefined);
    throw error;
  }
}

const isRead = (kind: Single['kind']): boolean => kind === 'read' || kind === 'apart';

/** Its failure is looked at later. */
function handled<T>(asked: Promise<T>): Promise<T> {
  asked.catch(() => undefined);
  return asked;
}

/** A transaction's own connection, or one of the pool's. */
async function onConnection<T>(db: Db, work: (connection: Connection) => Promise<T> | T): Promise<T> {
  const client = db.client as Client;
  const watch = watchOfNow();
  const connection = await client.acquireConnection();
  if (db.isTransaction === true) return work(seenBy(watch, connection));
  try {
    return await work(seenBy(watch, connection));
  } finally {
    await client.releaseConnection(connection);
  }
}

async function rowsOn(connection: Connection, sql: string, values: readonly Value[]): Promise<unknown[]> {
  if (connection.prepare !== undefined) return connection.prepare(sql).all(values);
  return (await ask(connection, sql, values)).rows;
}

async function changesOn(connection: Connection, sql: string, values: readonly Value[]): Promise<number> {
  if (connection.prepare !== undefined) return connection.prepare(sql).run(values).changes;
  return (await ask(connection, sql, values)).rowCount ?? 0;
}

function ask(connection: Connection, sql: string, values: readonly Value[]): ReturnType<Query> {
  return queryOn(connection, { ...named(sql), values });
}

function queryOn(connection: Connection, query: Parameters<Query>[0]): ReturnType<Query> {
  if (connection.query === undefined) throw new Error('a connection of neither driver');
  return connection.query(query);
}

/** One statement over the shared connections. */
function askLanes(lanes: PostgresLanes, sql: string, values: readonly Value[]): ReturnType<PostgresLanes['query']> {
  const watch = watchOfNow();
  const asked = (): ReturnType<PostgresLanes['query']> => lanes.query({ ...named(sql), values: [...values] });
  return tryAgain(() => (watch === undefined ? asked() : watchedUntilDone(watch, sql, asked)));
}
