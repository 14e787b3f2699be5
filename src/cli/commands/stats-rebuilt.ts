import { translator } from '../../i18n/translator.ts';
import { rebuiltSeriesAsJson } from '../../statistics/as-data/rebuilt-as-data.ts';
import { rebuiltSeries } from '../../statistics/figures/rebuilt-units.ts';
import { rebuiltModel } from '../../statistics/pages/rebuilt-model.ts';
import type { CliCommand } from '../command.ts';
import { WrongUsage } from '../failures.ts';
import { neededText, pastDayOption } from '../option-values.ts';
import { columns } from '../terminal.ts';
import { withRegister } from '../with-register.ts';

export const statsRebuilt: CliCommand = {
  usage: 'stats rebuilt',
  summary: 'a unit across 1 July 2025: its own figures, and its part of those of the former districts',
  details:
    'Approximate, and marked so: districts are divided by the number of old wards. The same for a former district afterwards. Method: docs/statistics.md.',
  example: 'npx dinhdanh stats rebuilt --unit 00097',
  options: [
    { flags: '--unit <code>', description: 'a unit of today, or a former district', isRequired: true },
    { flags: '--as-of <day>', description: 'to the last month that is over on this day; today unless given' },
  ],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db, clock }) => {
      const now = clock();
      const code = neededText(options, 'unit');
      const series = await rebuiltSeries(db, code, { now, asOfDay: pastDayOption(options, 'asOf', now) });
      if (series === undefined) throw new WrongUsage('--unit is no unit and no former district');
      const t = translator('vi');
      const { caption, draws, rows } = rebuiltModel('vi', series);
      const table = rows.map((row) => [
        row.day,
        row.percent,
        row.activated,
        row.notified,
        t(row.isApproximate ? 'analysis.rebuilt_approximate' : 'analysis.rebuilt_counted'),
      ]);
      print(rebuiltSeriesAsJson(series), [caption, t('analysis.rebuilt_method'), ...draws, columns(table)].join('\n'));
      return undefined;
    }),
};
