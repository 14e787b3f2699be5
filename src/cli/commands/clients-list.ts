import { listClients } from '../../relying-parties/client-store.ts';
import type { CliCommand } from '../command.ts';
import { columns } from '../terminal.ts';
import { withRegister } from '../with-register.ts';

export const clientsList: CliCommand = {
  usage: 'clients list',
  summary: 'show the relying parties',
  example: 'npx dinhdanh clients list --json',
  printsData: true,
  run: ({ print }) =>
    withRegister(async ({ db }) => {
      const clients = (await listClients(db)).map((client) => ({
        client_id: client.id,
        name: client.name.vi,
        origin: client.origin,
        least_account_level: client.leastAccountLevel,
        least_auth_level: client.leastAuthLevel,
        legal_basis: client.legalBasis ?? null,
        redirect_uris: client.metadata['redirect_uris'] ?? [],
        disabled_at: client.disabledAt?.toISOString() ?? null,
      }));
      const rows = clients.map((one) => [
        one.client_id,
        one.origin,
        `level ${one.least_account_level}`,
        `auth ${one.least_auth_level}`,
        one.disabled_at === null ? '' : 'disabled',
        one.name,
      ]);
      print(clients, columns(rows));
      return undefined;
    }),
};
