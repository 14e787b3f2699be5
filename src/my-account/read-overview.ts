import { findAccountRecord } from '../accounts/account-record.ts';
import { findAccountByPerson } from '../accounts/account-store.ts';
import { type Activation, listActivations } from '../accounts/activation-store.ts';
import type { LevelGrant } from '../accounts/level-grant-store.ts';
import { listWards, openCitizenId, openPhoneNumber } from '../accounts/person-store.ts';
import { listUnitsByCode, type UnitRecord } from '../accounts/unit-store.ts';
import type { AccountStatus } from '../domain/account.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { maskCitizenId } from '../domain/citizen-id.ts';
import { isPastDue } from '../domain/level-grant.ts';
import { maskPhoneNumber } from '../domain/phone-number.ts';
import { Refusal } from '../domain/refusal.ts';
import { vietNamDay } from '../domain/viet-nam-time.ts';
import type { MyAccountDeps } from './my-account-deps.ts';

export type OverviewLevel = LevelGrant & {
  /** By the clock: past its due time, whether or not the timer has marked it yet. */
  isLate: boolean;
  /** The unit that granted it, as it was called then. */
  unitName?: string;
  /** Oldest first. */
  activations: (Activation & { unitName?: string })[];
};

export type Overview = {
  fullName: string;
  maskedCitizenId: string;
  maskedPhone?: string;
  status: AccountStatus;
  accountLevel: AccountLevel | 0;
  firstLoginAt?: Date;
  levels: OverviewLevel[];
  /** People whose guardian she is and who have an account. */
  wardNames: string[];
};

/** @throws Refusal when the account is gone: the session outlived it. */
export async function readOverview(deps: MyAccountDeps, accountId: string): Promise<Overview> {
  const record = await findAccountRecord(deps.db, accountId);
  if (record === undefined) throw new Refusal('sign_in_required');
  const { account, person, grants, accountLevel } = record;
  const activations = await listActivations(deps.db, accountId);
  const codes = [...grants, ...activations].map(({ unitCode }) => unitCode).filter((code) => code !== undefined);
  const units = await listUnitsByCode(deps.db, [...new Set(codes)]);
  const phone = openPhoneNumber(deps.vault, person);
  const now = deps.clock();
  return {
    fullName: person.fullName,
    maskedCitizenId: maskCitizenId(openCitizenId(deps.vault, person)),
    status: account.status,
    accountLevel,
    levels: grants.map((grant) => ({
      ...grant,
      ...named(units, grant.unitCode, grant.grantedAt),
      isLate: isLate(grant, now),
      activations: activations
        .filter((one) => one.grantId === grant.id)
        .map((one) => ({ ...one, ...named(units, one.unitCode, one.activatedAt) })),
    })),
    wardNames: await namesOfWards(deps, person.id),
    ...(phone === undefined ? {} : { maskedPhone: maskPhoneNumber(phone) }),
    ...(account.firstLoginAt === undefined ? {} : { firstLoginAt: account.firstLoginAt }),
  };
}

function isLate(grant: LevelGrant, now: Date): boolean {
  if (grant.status === 'late_activation') return true;
  return grant.status === 'pending_activation' && grant.dueAt !== undefined && isPastDue(grant.dueAt, now);
}

/** A fact keeps the unit of its time: the name that the code had on that day, else the nearest one known. */
function named(units: readonly UnitRecord[], code: string | undefined, at: Date): { unitName?: string } {
  const day = vietNamDay(at);
  const spans = units.filter((unit) => unit.code === code);
  const unit = spans.find((one) => one.validFromOn <= day && (one.validToOn ?? day) >= day) ?? spans.at(-1);
  return unit === undefined ? {} : { unitName: unit.name };
}

async function namesOfWards(deps: MyAccountDeps, personId: string): Promise<string[]> {
  const wards = await listWards(deps.db, personId);
  const withAccount = await Promise.all(
    wards.map(async (ward) => ((await findAccountByPerson(deps.db, ward.id)) === undefined ? [] : [ward.fullName])),
  );
  return withAccount.flat();
}
