import { appendAudit } from '../../audit/audit-store.ts';
import { rotateSigningKeys } from '../../oidc/signing-keys.ts';
import type { CliCommand } from '../command.ts';
import { CommandFailed } from '../failures.ts';
import { OPERATOR, withRegister } from '../with-register.ts';
import { describeKeys, keysAsData } from './keys-list.ts';

export const keysRotate: CliCommand = {
  usage: 'keys rotate',
  summary: 'let the next signing keys sign, and publish new next ones',
  details:
    'Running processes take them within ten seconds. Refused while the next keys are published too short a time.',
  example: 'npx dinhdanh keys rotate',
  printsData: true,
  run: ({ print }) =>
    withRegister(async ({ config, db, clock }) => {
      const rotation = await rotateSigningKeys(config.keysFolder, clock());
      if (rotation.kind === 'too_early')
        throw new CommandFailed(
          `The next keys are too young: relying parties may not have read them. Try again after ${rotation.mayRotateAt.toISOString()}.`,
        );
      await appendAudit(db, { at: clock(), actor: OPERATOR, action: 'keys.rotated' });
      print(
        { keys: keysAsData(rotation.keys) },
        `${describeKeys(rotation.keys)}\nRunning processes take them within ten seconds.`,
      );
      return undefined;
    }),
};
