import { sealAudit, verifyAudit } from '../../audit/audit-store.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { withRegister } from '../with-register.ts';

export const auditVerify: CliCommand = {
  usage: 'audit verify',
  summary: 'recompute the chain over the audit trail',
  details: 'Seals what is not sealed yet, then checks every entry. Exit code 1 where one was altered or taken out.',
  example: 'npx dinhdanh audit verify',
  printsData: true,
  run: ({ print }) =>
    withRegister(async ({ db }) => {
      while ((await sealAudit(db)) > 0);
      const { checked, brokenAt } = await verifyAudit(db);
      const data = { checked, broken_at: brokenAt ?? null };
      if (brokenAt === undefined) print(data, `${checked} entries, all as they were written.`);
      else print(data, `Entry ${brokenAt} is not as it was written; the ${checked} before it are.`);
      return brokenAt === undefined ? EXIT.done : EXIT.refused;
    }),
};
