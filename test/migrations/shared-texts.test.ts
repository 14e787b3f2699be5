import { expect, it } from 'vitest';
import * as sharedTexts from '../../migrations/0018-shared-texts.ts';
import { openDatabase } from '../../src/platform/database.ts';
import { createTestDatabase, postgresUrl } from '../support/services.ts';

const ROW = { key: 'line', text: 'kept', forget_at: 9_007_199_254_740_991 };

it('0018 makes the table, and lets it go, on SQLite', async () => {
  const db = openDatabase({ kind: 'sqlite', file: ':memory:' });
  await sharedTexts.up(db);
  await db('shared_texts').insert(ROW);
  expect(await db('shared_texts')).toEqual([ROW]);
  await sharedTexts.down(db);
  expect(await db.schema.hasTable('shared_texts')).toBe(false);
  await db.destroy();
});

it.skipIf(postgresUrl() === undefined)('0018 takes over the table that the program made, on PostgreSQL', async () => {
  const { url, drop } = await createTestDatabase(postgresUrl() as string);
  const db = openDatabase({ kind: 'postgres', url });
  try {
    await db.raw('create table shared_texts (key text primary key, text text not null, forget_at bigint not null)');
    await db('shared_texts').insert(ROW);
    await sharedTexts.up(db);
    expect(await db('shared_texts')).toEqual([ROW]);
    const columns = await db('shared_texts').columnInfo();
    await sharedTexts.down(db);
    await sharedTexts.up(db);
    expect(await db('shared_texts')).toEqual([]);
    expect(await db('shared_texts').columnInfo()).toEqual(columns);
  } finally {
    await db.destroy();
    await drop();
  }
});
