import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Db, openDatabase } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/ids.ts';
import { createTestDatabase, postgresUrl } from '../support/services.ts';
import { type CliFolder, makeCliFolder } from './support.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function folder(): CliFolder {
  const made = makeCliFolder();
  closers.push(() => made.remove());
  return made;
}

/** Where nothing is but the keys. */
function elsewhere(from: CliFolder): CliFolder {
  const other = folder();
  mkdirSync(join(other.path, 'keys'));
  copyFileSync(join(from.path, 'keys/secrets.json'), join(other.path, 'keys/secrets.json'));
  return other;
}

async function filled(env: Record<string, string> = {}): Promise<CliFolder> {
  const made = folder();
  for (const args of [
    ['migrate'],
    ['people', 'generate', '--count', '300', '--out', 'people.csv'],
    ['people', 'import', 'people.csv'],
  ])
    expect(await made.run(args, { env })).toMatchObject({ code: 0 });
  const db =
    env['DATABASE_URL'] === undefined ? sqliteOf(made) : openDatabase({ kind: 'postgres', url: env['DATABASE_URL'] });
  await db('outbox').insert(DELIVERED);
  await db.destroy();
  return made;
}

/** What every provider has that was used for a day: a message whose payload has served. */
const DELIVERED = { id: newId(), kind: 'sms', payload_sealed: '', status: 'sent', next_try_at: 0, created_at: 0 };

const sqliteOf = ({ path }: CliFolder): Db => openDatabase({ kind: 'sqlite', file: join(path, 'data/dinhdanh.db') });

/** Everything that lies in the register, as text. */
async function contentOf(db: Db, tables: readonly string[]): Promise<string> {
  const rows = await Promise.all(tables.map(async (table) => [table, await db(table).select('*').orderBy('id')]));
  await db.destroy();
  return JSON.stringify(rows);
}

const TABLES = ['persons', 'accounts', 'level_grants', 'activations', 'activation_events', 'audit_entries'];

describe('backup and restore on SQLite', () => {
  it('bring everything back in another place, while somebody writes', async () => {
    const origin = await filled();
    const writer = sqliteOf(origin);
    let at = 0;
    const writing = setInterval(() => {
      at += 1;
      const row = { key: `t:${at}`, failures: 0, window_started_at: 0, strikes: 0, forget_at: 0 };
      writer('throttles')
        .insert(row)
        .catch(() => undefined);
    }, 2);
    const made = await origin.run(['backup', join(origin.path, 'backup')]);
    clearInterval(writing);
    await writer.destroy();
    expect(made).toMatchObject({ code: 0 });
    expect(statSync(join(origin.path, 'backup')).mode & 0o777).toBe(0o700);
    expect(statSync(join(origin.path, 'backup/register.db')).mode & 0o777).toBe(0o600);

    const other = elsewhere(origin);
    const restored = await other.run(['restore', join(origin.path, 'backup')]);
    expect(restored).toMatchObject({ code: 0 });
    expect(restored.out).toContain('persons');
    expect(await contentOf(sqliteOf(other), TABLES)).toBe(await contentOf(sqliteOf(origin), TABLES));
    for (const check of [['migrate'], ['audit', 'verify'], ['stats', 'check']])
      expect(await other.run(check)).toMatchObject({ code: 0 });
  });

  it('names no person and no key in its manifest', async () => {
    const origin = await filled();
    await origin.run(['backup', 'backup']);
    const manifest = readFileSync(join(origin.path, 'backup/manifest.json'), 'utf8');
    expect(Object.keys(JSON.parse(manifest) as object).toSorted()).toEqual(
      ['data_keys', 'files', 'index_keys', 'kind', 'made_at', 'migrations', 'persons'].toSorted(),
    );
    const secrets = readFileSync(join(origin.path, 'keys/secrets.json'), 'utf8');
    for (const secret of secrets.match(/[A-Za-z0-9+/=_-]{40,}/g) ?? []) expect(manifest).not.toContain(secret);
  });

  it('write over nothing', async () => {
    const origin = await filled();
    await origin.run(['backup', 'backup']);
    expect(await origin.run(['backup', 'backup'])).toMatchObject({ code: 1 });
    const restored = await origin.run(['restore', 'backup']);
    expect(restored).toMatchObject({ code: 1 });
    expect(restored.err).toContain('move it away first');
  });

  it('restore what an older version has made, which named a key for messages that were delivered', async () => {
    const origin = await filled();
    await origin.run(['backup', 'backup']);
    const file = join(origin.path, 'backup/manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { data_keys: string[] };
    writeFileSync(file, JSON.stringify({ ...manifest, data_keys: [...manifest.data_keys, ''] }));
    expect(await elsewhere(origin).run(['restore', join(origin.path, 'backup')])).toMatchObject({ code: 0 });
  });

  it('restore nothing of a file that was altered, cut short or is missing', async () => {
    const origin = await filled();
    await origin.run(['backup', 'backup']);
    const file = join(origin.path, 'backup/register.db');
    const whole = readFileSync(file);
    for (const broken of [whole.subarray(0, 8192), Buffer.concat([whole, Buffer.from('x')])]) {
      writeFileSync(file, broken);
      const other = elsewhere(origin);
      expect(await other.run(['restore', join(origin.path, 'backup')])).toMatchObject({ code: 1 });
      expect(existsSync(join(other.path, 'data/dinhdanh.db'))).toBe(false);
    }
  });

  it('restore nothing that could not be read with the keys at hand', async () => {
    const origin = await filled();
    await origin.run(['backup', 'backup']);
    const other = elsewhere(origin);
    const secrets = JSON.parse(readFileSync(join(origin.path, 'keys/secrets.json'), 'utf8')) as Record<string, string>;
    const key = Object.keys(secrets).find((name) => /data/i.test(name)) ?? '';
    secrets[key] = (secrets[key] ?? '').replace(/^[a-z0-9]+:/, 'k9:');
    writeFileSync(join(other.path, 'keys/secrets.json'), JSON.stringify(secrets));
    const restored = await other.run(['restore', join(origin.path, 'backup')]);
    expect(restored).toMatchObject({ code: 1 });
    expect(restored.err).toContain('DATA_KEYS lacks');
  });
});

describe.skipIf(postgresUrl() === undefined)('backup and restore on PostgreSQL', () => {
  it('bring everything back in another database, and only in an empty one', async () => {
    const [from, to] = [await createTestDatabase(postgresUrl() ?? ''), await createTestDatabase(postgresUrl() ?? '')];
    closers.push(from.drop, to.drop);
    const env = { DATABASE_URL: from.url };
    const origin = await filled(env);
    expect(await origin.run(['backup', 'backup'], { env })).toMatchObject({ code: 0 });

    const other = elsewhere(origin);
    const restored = { env: { DATABASE_URL: to.url } };
    expect(await other.run(['restore', join(origin.path, 'backup')], restored)).toMatchObject({ code: 0 });
    const open = (url: string): Db => openDatabase({ kind: 'postgres', url });
    expect(await contentOf(open(to.url), TABLES)).toBe(await contentOf(open(from.url), TABLES));
    for (const check of [['migrate'], ['audit', 'verify'], ['stats', 'check']])
      expect(await other.run(check, restored)).toMatchObject({ code: 0 });

    const again = await other.run(['restore', join(origin.path, 'backup')], restored);
    expect(again).toMatchObject({ code: 1 });
    expect(again.err).toContain('name an empty one');
  });
});
