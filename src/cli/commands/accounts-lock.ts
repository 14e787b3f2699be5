import { findAccountRecord } from '../../accounts/account-record.ts';
import { lockAccount, unlockAccount } from '../../accounts/lock-account.ts';
import type { Register } from '../../assemble-register.ts';
import {
  appliesTo,
  isLockGround,
  LOCK_GROUNDS,
  type LockActor,
  type LockGround,
  mayCloseLock,
  mayOpenLock,
} from '../../domain/lock.ts';
import { instantText } from '../../i18n/dates.ts';
import { translator } from '../../i18n/translator.ts';
import { inTransaction } from '../../platform/database.ts';
import { type CliCommand, type CommandInput, EXIT, type OptionSpec } from '../command.ts';
import { CommandFailed, WrongUsage } from '../failures.ts';
import { ACCOUNT_OPTIONS, accountIdOf, OFFICER_OPTIONS, officerOf } from '../officer.ts';
import { neededText } from '../option-values.ts';
import { withRegister } from '../with-register.ts';

const ASKERS: readonly LockActor[] = ['holder', 'guardian', 'identity_authority', 'competent_authority', 'register'];

const LOCK_OPTIONS: readonly OptionSpec[] = [
  ...ACCOUNT_OPTIONS,
  { flags: '--ground <ground>', description: 'the legal ground', isRequired: true, choices: LOCK_GROUNDS },
  { flags: '--asked-by <who>', description: 'who asks for it', choices: ASKERS, fallback: 'identity_authority' },
  ...OFFICER_OPTIONS,
];

export const accountsLock: CliCommand = {
  usage: 'accounts lock',
  summary: 'open a ground on which an account is locked',
  details:
    'Sessions and tokens end at once, and the holder is told by SMS (not after a death). Decree 69/2024/NĐ-CP, Articles 29, 30. A relying party may not ask.',
  example:
    'npx dinhdanh accounts lock --account <id> --ground holder_request --asked-by holder --officer cb-0412 --unit 00070 --reason "lost her phone"',
  options: LOCK_OPTIONS,
  printsData: true,
  run: (input) =>
    withRegister(async (register) => {
      const { officer, accountId, ground, askedBy } = await readLockInput(register, input);
      if (!mayOpenLock(ground, askedBy)) throw new CommandFailed(`Ground ${ground} cannot be asked for by ${askedBy}.`);
      const now = register.clock();
      const sms = ground === 'death' ? {} : { smsText: smsText('sms.locked_by_officer', now) };
      const outcome = await inTransaction(register.db, (tx) =>
        lockAccount(tx, register, {
          accountId,
          ground,
          ...officer,
          ...sms,
          requestedBy: `${askedBy} (${officer.actor.id})`,
          now,
        }),
      );
      input.print({ account: accountId, outcome }, LOCKED[outcome]);
      return outcome === 'locked' ? EXIT.done : EXIT.refused;
    }),
};

export const accountsUnlock: CliCommand = {
  usage: 'accounts unlock',
  summary: 'close a ground; the account opens when none remains',
  example:
    'npx dinhdanh accounts unlock --account <id> --ground holder_request --officer cb-0412 --unit 00070 --reason "came with her card"',
  options: LOCK_OPTIONS,
  printsData: true,
  run: (input) =>
    withRegister(async (register) => {
      const { officer, accountId, ground, askedBy } = await readLockInput(register, input);
      if (!mayCloseLock(ground, askedBy)) throw new CommandFailed(`Ground ${ground} cannot be closed for ${askedBy}.`);
      const now = register.clock();
      const outcome = await inTransaction(register.db, (tx) =>
        unlockAccount(tx, register, { accountId, ground, ...officer, now, smsText: smsText('sms.unlocked', now) }),
      );
      input.print({ account: accountId, outcome }, UNLOCKED[outcome]);
      return outcome === 'not_open' ? EXIT.refused : EXIT.done;
    }),
};

const LOCKED = {
  locked: 'Locked.',
  already: 'This ground was open already; nothing was changed.',
  no_account: 'The account is closed; nothing was changed.',
} as const;
const UNLOCKED = {
  unlocked: 'Unlocked.',
  still_locked: 'The ground is closed; the account stays locked on another one.',
  not_open: 'No such ground is open; nothing was changed.',
} as const;

async function readLockInput(
  register: Register,
  input: CommandInput,
): Promise<{ officer: ReturnType<typeof officerOf>; accountId: string; ground: LockGround; askedBy: LockActor }> {
  const officer = officerOf(input);
  const ground = neededText(input.options, 'ground');
  const askedBy = ASKERS.find((one) => one === input.options['askedBy']);
  if (!isLockGround(ground) || askedBy === undefined) throw new WrongUsage('--ground and --asked-by have fixed values');
  const accountId = await accountIdOf(register, input);
  const kind = (await findAccountRecord(register.db, accountId))?.person.kind;
  if (kind === undefined || !appliesTo(ground, kind))
    throw new CommandFailed(`Ground ${ground} does not befall this person.`);
  return { officer, accountId, ground, askedBy };
}

function smsText(key: 'sms.locked_by_officer' | 'sms.unlocked', now: Date): string {
  return translator('vi')(key, { at: instantText('vi', now) });
}
