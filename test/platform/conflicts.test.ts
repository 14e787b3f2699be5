import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tryAgain } from '../../src/platform/conflicts.ts';
import { type Db, inTransaction, openDatabase } from '../../src/platform/database.ts';
import { read, readRows, runShort, send, write, writeRows } from '../../src/platform/prepared-queries.ts';
import { createTestDatabase, postgresUrl, serializable, type TestDatabase } from '../support/services.ts';

const FIND = 'select amount from counters where name = ?';
const PUT = 'update counters set amount = ? where name = ?';
const AT_ONCE = 6;

describe.skipIf(postgresUrl() === undefined)('while a newer version adds a column', () => {
  it('no statement that was prepared before fails, alone or in a transaction', async () => {
    const database = await createTestDatabase(postgresUrl() ?? '');
    const db = openDatabase({ kind: 'postgres', url: database.url });
    type Row = { name: string; amount: number; note?: string };
    const find = (tx: Db): Promise<Row[]> => readRows<Row>(tx, 'select * from counters where name = ?', ['a']);
    const inShort = (): Promise<Row[]> =>
      runShort(db, function* () {
        yield* send(PUT, [2, 'a']);
        return yield* read<Row>('select * from counters where name = ? order by 1', ['a']);
      });
    const inLong = (): Promise<Row[]> => inTransaction(db, find);
    try {
      await db.raw('create table counters (name text primary key, amount bigint not null)');
      await db('counters').insert({ name: 'a', amount: 1 });
      const all = (): Promise<Row[][]> => Promise.all([find(db), find(db), inShort(), inLong()]);
      await all();
      await db.raw("alter table counters add column note text not null default 'new'");
      for (const [row] of await all()) expect(row).toMatchObject({ name: 'a', note: 'new' });
      await db.raw('alter table counters drop column note');
      for (const [row] of await all()) expect(row).not.toHaveProperty('note');
    } finally {
      await db.destroy();
      await database.drop();
    }
  });
});

describe.skipIf(postgresUrl() === undefined)('where every transaction is serializable', () => {
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    database = await createTestDatabase(postgresUrl() ?? '');
    db = openDatabase({ kind: 'postgres', url: serializable(database.url) });
    await db.raw('create table counters (name text primary key, amount bigint not null)');
  });
  beforeEach(async () => {
    await db('counters').delete();
    await db('counters').insert([
      { name: 'a', amount: 0 },
      { name: 'b', amount: 0 },
    ]);
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });
  const amounts = async (): Promise<number[]> =>
    (await readRows<{ amount: number }>(db, 'select amount from counters order by name', [])).map((row) => row.amount);

  /** For a lock, in this database. */
  const untilOneWaits = async (): Promise<void> => {
    const waiting =
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' limit 1";
    while ((await db.raw<{ rows: unknown[] }>(waiting)).rows.length === 0) await sleep(5);
  };

  it('a transaction that read what another has changed runs again, and neither is lost', async () => {
    let tries = 0;
    const bothHaveRead = meeting(2);
    const addTo = (mine: string, other: string): Promise<void> =>
      inTransaction(db, async (tx) => {
        tries += 1;
        const row = (await tx('counters').where({ name: other }).first()) as { amount: number };
        await bothHaveRead();
        await tx('counters')
          .where({ name: mine })
          .update({ amount: row.amount + 1 });
      });
    await Promise.all([addTo('a', 'b'), addTo('b', 'a')]);
    // One after the other, whichever was first.
    expect((await amounts()).toSorted((a, b) => a - b)).toEqual([1, 2]);
    expect(tries).toBe(3);
  });

  it('short transactions on the driver run again, whichever of their statements is refused', async () => {
    let tries = 0;
    const add = (): Promise<number> =>
      runShort(db, function* () {
        tries += 1;
        const [row] = yield* read<{ amount: number }>(FIND, ['a']);
        // Nobody waits for this one: what it is refused for must not be lost in what follows.
        yield* send(PUT, [(row?.amount ?? 0) + 1, 'a']);
        const [after] = yield* read<{ amount: number }>(FIND, ['a']);
        return yield* write(PUT, [after?.amount ?? 0, 'a']);
      });
    // They have read and wait for the row when another changes it.
    const all = await inTransaction(db, async (tx) => {
      await tx('counters').where({ name: 'a' }).update({ amount: 10 });
      const begun = Array.from({ length: AT_ONCE }, add);
      await untilOneWaits();
      return { done: Promise.all(begun) };
    });
    expect(await all.done).toEqual(Array.from({ length: AT_ONCE }, () => 1));
    expect(await amounts()).toEqual([10 + AT_ONCE, 0]);
    expect(tries).toBeGreaterThan(AT_ONCE);
  });

  it('single statements that meet are all done', async () => {
    const add = 'update counters set amount = amount + 1 where name = ?';
    await Promise.all(Array.from({ length: AT_ONCE }, () => writeRows(db, add, ['b'])));
    expect(await amounts()).toEqual([0, AT_ONCE]);
  });
});

describe('what is tried again', () => {
  const refused = (code: string): Error => Object.assign(new Error('refused'), { code });

  it('is a conflict, a bounded number of times; anything else is told at once', async () => {
    const tries = { '40001': 0, '40P01': 0, '23505': 0 };
    for (const code of Object.keys(tries) as (keyof typeof tries)[]) {
      const never = tryAgain(() => {
        tries[code] += 1;
        return Promise.reject(refused(code));
      });
      await expect(never).rejects.toMatchObject({ code });
    }
    expect(tries).toEqual({ '40001': 8, '40P01': 8, '23505': 1 });
  });
});

/** Each of `count` waits for the others the first time; nobody waits for those who come again. */
function meeting(count: number): () => Promise<void> {
  let here = 0;
  let open: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    here += 1;
    if (here >= count) open();
    return all;
  };
}
