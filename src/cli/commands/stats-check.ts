import { checkCounters } from '../../accounts/activation-event-store.ts';
import { checkResidentCounters, fillResidents } from '../../accounts/count-residents.ts';
import { checkRpCounters } from '../../accounts/rp-use-store.ts';
import { checkFunnel } from '../../activation/funnel-store.ts';
import { appendAudit } from '../../audit/audit-store.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { isSet } from '../option-values.ts';
import { columns } from '../terminal.ts';
import { OPERATOR, withRegister } from '../with-register.ts';

export const statsCheck: CliCommand = {
  usage: 'stats check',
  summary: 'count all events and residents again and compare with the counters',
  details:
    'Also compares activation attempts counted with those that the audit says were started; these cannot be repaired. Exit code 1 where a counter differs and was not repaired.',
  example: 'npx dinhdanh stats check --repair',
  options: [{ flags: '--repair', description: 'write the recount over the counters that differ' }],
  printsData: true,
  run: ({ options, print }) =>
    withRegister(async ({ db, clock }) => {
      const repair = isSet(options, 'repair');
      // People of an older database whom the timer has not come to yet are counted first.
      await fillResidents(db);
      const differing = [
        ...(await checkCounters(db, { repair })),
        ...(await checkRpCounters(db, { repair })),
        ...(await checkResidentCounters(db, { repair })),
      ];
      const action = repair ? 'statistics.repaired' : 'statistics.recounted';
      await appendAudit(db, { at: clock(), actor: OPERATOR, action, detail: { differing: differing.length } });
      const attempts = await checkFunnel(db);
      const rows = differing.map((row) => Object.values(row).map(String));
      const verdict = repair ? 'differed and were repaired' : 'differ from the recount';
      const text =
        differing.length === 0 ? 'All counters equal the recount.' : `${differing.length} counters ${verdict}.`;
      const lost = attempts.map(({ day, counted, recounted }) => [day, `${counted} attempts`, `${recounted} started`]);
      const attemptsText =
        attempts.length === 0 ? 'Attempts counted equal those started.' : 'Attempts differ from those started:';
      print(
        { differing, repaired: repair && differing.length > 0, differing_attempts: attempts },
        [text, columns(rows), attemptsText, columns(lost)].filter((part) => part !== '').join('\n'),
      );
      const isRight = differing.length === 0 || repair;
      return isRight && attempts.length === 0 ? EXIT.done : EXIT.refused;
    }),
};
