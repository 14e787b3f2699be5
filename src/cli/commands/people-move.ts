import { changeResidence } from '../../accounts/change-residence.ts';
import { vietNamDay } from '../../domain/viet-nam-time.ts';
import { inTransaction } from '../../platform/database.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { ACCOUNT_OPTIONS, accountIdOf, OFFICER_OPTIONS, officerOf } from '../officer.ts';
import { dayOption, neededText } from '../option-values.ts';
import { withRegister } from '../with-register.ts';

export const peopleMove: CliCommand = {
  usage: 'people move',
  summary: 'a person lives in another unit since a day',
  details:
    'Rates that count residents count her there as of that day, as known from today on. A move learned late does not undo a later one.',
  example:
    'npx dinhdanh people move --account <id> --to 00070 --since 2026-11-01 --officer cb-0412 --unit 00070 --reason "registered residence"',
  options: [
    ...ACCOUNT_OPTIONS,
    { flags: '--to <code>', description: 'the unit, which existed on that day', isRequired: true },
    { flags: '--since <day>', description: 'the first day there (YYYY-MM-DD); today unless given' },
    ...OFFICER_OPTIONS,
  ],
  printsData: true,
  run: (input) =>
    withRegister(async (register) => {
      const { actor, reason } = officerOf(input);
      const unitCode = neededText(input.options, 'to');
      const accountId = await accountIdOf(register, input);
      const now = register.clock();
      const movedOn = dayOption(input.options, 'since') ?? vietNamDay(now);
      const change = { accountId, unitCode, movedOn, reason, actor, now };
      const outcome = await inTransaction(register.db, (tx) => changeResidence(tx, register.vault, change));
      input.print({ account: accountId, outcome }, TEXTS[outcome]);
      return outcome === 'moved' ? EXIT.done : EXIT.refused;
    }),
};

const TEXTS = {
  moved: 'Moved.',
  no_account: 'There is no such account.',
  no_such_unit: 'There was no such unit on that day; nothing was changed.',
  not_yet: 'That day has not begun; nothing was changed.',
} as const;
