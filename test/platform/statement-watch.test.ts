import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Db, inTransaction, openDatabase } from '../../src/platform/database.ts';
import { read, readRows, runShort, write, writeRows } from '../../src/platform/prepared-queries.ts';
import { watchStatements } from '../../src/platform/statement-watch.ts';
import { createTestDatabase, postgresUrl } from '../support/services.ts';

const FIND = 'select amount from counters where name = ?';
const PUT = 'update counters set amount = ? where name = ?';
const WRONG = 'insert into counters (name, amount) values (?, ?)';

/** What was seen of each request: statements and whether they failed. */
const seen = new Map<string, [sql: string, isFailed: boolean][]>();
const current = new AsyncLocalStorage<string>();
const begun = new Set<() => Promise<void> | void>();
afterEach(async () => {
  for (const end of [...begun].toReversed()) await end();
  begun.clear();
  seen.clear();
});

function watch(): void {
  const stop = watchStatements(() => {
    const request = current.getStore();
    if (request === undefined) return undefined;
    return (sql) => (isFailed) =>
      void seen.set(request, [...(seen.get(request) ?? []), [sql.replaceAll(/\$\d/g, '?'), isFailed]]);
  });
  begun.add(stop);
}

async function withCounters(db: Db): Promise<Db> {
  begun.add(() => db.destroy());
  await db.raw('create table counters (name text primary key, amount bigint not null)');
  await db('counters').insert({ name: 'a', amount: 1 });
  return db;
}

async function onSqlite(): Promise<Db> {
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-watched-'));
  begun.add(() => rmSync(folder, { recursive: true, force: true }));
  return withCounters(openDatabase({ kind: 'sqlite', file: join(folder, 'register.db') }));
}

async function onPostgres(): Promise<Db> {
  const database = await createTestDatabase(postgresUrl() ?? '');
  begun.add(() => database.drop());
  return withCounters(openDatabase({ kind: 'postgres', url: database.url }));
}

const STORES: [string, () => Promise<Db>][] = [['SQLite', onSqlite]];
if (postgresUrl() !== undefined) STORES.push(['PostgreSQL', onPostgres]);

describe.each(STORES)('Prepared statements on %s', (_store, open) => {
  it('are seen by the request that asks for them, however they are asked, and nobody else’s', async () => {
    const db = await open();
    watch();
    const both = (): Promise<unknown> =>
      runShort(db, function* () {
        yield* write(PUT, [2, 'a']);
        yield* read(FIND, ['a']);
      });
    await Promise.all([
      current.run('reads', () => readRows(db, FIND, ['a'])),
      current.run('writes', () => writeRows(db, PUT, [3, 'a'])),
      current.run('both', both),
      current.run('longer', () => inTransaction(db, (tx) => readRows(tx, FIND, ['a']))),
      readRows(db, FIND, ['a']),
    ]);
    const told = (request: string): string[] =>
      (seen.get(request) ?? []).map(([sql]) => sql).filter((sql) => sql.includes('counters'));
    expect(told('reads')).toEqual([FIND]);
    expect(told('writes')).toEqual([PUT]);
    expect(told('both')).toEqual([PUT, FIND]);
    expect(told('longer')).toEqual([FIND]);
    expect([...seen.keys()].toSorted()).toEqual(['both', 'longer', 'reads', 'writes']);
  });

  it('are told as failed when they fail, and fail all the same', async () => {
    const db = await open();
    watch();
    await expect(current.run('wrong', () => writeRows(db, WRONG, ['a', 1]))).rejects.toThrow(/unique|duplicate/i);
    // SQLite tries it again alone, since it shared its transaction with others.
    expect(new Set(seen.get('wrong')?.map(([sql, isFailed]) => `${sql} ${isFailed}`))).toEqual(
      new Set([`${WRONG} true`]),
    );
    await expect(current.run('right', () => writeRows(db, WRONG, ['b', 1]))).resolves.toBe(1);
    expect(seen.get('right')).toEqual([[WRONG, false]]);
  });

  it('are seen by nobody once it is over', async () => {
    const db = await open();
    const stop = watchStatements(() => () => () => void seen.set('late', []));
    stop();
    await readRows(db, FIND, ['a']);
    expect(seen.size).toBe(0);
  });
});
