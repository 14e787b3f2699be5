import { findAccountRecord } from '../../accounts/account-record.ts';
import type { LevelGrant } from '../../accounts/level-grant-store.ts';
import { listOpenGrounds } from '../../accounts/lock-ground-store.ts';
import { openCitizenId, openPhoneNumber } from '../../accounts/person-store.ts';
import { appendAudit } from '../../audit/audit-store.ts';
import { maskCitizenId } from '../../domain/citizen-id.ts';
import { maskPhoneNumber } from '../../domain/phone-number.ts';
import type { CliCommand } from '../command.ts';
import { CommandFailed } from '../failures.ts';
import { ACCOUNT_OPTIONS, accountIdOf, OFFICER_OPTIONS, officerOf } from '../officer.ts';
import { columns } from '../terminal.ts';
import { withRegister } from '../with-register.ts';

export const accountsShow: CliCommand = {
  usage: 'accounts show',
  summary: 'show an account: levels, status, locks; numbers masked',
  details: 'The look is put into the audit.',
  example: 'npx dinhdanh accounts show --account <id> --officer cb-0412 --unit 00070 --reason "called the hotline"',
  options: [...ACCOUNT_OPTIONS, ...OFFICER_OPTIONS],
  printsData: true,
  run: (input) =>
    withRegister(async (register) => {
      const { db, vault, clock } = register;
      const { actor, reason } = officerOf(input);
      const accountId = await accountIdOf(register, input);
      const record = await findAccountRecord(db, accountId);
      if (record === undefined) throw new CommandFailed('There is no such account.');
      await appendAudit(db, { at: clock(), actor, action: 'account.shown', accountId, reason });
      const phone = openPhoneNumber(vault, record.person);
      const data = {
        account: accountId,
        citizen_id: maskCitizenId(openCitizenId(vault, record.person)),
        phone_number: phone === undefined ? null : maskPhoneNumber(phone),
        full_name: record.person.fullName,
        status: record.account.status,
        account_level: record.accountLevel,
        grants: record.grants.map(grantAsData),
        locks: (await listOpenGrounds(db, accountId)).map(({ ground, openedAt, unitCode }) => ({
          ground,
          opened_at: openedAt.toISOString(),
          unit: unitCode ?? null,
        })),
      };
      input.print(data, describe(data));
      return undefined;
    }),
};

type Shown = { grants: object[]; locks: object[] } & Record<string, string | number | object[] | null>;

function describe({ grants, locks, ...facts }: Shown): string {
  const line = (name: string) => (values: object) => [name, Object.values(values).filter(Boolean).join('  ')];
  const rows = Object.entries(facts).map(([name, value]) => [name, typeof value === 'object' ? '–' : String(value)]);
  return columns([...rows, ...grants.map(line('grant')), ...locks.map(line('lock'))]);
}

function grantAsData(grant: LevelGrant): object {
  const text = (instant: Date | undefined): string | null => instant?.toISOString() ?? null;
  return {
    account_level: grant.accountLevel,
    status: grant.status,
    unit: grant.unitCode ?? null,
    granted_at: text(grant.grantedAt),
    notified_at: text(grant.notifiedAt),
    due_at: text(grant.dueAt),
    activated_at: text(grant.activatedAt),
    first_login_at: text(grant.firstLoginAt),
    channel: grant.channel ?? null,
  };
}
