import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { keyUse } from '../../key-rotation/reseal-values.ts';
import { type Db, listMigrations } from '../../platform/database.ts';
import { copySqlite, DumpFailed, dumpPostgres } from '../../platform/database-copy.ts';
import { type Manifest, writeManifest } from '../backup-folder.ts';
import type { CliCommand } from '../command.ts';
import { CommandFailed, WrongUsage } from '../failures.ts';
import { withRegister } from '../with-register.ts';

export const backup: CliCommand = {
  usage: 'backup <folder>',
  summary: 'copy the register and the protocol state, beside a running provider',
  details:
    'One consistent state of each database, with checksums, in a new folder. The keys (DATA_KEYS, INDEX_KEYS, PASSWORD_PEPPER, KEYS_FOLDER) are not in it and must be kept elsewhere: without them the copy is worth nothing, and with them it is the whole register. What lies in Redis is not in it: those sign in again.',
  example: 'npx dinhdanh backup backups/2026-11-22',
  printsData: true,
  async run({ args, print }) {
    const [folder] = args;
    if (folder === undefined) throw new WrongUsage('Name the folder to make.');
    if (existsSync(folder)) throw new CommandFailed(`${folder} is there already: a backup is never written over.`);
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true, mode: 0o700 });
    try {
      const manifest = await withRegister(async ({ config, db, clock }) => {
        const content = { made_at: clock().toISOString(), kind: config.database.kind, ...(await describeRegister(db)) };
        return writeManifest(partial, content, await copyDatabases(config, partial));
      });
      renameSync(partial, folder);
      print(manifest, describe(manifest, folder));
    } catch (error) {
      rmSync(partial, { recursive: true, force: true });
      if (error instanceof DumpFailed) throw new CommandFailed(`${error.message}: ${error.detail}`);
      throw error;
    }
    return undefined;
  },
};

async function copyDatabases({ database }: Config, folder: string): Promise<string[]> {
  if (database.kind === 'postgres') {
    await dumpPostgres(database.url, join(folder, 'register.dump'));
    chmodSync(join(folder, 'register.dump'), 0o600);
    return ['register.dump'];
  }
  // The protocol state first: a grant whose consent is younger is asked for again, the other way round it would stand without one.
  const sources = { 'protocol.db': database.protocolFile, 'register.db': database.file };
  const copied: string[] = [];
  for (const [name, source] of Object.entries(sources)) {
    if (!existsSync(source)) continue;
    copySqlite(source, join(folder, name));
    chmodSync(join(folder, name), 0o600);
    copied.push(name);
  }
  return copied;
}

async function describeRegister(
  db: Db,
): Promise<Pick<Manifest, 'migrations' | 'data_keys' | 'index_keys' | 'persons'>> {
  const uses = await keyUse(db);
  const keysOf = (ring: 'DATA_KEYS' | 'INDEX_KEYS'): string[] => [
    ...new Set(uses.filter((use) => use.ring === ring).flatMap(({ keys }) => keys.map(({ keyId }) => keyId))),
  ];
  const persons = uses.find(({ column }) => column === 'persons.citizen_id_sealed')?.keys ?? [];
  return {
    migrations: await listMigrations(db),
    data_keys: keysOf('DATA_KEYS'),
    index_keys: keysOf('INDEX_KEYS'),
    persons: persons.reduce((sum, { values }) => sum + values, 0),
  };
}

function describe({ files, persons }: Manifest, folder: string): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    `${persons} persons, ${files.length} files, ${Math.ceil(bytes / 1_048_576)} MiB in ${folder}.`,
    'The keys are not in it: keep them elsewhere, and keep them.',
  ].join('\n');
}
