import { ACTIVATION_CHANNELS, isActivationChannel } from '../../domain/activation.ts';
import { findUnit } from '../../domain/place.ts';
import { funnelAsJson } from '../../statistics/as-data/funnel-as-data.ts';
import { activationFunnel } from '../../statistics/figures/activation-funnel.ts';
import { funnelModel } from '../../statistics/pages/funnel-model.ts';
import type { CliCommand } from '../command.ts';
import { WrongUsage } from '../failures.ts';
import { pastDayOption, textOption } from '../option-values.ts';
import { columns } from '../terminal.ts';
import { withRegister } from '../with-register.ts';

export const statsFunnel: CliCommand = {
  usage: 'stats funnel',
  summary: 'how activation attempts went on, step by step, and why they were lost',
  details: 'Counted by the day on which attempts began: the last 30 days unless told.',
  example: 'npx dinhdanh stats funnel --from 2026-10-01 --to 2026-10-31 --channel self',
  options: [
    { flags: '--from <day>', description: 'attempts that began from this day on' },
    { flags: '--to <day>', description: 'until the end of this day; today unless given' },
    { flags: '--channel <channel>', description: 'one channel', choices: ACTIVATION_CHANNELS },
    { flags: '--unit <code>', description: 'one unit' },
  ],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db, clock }) => {
      const now = clock();
      const channel = textOption(options, 'channel');
      const unitCode = textOption(options, 'unit');
      if (unitCode !== undefined && findUnit(unitCode) === undefined)
        throw new WrongUsage('--unit is no unit of the register');
      const report = await activationFunnel(db, {
        now,
        fromOn: pastDayOption(options, 'from', now),
        toOn: pastDayOption(options, 'to', now),
        channel: channel !== undefined && isActivationChannel(channel) ? channel : undefined,
        viewer: unitCode === undefined ? { kind: 'full' } : { kind: 'unit', unitCode },
      });
      if (report.fromOn > report.toOn) throw new WrongUsage('--from lies after --to');
      const { caption, completed, rows } = funnelModel('vi', report);
      const table = rows.map((row) => [row.step, row.reached, row.passed, row.percent, row.losses.join('; ')]);
      print(funnelAsJson(report), [caption, columns(table), completed].join('\n'));
      return undefined;
    }),
};
