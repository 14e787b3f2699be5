import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Db, openDatabase } from '../../src/platform/database.ts';
import { writeRows } from '../../src/platform/prepared-queries.ts';
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

const add = async (count: number): Promise<void> => {
  // Each in a turn of its own, and so in a commit of its own.
  for (let one = 0; one < count; one += 1)
    await writeRows(db, 'insert into things (body) values (?)', ['x'.repeat(1_000)]);
};

it('The register is copied back from its write-ahead log beside those who write, and whole when it is closed', async () => {
  const before = statSync(file).size;
  await add(300);
  await expect.poll(() => statSync(file).size).toBeGreaterThan(before);
  expect(await db.raw('pragma wal_autocheckpoint')).toEqual([{ wal_autocheckpoint: 16_384 }]);
  await add(10);
  await sqliteOf(db)?.stopCheckpoints();
  await db.destroy();
  expect(existsSync(`${file}-wal`)).toBe(false);
  const opened = new Sqlite(file, { readonly: true });
  expect(opened.prepare('select count(*) as rows from things').get()).toEqual({ rows: 310 });
  opened.close();
});

it('A command that writes a few rows starts no thread for it', async () => {
  await add(20);
  expect(await db.raw('pragma wal_autocheckpoint')).toEqual([{ wal_autocheckpoint: 1_000 }]);
  await sqliteOf(db)?.stopCheckpoints();
  await db.destroy();
  expect(existsSync(`${file}-wal`)).toBe(false);
});
