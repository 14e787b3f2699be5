import { listDeadLetters } from '../../platform/dead-letters.ts';
import type { CliCommand } from '../command.ts';
import { columns } from '../terminal.ts';
import { withRegister } from '../with-register.ts';

const MOST = 1_000;

export const outboxList: CliCommand = {
  usage: 'outbox list',
  summary: 'show how many messages wait, and those that were given up',
  details: 'What a message says and to whom it goes stays sealed.',
  example: 'npx dinhdanh outbox list --json',
  printsData: true,
  run: ({ print }) =>
    withRegister(async ({ db, outbox }) => {
      const { waiting, dead } = await outbox.counts();
      const letters = await listDeadLetters(db, MOST);
      const rows = letters.map(({ id, kind, tries, lastError, settledAt }) => [
        id,
        kind,
        `${tries} tries`,
        settledAt.toISOString(),
        lastError ?? '',
      ]);
      const data = letters.map(({ id, kind, tries, lastError, createdAt, settledAt }) => ({
        id,
        kind,
        tries,
        last_error: lastError ?? null,
        created_at: createdAt.toISOString(),
        given_up_at: settledAt.toISOString(),
      }));
      print(
        { waiting, dead, letters: data },
        [`${waiting} waiting, ${dead} given up`, columns(rows)].join('\n').trim(),
      );
      return undefined;
    }),
};
