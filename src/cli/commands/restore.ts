import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { migrations } from '../../../migrations/index.ts';
import type { Config } from '../../config.ts';
import { isEmptyDatabase, openDatabase } from '../../platform/database.ts';
import { DumpFailed, findSqliteDamage, restorePostgres } from '../../platform/database-copy.ts';
import { type Manifest, readBackup } from '../backup-folder.ts';
import type { CliCommand } from '../command.ts';
import { CommandFailed, WrongUsage } from '../failures.ts';
import { explainedFailure, readConfig } from '../with-register.ts';

export const restore: CliCommand = {
  usage: 'restore <folder>',
  summary: 'put a backup where the configuration says the databases are',
  details:
    'Into nothing alone: a database that is there is never written over. Every file is checked first, and that the keys under which values lie are in DATA_KEYS and INDEX_KEYS. Afterwards: `npx dinhdanh migrate`, `audit verify`, `stats check`, then start the provider.',
  example: 'npx dinhdanh restore backups/2026-11-22',
  printsData: true,
  async run({ args, print }) {
    const [folder] = args;
    if (folder === undefined) throw new WrongUsage('Name the folder of the backup.');
    const config = readConfig();
    const manifest = await checked(folder, config);
    try {
      if (config.database.kind === 'sqlite') restoreFiles(config.database, folder, manifest);
      else await restoreDump(config.database.url, join(folder, 'register.dump'));
    } catch (error) {
      if (error instanceof DumpFailed) throw new CommandFailed(`${error.message}: ${error.detail}`);
      throw explainedFailure(error);
    }
    const text = [
      `The register of ${manifest.made_at} is back: ${manifest.persons} persons.`,
      'Now: npx dinhdanh migrate, npx dinhdanh audit verify, npx dinhdanh stats check. Then start the provider.',
    ];
    print({ made_at: manifest.made_at, persons: manifest.persons }, text.join('\n'));
    return undefined;
  },
};

/** @throws CommandFailed before anything is touched. */
async function checked(folder: string, config: Config): Promise<Manifest> {
  const backup = await readBackup(folder);
  if (backup.kind === 'not_a_backup') throw new CommandFailed(`${folder} holds no backup (no readable manifest.json).`);
  if (backup.kind === 'damaged')
    throw new CommandFailed(`${backup.file} is not as it was written: nothing was restored.`);
  const { manifest } = backup;
  if (manifest.kind !== config.database.kind)
    throw new CommandFailed(`The backup is of ${manifest.kind}, DATABASE_URL names ${config.database.kind}.`);
  if (manifest.migrations.some((name) => !(name in migrations)))
    throw new CommandFailed('The backup is of a newer version than this one.');
  const rings = [
    { key: 'DATA_KEYS', needed: manifest.data_keys, ring: config.secrets.dataKeys },
    { key: 'INDEX_KEYS', needed: manifest.index_keys, ring: config.secrets.indexKeys },
  ];
  for (const { key, needed, ring } of rings) {
    const missing = needed.filter((id) => !ring.some((one) => one.id === id));
    if (missing.length > 0)
      throw new CommandFailed(`${key} lacks ${missing.join(', ')}: what lies under it could never be read.`);
  }
  return manifest;
}

function restoreFiles(
  { file, protocolFile }: { file: string; protocolFile: string },
  folder: string,
  { files }: Manifest,
): void {
  const targets = { 'protocol.db': protocolFile, 'register.db': file };
  for (const target of Object.values(targets))
    if (['', '-wal', '-shm'].some((suffix) => existsSync(`${target}${suffix}`)))
      throw new CommandFailed(`${target} is there: move it away first, with its -wal and -shm.`);
  const places = files.flatMap(({ name }) => {
    const target = targets[name as keyof typeof targets];
    return target === undefined ? [] : [{ from: join(folder, name), to: target, via: `${target}.restoring` }];
  });
  try {
    for (const { from, via } of places) {
      mkdirSync(dirname(via), { recursive: true, mode: 0o700 });
      copyFileSync(from, via);
      chmodSync(via, 0o600);
      const damage = findSqliteDamage(via);
      if (damage !== undefined) throw new CommandFailed(`${from} cannot be used: ${damage}.`);
    }
    // The register last: until it is there, the provider would begin with nothing.
    for (const { via, to } of places) renameSync(via, to);
  } finally {
    for (const { via } of places) rmSync(via, { force: true });
  }
}

async function restoreDump(url: string, dump: string): Promise<void> {
  const db = openDatabase({ kind: 'postgres', url });
  try {
    if (!(await isEmptyDatabase(db)))
      throw new CommandFailed('The database that DATABASE_URL names holds tables: name an empty one.');
  } finally {
    await db.destroy();
  }
  await restorePostgres(url, dump);
}
