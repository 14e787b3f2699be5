import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Db, inTransaction, openDatabase } from '../../src/platform/database.ts';
import {
  both,
  read,
  readRow,
  runShort,
  send,
  write,
  writeAlone,
  writeRows,
} from '../../src/platform/prepared-queries.ts';
import { createTestDatabase, postgresUrl } from '../support/services.ts';

const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-short-'));
const file = join(folder, 'register.db');
const postgres = postgresUrl();
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const STORES: [string, () => Promise<{ db: Db; close: () => Promise<void> }>][] = [
  [
    'SQLite',
    async () => {
      const db = openDatabase({ kind: 'sqlite', file });
      return { db, close: () => db.destroy() };
    },
  ],
];
if (postgres !== undefined)
  STORES.push([
    'PostgreSQL',
    async () => {
      const made = await createTestDatabase(postgres);
      const db = openDatabase({ kind: 'postgres', url: made.url });
      return {
        db,
        close: async () => {
          await db.destroy();
          await made.drop();
        },
      };
    },
  ]);

const INSERT = 'insert into counters (name, amount) values (?, ?)';
const ADD = 'update counters set amount = amount + ? where name = ?';

describe.each(STORES)('a short transaction on %s', (name, open) => {
  let db: Db;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ db, close } = await open());
    await db.raw('create table counters (name text primary key, amount bigint not null)');
    return () => close();
  });
  const amountOf = async (counter: string): Promise<number | undefined> =>
    (await readRow<{ amount: number }>(db, 'select amount from counters where name = ?', [counter]))?.amount;

  it('gives each statement its answer, and its result to the caller', async () => {
    const result = await runShort(db, function* () {
      yield* send(INSERT, ['a', 1]);
      const changed = yield* write(ADD, [4, 'a']);
      const [row] = yield* read<{ amount: number }>('select amount from counters where name = ?', ['a']);
      return { changed, amount: row?.amount };
    });
    expect(result).toEqual({ changed: 1, amount: 5 });
    expect(await amountOf('a')).toBe(5);
  });

  it('gives two that are asked at once each its answer', async () => {
    const readAmount = function* () {
      const [row] = yield* read<{ amount: number }>('select amount from counters where name = ?', ['two']);
      return row?.amount;
    };
    const result = await runShort(db, function* () {
      yield* send(INSERT, ['two', 1]);
      return yield* both(write(ADD, [1, 'two']), readAmount());
    });
    expect(result).toEqual([1, 2]);
    const refused = runShort(db, function* () {
      yield* both(write(ADD, [1, 'two']), write(INSERT, ['two', 1]));
    });
    await expect(refused).rejects.toThrow(/unique/i);
    expect(await amountOf('two')).toBe(2);
  });

  it('saves what is written alone, or all that follows where that changes nothing', async () => {
    const take = (fails: boolean) => () =>
      runShort(db, function* () {
        if ((yield* writeAlone(`${INSERT} on conflict (name) do nothing`, ['alone', 1])) === 1) return 'made';
        yield* send(ADD, [1, 'alone']);
        if (fails) throw new Error('no');
        return 'added';
      });
    const answers = await Promise.all(Array.from({ length: 20 }, () => take(false)()));
    expect(answers.filter((answer) => answer === 'made')).toHaveLength(1);
    expect(await amountOf('alone')).toBe(20);
    await expect(take(true)()).rejects.toThrow('no');
    expect(await amountOf('alone')).toBe(20);
  });

  it('saves nothing when one of its statements is refused, and everything of those beside it', async () => {
    const refused = runShort(db, function* () {
      yield* send(INSERT, ['b', 1]);
      yield* send(INSERT, ['a', 1]);
    });
    const [lost, kept] = await Promise.allSettled([refused, writeRows(db, INSERT, ['c', 3])]);
    expect(lost.status).toBe('rejected');
    expect(kept.status).toBe('fulfilled');
    expect(await amountOf('b')).toBeUndefined();
    expect(await amountOf('c')).toBe(3);
  });

  it('saves nothing when the caller throws between statements', async () => {
    const thrown = runShort(db, function* () {
      yield* send(INSERT, ['d', 1]);
      throw new Error('no');
    });
    await expect(thrown).rejects.toThrow('no');
    expect(await amountOf('d')).toBeUndefined();
  });

  it('is undone with the transaction it was run in', async () => {
    const undone = inTransaction(db, async (tx) => {
      await runShort(tx, function* () {
        yield* send(INSERT, ['e', 1]);
      });
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    expect(await amountOf('e')).toBeUndefined();
  });

  it('loses no step when many add at once', async () => {
    await writeRows(db, INSERT, ['many', 0]);
    await Promise.all(Array.from({ length: 50 }, () => writeRows(db, ADD, [1, 'many'])));
    expect(await amountOf('many')).toBe(50);
  });

  it('waits for a transaction under way, whose rows nobody sees before', async () => {
    let beside: Promise<number> | undefined;
    await inTransaction(db, async (tx) => {
      await writeRows(tx, INSERT, ['open', 1]);
      expect(await amountOf('open')).toBeUndefined();
      beside = writeRows(db, ADD, [1, 'open']);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await writeRows(tx, ADD, [10, 'open']);
    });
    await beside;
    // PostgreSQL does not wait: it finds no row to add to.
    expect(await amountOf('open')).toBe(name === 'SQLite' ? 12 : 11);
  });
});

it('is on disk when it answers: another connection to the file sees it', async () => {
  const db = openDatabase({ kind: 'sqlite', file });
  const other = new Sqlite(file, { readonly: true });
  await writeRows(db, INSERT, ['durable', 1]);
  expect(other.prepare("select amount from counters where name = 'durable'").pluck().get()).toBe(1);
  other.close();
  await db.destroy();
});
