import type { CliCommand } from '../command.ts';
import { accountIdOfCitizen, readCitizenId } from '../officer.ts';
import { withRegister } from '../with-register.ts';

export const accountsFind: CliCommand = {
  usage: 'accounts find',
  summary: 'print the account id of a citizen',
  details: 'The citizen id is read from standard input, never from the command line, where others could read it.',
  example: 'npx dinhdanh accounts find < one-citizen-id.txt',
  printsData: true,
  run: ({ print }) =>
    withRegister(async (register) => {
      const accountId = await accountIdOfCitizen(register, await readCitizenId(register, '-'));
      print({ account: accountId }, accountId);
      return undefined;
    }),
};
