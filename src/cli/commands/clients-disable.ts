import { disableClient } from '../../relying-parties/register-client.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { neededText } from '../option-values.ts';
import { OPERATOR, withRegister } from '../with-register.ts';

export const clientsDisable: CliCommand = {
  usage: 'clients disable <id>',
  summary: 'stop a relying party: no sign-in and no token from now on',
  example: 'npx dinhdanh clients disable tra-cuu --reason "contract ended"',
  options: [{ flags: '--reason <text>', description: 'why; it stands in the audit', isRequired: true }],
  printsData: true,
  run: ({ args, options, print }) =>
    withRegister(async (register) => {
      const id = args[0] ?? '';
      const reason = neededText(options, 'reason');
      const isDisabled = await disableClient(register, id, { actor: OPERATOR, reason });
      print(
        { client_id: id, disabled: isDisabled },
        isDisabled ? 'Disabled.' : 'There is no such client, or it was disabled before.',
      );
      return isDisabled ? EXIT.done : EXIT.refused;
    }),
};
