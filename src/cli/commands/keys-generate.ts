import { appendAudit } from '../../audit/audit-store.ts';
import { generateSigningKeys, listSigningKeys } from '../../oidc/signing-keys.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { OPERATOR, withRegister } from '../with-register.ts';
import { describeKeys, keysAsData } from './keys-list.ts';

export const keysGenerate: CliCommand = {
  usage: 'keys generate',
  summary: 'make the first signing keys',
  details:
    'A current and a next key for ES256 and for RS256, in KEYS_FOLDER, readable by this user alone. Never replaces keys.',
  example: 'npx dinhdanh keys generate',
  printsData: true,
  run: ({ print }) =>
    withRegister(async ({ config, db, clock }) => {
      const isMade = await generateSigningKeys(config.keysFolder, clock());
      const keys = await listSigningKeys(config.keysFolder);
      if (isMade) await appendAudit(db, { at: clock(), actor: OPERATOR, action: 'keys.generated' });
      print(
        { made: isMade, keys: keysAsData(keys) },
        isMade ? describeKeys(keys) : 'There are keys already; see keys list.',
      );
      return isMade ? EXIT.done : EXIT.refused;
    }),
};
