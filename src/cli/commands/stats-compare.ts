import { findUnit, HANOI_CODE } from '../../domain/place.ts';
import { translator } from '../../i18n/translator.ts';
import { comparisonAsJson } from '../../statistics/as-data/comparison-as-data.ts';
import { compareRates } from '../../statistics/figures/compare-rates.ts';
import { comparisonTable } from '../../statistics/pages/comparison-model.ts';
import type { CliCommand, CommandInput } from '../command.ts';
import { WrongUsage } from '../failures.ts';
import { pastDayOption, textOption } from '../option-values.ts';
import { columns } from '../terminal.ts';
import { withRegister } from '../with-register.ts';

export const statsCompare: CliCommand = {
  usage: 'stats compare',
  summary: 'every rate of one unit on two days, or of two units on one day, and the difference',
  details: 'No difference is given where bases, age cuts or kinds of unit differ: the reasons are.',
  example: 'npx dinhdanh stats compare --as-of 2026-09-30 --with-day 2026-10-31 --unit 00004',
  options: [
    { flags: '--unit <code>', description: 'the city unless given' },
    { flags: '--as-of <day>', description: 'counted to the end of this day; today unless given' },
    { flags: '--with-unit <code>', description: 'another unit, on the same day' },
    { flags: '--with-day <day>', description: 'the same unit on another day' },
  ],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db, clock }) => {
      const now = clock();
      const first = {
        unitCode: unitOption(options, 'unit') ?? HANOI_CODE,
        asOfDay: pastDayOption(options, 'asOf', now),
      };
      const [withUnit, withDay] = [unitOption(options, 'withUnit'), pastDayOption(options, 'withDay', now)];
      if ((withUnit === undefined) === (withDay === undefined))
        throw new WrongUsage('Give --with-unit or --with-day: one of the two');
      const second = { unitCode: withUnit ?? first.unitCode, asOfDay: withDay ?? first.asOfDay };
      const comparison = await compareRates(db, { now, first, second });
      const t = translator('vi');
      const table = comparisonTable(t, 'vi', comparison);
      const heading = [t('analysis.compare_rate'), table.first, table.second, t('analysis.compare_count')];
      const rows = table.rows.map((row) => [
        row.name,
        `${row.first.text} ${row.first.fraction ?? ''}`.trim(),
        `${row.second.text} ${row.second.fraction ?? ''}`.trim(),
        row.count,
        row.points,
      ]);
      const text = columns([[...heading, t('analysis.compare_points')], ...rows]);
      print(comparisonAsJson(comparison), `${table.caption}\n${text}`);
      return undefined;
    }),
};

function unitOption(options: CommandInput['options'], name: 'unit' | 'withUnit'): string | undefined {
  const code = textOption(options, name);
  if (code !== undefined && findUnit(code) === undefined) throw new WrongUsage(`${code} is no unit of the register`);
  return code;
}
