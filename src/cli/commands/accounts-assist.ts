import { findAccountRecord } from '../../accounts/account-record.ts';
import { openCitizenId } from '../../accounts/person-store.ts';
import { startAssistedAttempt } from '../../activation/start-assisted-attempt.ts';
import { ACTIVATION_CHANNELS, isActivationChannel, isAssisted } from '../../domain/activation.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { CommandFailed, WrongUsage } from '../failures.ts';
import { ACCOUNT_OPTIONS, accountIdOf, OFFICER_OPTIONS, officerOf } from '../officer.ts';
import { neededText } from '../option-values.ts';
import { withRegister } from '../with-register.ts';

export const accountsAssist: CliCommand = {
  usage: 'accounts assist',
  summary: 'stand by while a citizen activates at an assist point',
  details:
    "Within the hour the citizen starts at /activate with her own phone's code; the activation counts to the helper's channel and unit. The helper learns no code and no secret; both are named in the audit.",
  example:
    'npx dinhdanh accounts assist --citizen-id - --channel assist_point --officer bd-115 --unit 00070 --reason "came to the post office with her card"',
  options: [
    ...ACCOUNT_OPTIONS,
    {
      flags: '--channel <channel>',
      description: 'where she is helped',
      choices: ACTIVATION_CHANNELS.filter(isAssisted),
      fallback: 'assist_point',
    },
    ...OFFICER_OPTIONS,
  ],
  printsData: true,
  run: (input) =>
    withRegister(async (register) => {
      const { actor, reason } = officerOf(input);
      const channel = neededText(input.options, 'channel');
      if (!isActivationChannel(channel)) throw new WrongUsage('--channel has fixed values');
      const record = await findAccountRecord(register.db, await accountIdOf(register, input));
      if (record === undefined) throw new CommandFailed('There is no such account.');
      const outcome = await startAssistedAttempt(register, {
        citizenId: openCitizenId(register.vault, record.person),
        channel,
        unitCode: actor.unitCode,
        helperId: actor.id,
        reason,
        now: register.clock(),
      });
      if (outcome.kind !== 'opened') {
        input.print({ account: record.account.id, outcome: outcome.kind }, `Nothing to help with: ${outcome.kind}.`);
        return EXIT.refused;
      }
      const until = outcome.expiresAt.toISOString();
      const page = `${register.config.issuer}/activate`;
      input.print(
        { account: outcome.accountId, outcome: 'opened', assistance: outcome.assistanceId, until, page },
        `Until ${until} she can activate at ${page}, with the code on her own phone.`,
      );
      return EXIT.done;
    }),
};
