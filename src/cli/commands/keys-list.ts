import { listSigningKeys, type SigningKey } from '../../oidc/signing-keys.ts';
import type { CliCommand } from '../command.ts';
import { columns } from '../terminal.ts';
import { readConfig } from '../with-register.ts';

export const keysList: CliCommand = {
  usage: 'keys list',
  summary: 'show the signing keys without their private part',
  example: 'npx dinhdanh keys list --json',
  printsData: true,
  async run({ print }) {
    const keys = await listSigningKeys(readConfig().keysFolder);
    print(keysAsData(keys), keys.length === 0 ? 'No keys yet: npx dinhdanh keys generate' : describeKeys(keys));
    return undefined;
  },
};

export function keysAsData(keys: readonly SigningKey[]): object[] {
  return keys.map(({ kid, alg, state, createdAt, retiredAt }) => ({
    kid,
    alg,
    state,
    created_at: createdAt.toISOString(),
    ...(retiredAt === undefined ? {} : { retired_at: retiredAt.toISOString() }),
  }));
}

export function describeKeys(keys: readonly SigningKey[]): string {
  return columns(keys.map(({ kid, alg, state, createdAt }) => [alg, state, createdAt.toISOString(), kid]));
}
