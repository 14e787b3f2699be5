import { findAccount, findAccountByPerson } from '../accounts/account-store.ts';
import { findPersonByCitizenId } from '../accounts/person-store.ts';
import type { Register } from '../assemble-register.ts';
import type { AuditActor } from '../domain/audit-event.ts';
import { type CitizenId, parseCitizenId } from '../domain/citizen-id.ts';
import { findUnit } from '../domain/place.ts';
import type { CommandInput, OptionSpec } from './command.ts';
import { CommandFailed, WrongUsage } from './failures.ts';
import { neededText, textOption } from './option-values.ts';
import { readLine } from './terminal.ts';

/** Every officer's act carries the officer, the unit and the reason (an invariant of the audit). */
export const OFFICER_OPTIONS: readonly OptionSpec[] = [
  { flags: '--officer <id>', description: 'who acts: a staff id, never a citizen id', isRequired: true },
  { flags: '--unit <code>', description: 'the unit of the officer', isRequired: true },
  { flags: '--reason <text>', description: 'why; it stands in the audit, so no personal data', isRequired: true },
];

export const ACCOUNT_OPTIONS: readonly OptionSpec[] = [
  { flags: '--account <id>', description: 'the account, as `accounts find` prints it' },
  {
    flags: '--citizen-id <->',
    description: 'always "-": the citizen id is read from standard input, never from the command line',
  },
];

export type Officer = { readonly actor: AuditActor & { id: string; unitCode: string }; readonly reason: string };

export function officerOf({ options }: CommandInput): Officer {
  const id = neededText(options, 'officer');
  const unitCode = neededText(options, 'unit');
  const reason = neededText(options, 'reason');
  if (findUnit(unitCode) === undefined) throw new WrongUsage('--unit is no unit of the register');
  if ([id, reason].some((text) => /\d{12}/.test(text)))
    throw new WrongUsage('--officer and --reason stand in the audit: no citizen id belongs there');
  return { actor: { kind: 'officer', id, unitCode }, reason };
}

/** @throws CommandFailed when there is no such account. */
export async function accountIdOf(register: Register, { options }: CommandInput): Promise<string> {
  const accountId = textOption(options, 'account');
  if ((accountId === undefined) === (options['citizenId'] === undefined))
    throw new WrongUsage('give either --account <id> or --citizen-id -');
  if (accountId === undefined) return accountIdOfCitizen(register, await readCitizenId(register, options['citizenId']));
  if ((await findAccount(register.db, accountId)) === undefined) throw new CommandFailed('There is no such account.');
  return accountId;
}

/** @throws CommandFailed when the person has no account. */
export async function accountIdOfCitizen(register: Register, citizenId: CitizenId): Promise<string> {
  const person = await findPersonByCitizenId(register.db, register.vault, citizenId);
  const account = person && (await findAccountByPerson(register.db, person.id));
  if (account === undefined) throw new CommandFailed('Nobody with this citizen id has an account.');
  return account.id;
}

/** @param told what stands behind `--citizen-id`: anything but "-" was a mistake, and is not repeated. */
export async function readCitizenId({ config }: Register, told: unknown): Promise<CitizenId> {
  if (told !== '-')
    throw new WrongUsage(
      '--citizen-id takes "-" alone: type the number when asked, or pipe it in. On the command line others can read it',
    );
  const parsed = parseCitizenId(await readLine('Citizen id'), { allowSynthetic: config.isSandbox });
  if (!parsed.ok) throw new WrongUsage(`what was read is no citizen id (${parsed.reason})`);
  return parsed.value;
}
