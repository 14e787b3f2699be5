import { purgeExpired } from '../../retention/purge-expired.ts';
import { SWEEPS } from '../../sweeps.ts';
import type { CliCommand } from '../command.ts';
import { columns } from '../terminal.ts';
import { OPERATOR, withRegister } from '../with-register.ts';

export const retentionPurge: CliCommand = {
  usage: 'retention purge',
  summary: 'delete what has been kept long enough',
  details:
    'Use history older than USE_HISTORY_YEARS, expired codes and attempts. Account data, events and the audit are permanent. The running provider does the same by itself.',
  example: 'npx dinhdanh retention purge',
  printsData: true,
  run: ({ print }) =>
    withRegister(async (register) => {
      const deleted = await purgeExpired({ ...register, sweeps: SWEEPS }, { actor: OPERATOR });
      print({ deleted }, columns(Object.entries(deleted).map(([name, count]) => [name, String(count)])));
      return undefined;
    }),
};
