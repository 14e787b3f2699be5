import { reopenGrant } from '../../accounts/grant-level.ts';
import { listGrantsForChange } from '../../accounts/level-grant-store.ts';
import { inTransaction } from '../../platform/database.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { ACCOUNT_OPTIONS, accountIdOf, OFFICER_OPTIONS, officerOf } from '../officer.ts';
import { textOption } from '../option-values.ts';
import { withRegister } from '../with-register.ts';

export const accountsReopenActivation: CliCommand = {
  usage: 'accounts reopen-activation',
  summary: 'open the time to activate again, for a citizen who called the hotline',
  details:
    'After the officer has made sure who she is. A grant that is late gets seven new days; the first due date stays what on-time is measured by.',
  example:
    'npx dinhdanh accounts reopen-activation --account <id> --officer hl-07 --unit 00070 --reason "identified by call-back"',
  options: [
    ...ACCOUNT_OPTIONS,
    { flags: '--level <level>', description: 'this account level alone', choices: ['1', '2'] },
    ...OFFICER_OPTIONS,
  ],
  printsData: true,
  run: (input) =>
    withRegister(async (register) => {
      const { actor, reason } = officerOf(input);
      const accountId = await accountIdOf(register, input);
      const level = textOption(input.options, 'level');
      const now = register.clock();
      const reopened = await inTransaction(register.db, async (tx) => {
        const levels: number[] = [];
        for (const grant of await listGrantsForChange(tx, accountId)) {
          if (level !== undefined && String(grant.accountLevel) !== level) continue;
          if (await reopenGrant(tx, { grantId: grant.id, reason, actor, now })) levels.push(grant.accountLevel);
        }
        return levels;
      });
      const text =
        reopened.length === 0
          ? 'Nothing to open: no grant of this account is late.'
          : `Open again: level ${reopened.join(' and ')}.`;
      input.print({ account: accountId, reopened_levels: reopened }, text);
      return reopened.length === 0 ? EXIT.refused : EXIT.done;
    }),
};
