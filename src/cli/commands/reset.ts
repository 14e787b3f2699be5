import { existsSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import type { CliCommand } from '../command.ts';
import { CommandFailed, WrongUsage } from '../failures.ts';
import { isSet } from '../option-values.ts';
import { readConfig } from '../with-register.ts';

export const reset: CliCommand = {
  usage: 'reset',
  summary: "delete the sandbox's data and keys and start over",
  details: 'Sandbox with SQLite only, and only while the provider does not run. The next start makes everything anew.',
  example: 'npx dinhdanh reset --yes',
  options: [{ flags: '--yes', description: 'really delete everything' }],
  printsData: true,
  async run({ options, print }) {
    if (!isSet(options, 'yes')) throw new WrongUsage('This deletes all data and keys: say so with --yes');
    const config = readConfig();
    if (config.isProduction || !config.isSandbox) throw new CommandFailed('Only a sandbox can be reset.');
    if (config.database.kind !== 'sqlite')
      throw new CommandFailed('The register is on PostgreSQL: drop that database yourself, then delete the keys.');
    if (await isAnswered(config)) throw new CommandFailed(`The provider runs on port ${config.port}: stop it first.`);
    const deleted = [...databaseFiles(config.database), ...keyFiles(config.keysFolder)];
    for (const file of deleted) rmSync(file, { force: true });
    print(
      { deleted: deleted.length },
      deleted.length === 0 ? 'There was nothing to delete.' : `${deleted.length} files deleted.`,
    );
    return undefined;
  },
};

/** Its own files alone: what else lies in the folder is not ours to delete. */
function databaseFiles({ file, protocolFile }: { file: string; protocolFile: string }): string[] {
  const suffixes = ['', '-wal', '-shm', '-journal'];
  return [file, protocolFile]
    .flatMap((one) => suffixes.map((suffix) => `${one}${suffix}`))
    .filter((one) => existsSync(one));
}

function keyFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const ours = /^(secrets\.json|signing\.jwks|[a-z-]+\.jwks)(\..+)?$/;
  return readdirSync(folder)
    .filter((name) => ours.test(name))
    .map((name) => join(folder, name));
}

/** Whether somebody listens where the provider would. */
function isAnswered({ host, port }: Config): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host === '0.0.0.0' ? '127.0.0.1' : host, port });
    const answer = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.setTimeout(1_000, () => answer(false));
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
