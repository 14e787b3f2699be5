import { findUnit } from '../../domain/place.ts';
import { integerText } from '../../domain/rate.ts';
import { residentsAsJson, residentsByAgeAndSex } from '../../statistics/figures/residents-by-age-and-sex.ts';
import type { CliCommand } from '../command.ts';
import { WrongUsage } from '../failures.ts';
import { dayOption, textOption } from '../option-values.ts';
import { columns } from '../terminal.ts';
import { withRegister } from '../with-register.ts';

export const statsResidents: CliCommand = {
  usage: 'stats residents',
  summary: 'activated persons alive and resident, by age band and sex; ever activated and usable now',
  details: 'The full view: small cells are not suppressed. Residents of a band stand where they are loaded by age.',
  example: 'npx dinhdanh stats residents --as-of 2026-06-30 --unit 00070 --json',
  options: [
    { flags: '--as-of <day>', description: 'at the end of this day (YYYY-MM-DD); today unless given' },
    { flags: '--known-on <day>', description: 'only what was known at the end of this day, which is over' },
    { flags: '--unit <code>', description: 'one unit; the whole city unless given' },
  ],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db, clock }) => {
      const unitCode = textOption(options, 'unit');
      if (unitCode !== undefined && findUnit(unitCode) === undefined)
        throw new WrongUsage('--unit is no unit of the register');
      const query = { now: clock(), asOfDay: dayOption(options, 'asOf'), knownOnDay: dayOption(options, 'knownOn') };
      const residents = await residentsByAgeAndSex(db, { ...query, unitCode }).catch((error: unknown) => {
        if (error instanceof RangeError) throw new WrongUsage(error.message);
        throw error;
      });
      const rows = residents.rows.map(({ band, gender, counts, residents: all }) => [
        band,
        gender ?? 'both',
        ...[counts.activated, counts.level2, counts.used, counts.usable, all ?? null].map(numberText),
      ]);
      const head = ['age', 'sex', 'ever activated', 'level 2', 'signed in', 'usable', 'residents'];
      print(residentsAsJson(residents), columns([head, ...rows]));
      return undefined;
    }),
};

function numberText(count: number | null): string {
  return count === null ? '–' : integerText(count, 'vi');
}
