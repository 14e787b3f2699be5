import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { type Db, openDatabase } from '../../src/platform/database.ts';
import { writeRows } from '../../src/platform/prepared-queries.ts';
import { createCheckpointer } from '../../src/platform/sqlite-checkpointer.ts';
import { sqliteOf } from '../../src/platform/sqlite-register.ts';

let folder: string;
let file: string;
let db: Db;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dinhdanh-checkpoints-'));
  file = join(folder, 'register.db');
  db = openDatabase({ kind: 'sqlite', file });
  await db.raw('create table things (id integer primary key, body text)');
});
afterEach(() => rmSync(folder, { recursive: true }));

const add = async (count: number, to = db): Promise<void> => {
  // Each in a turn of its own, and so in a commit of its own.
  for (let one = 0; one < count; one += 1)
    await writeRows(to, 'insert into things (body) values (?)', ['x'.repeat(1_000)]);
};

/** A busy machine does not give up. */
const LONGEST_HOLD_MS = 60_000;
/** A busy machine takes a while to start a thread. */
const PATIENCE = { timeout: 20_000 };

/** Those that begin from here on and have not ended. */
function watchThreads(): { living: () => number } {
  let living = 0;
  const count = (worker: Worker): void => {
    living += 1;
    worker.once('exit', () => {
      living -= 1;
    });
  };
  process.on('worker', count);
  onTestFinished(() => void process.off('worker', count));
  return { living: () => living };
}

it('The register is copied back from its write-ahead log beside those who write, and whole when it is closed', async () => {
  const before = statSync(file).size;
  await add(300);
  await expect.poll(() => statSync(file).size, PATIENCE).toBeGreaterThan(before);
  expect(await db.raw('pragma wal_autocheckpoint')).toEqual([{ wal_autocheckpoint: 32_768 }]);
  await add(10);
  await sqliteOf(db)?.stopCheckpoints();
  await db.destroy();
  expect(existsSync(`${file}-wal`)).toBe(false);
  const opened = new Sqlite(file, { readonly: true });
  expect(opened.prepare('select count(*) as rows from things').get()).toEqual({ rows: 310 });
  opened.close();
});

it('Two files are copied back by one thread, which ends with the later of the two', async () => {
  const threads = watchThreads();
  const otherFile = join(folder, 'other.db');
  const other = openDatabase({ kind: 'sqlite', file: otherFile });
  await other.raw('create table things (id integer primary key, body text)');
  const sizes = [file, otherFile].map((one) => statSync(one).size);
  await add(100);
  await add(100, other);
  await expect
    .poll(() => [file, otherFile].map((one, at) => statSync(one).size > (sizes[at] ?? 0)), PATIENCE)
    .toEqual([true, true]);
  expect(threads.living()).toBe(1);
  await sqliteOf(db)?.stopCheckpoints();
  await db.destroy();
  expect(existsSync(`${file}-wal`)).toBe(false);
  const { size } = statSync(otherFile);
  await add(600, other);
  await expect.poll(() => statSync(otherFile).size, PATIENCE).toBeGreaterThan(size);
  await sqliteOf(other)?.stopCheckpoints();
  expect(threads.living()).toBe(0);
  await other.destroy();
  expect(existsSync(`${otherFile}-wal`)).toBe(false);
});

it('A command that writes a few rows starts no thread for it', async () => {
  await add(20);
  expect(await db.raw('pragma wal_autocheckpoint')).toEqual([{ wal_autocheckpoint: 1_000 }]);
  await sqliteOf(db)?.stopCheckpoints();
  await db.destroy();
  expect(existsSync(`${file}-wal`)).toBe(false);
});

it('While there is always something newer the log grows, until for a moment nobody writes: then it is begun anew', async () => {
  const writer = new Sqlite(file);
  writer.pragma('wal_autocheckpoint = 0');
  const insert = writer.prepare('insert or replace into things (id, body) values (?, ?)');
  const pagesOfLog = (): number => (writer.pragma('wal_checkpoint(noop)') as { log: number }[])[0]?.log ?? 0;
  let held: Promise<void> | undefined;
  const hold = async (): Promise<() => void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    return resolve;
  };
  const checkpointer = createCheckpointer(file, hold, LONGEST_HOLD_MS);
  const body = 'x'.repeat(160_000);
  const longest = { log: 0, afterHold: Number.POSITIVE_INFINITY };
  for (let row = 0; row < 10_000 && longest.afterHold > 1_000; row += 1) {
    const isAfterHold = held !== undefined;
    await held;
    held = undefined;
    insert.run(row % 50, body);
    const pages = pagesOfLog();
    if (isAfterHold) longest.afterHold = pages;
    longest.log = Math.max(longest.log, pages);
    checkpointer.afterCommit();
    await setImmediate();
  }
  expect(longest.log).toBeGreaterThan(16_384);
  expect(longest.afterHold).toBeLessThan(1_000);
  await checkpointer.stop();
  writer.close();
  await db.destroy();
}, 120_000);
