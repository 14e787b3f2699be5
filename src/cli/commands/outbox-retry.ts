import { retryDeadLetters } from '../../platform/dead-letters.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { textOption } from '../option-values.ts';
import { withRegister } from '../with-register.ts';

export const outboxRetry: CliCommand = {
  usage: 'outbox retry',
  summary: 'try again to deliver what was given up',
  details: 'The running provider delivers it. Exit code 1 when there was nothing to try again.',
  example: 'npx dinhdanh outbox retry',
  options: [{ flags: '--id <id>', description: 'this message alone, as `outbox list` shows it' }],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db, clock }) => {
      const count = await retryDeadLetters(db, textOption(options, 'id'), clock());
      print({ retried: count }, `${count} messages wait again.`);
      return count > 0 ? EXIT.done : EXIT.refused;
    }),
};
