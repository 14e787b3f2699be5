import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { openDatabase } from '../../src/platform/database.ts';
import { contentOf } from '../register/support.ts';
import { type CliFolder, makeCliFolder } from './support.ts';

const PEOPLE = 18_000;
const BATCH = 8_000;
let folders: CliFolder[] = [];
afterEach(() => {
  for (const folder of folders) folder.remove();
  folders = [];
});

async function folderWithPeople(): Promise<CliFolder> {
  const folder = makeCliFolder();
  folders.push(folder);
  const first = folders[0] as CliFolder;
  if (folder === first) {
    expect((await folder.run(['people', 'generate', '--count', String(PEOPLE), '--out', 'people.csv'])).code).toBe(0);
    await folder.run(['migrate']);
  } else {
    // The same keys, so that the same person has the same blind index.
    writeFileSync(join(folder.path, 'people.csv'), readFileSync(join(first.path, 'people.csv')));
    await folder.run(['migrate']);
    writeFileSync(join(folder.path, 'keys/secrets.json'), readFileSync(join(first.path, 'keys/secrets.json')));
  }
  return folder;
}

async function grantCount(folder: CliFolder): Promise<number> {
  const db = openDatabase({ kind: 'sqlite', file: join(folder.path, 'data/dinhdanh.db') });
  const row = (await db('level_grants').count({ total: '*' }).first()) as { total: number };
  await db.destroy();
  return row.total;
}

async function register(folder: CliFolder): Promise<{ content: unknown; differing: unknown[] }> {
  const db = openDatabase({ kind: 'sqlite', file: join(folder.path, 'data/dinhdanh.db') });
  const answer = { content: await contentOf(db), differing: await checkCounters(db, { repair: false }) };
  await db.destroy();
  return answer;
}

describe('an import that is cut off', () => {
  it('by kill -9 leaves whole batches, and read again it ends as if nothing had happened', async () => {
    const undisturbed = await folderWithPeople();
    expect((await undisturbed.run(['people', 'import', 'people.csv'])).code).toBe(0);

    const killed = await folderWithPeople();
    const child = killed.start(['people', 'import', 'people.csv']);
    const ended = new Promise((resolve) => child.once('close', resolve));
    // The first words on standard error come with the first batch; the next one is then under way.
    await new Promise((resolve) => child.stderr?.once('data', resolve));
    child.kill('SIGKILL');
    await ended;

    const left = await grantCount(killed);
    expect(left % BATCH).toBe(0);
    expect(left).toBeGreaterThan(0);
    expect((await register(killed)).differing).toEqual([]);

    const again = await killed.json<{ added: number; unchanged: number; rows: number }>([
      'people',
      'import',
      'people.csv',
    ]);
    expect(again.unchanged).toBe(left);
    expect(again.added).toBe(again.rows - left);
    expect(await register(killed)).toEqual(await register(undisturbed));
  }, 180_000);

  it('by SIGINT says what is in', async () => {
    const folder = await folderWithPeople();
    const child = folder.start(['people', 'import', 'people.csv', '--json']);
    let out = '';
    child.stdout?.on('data', (piece: Buffer) => (out += piece.toString()));
    const ended = new Promise((resolve) => child.once('close', resolve));
    await new Promise((resolve) => child.stderr?.once('data', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(1);

    const summary = JSON.parse(out) as { complete: boolean; rows: number; last_line: number };
    expect(summary).toMatchObject({ complete: false, last_line: summary.rows + 1 });
    expect(await grantCount(folder)).toBe(summary.rows);
  }, 120_000);
});
