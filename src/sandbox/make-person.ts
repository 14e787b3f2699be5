import { randomInt } from 'node:crypto';
import { findAccount } from '../accounts/account-store.ts';
import { markLateGrants } from '../accounts/grant-level.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import { parseFullName } from '../domain/full-name.ts';
import { mayBeGranted } from '../domain/level-grant.ts';
import { HANOI_UNITS } from '../domain/place-data.ts';
import { addDays, vietNamDay } from '../domain/viet-nam-time.ts';
import type { Clock } from '../platform/clock.ts';
import { inTransaction, isUniqueViolation } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { type PersonSecrets, personaOf, type SeedGrant } from './personas.ts';
import { hashSecrets, registerPerson } from './register-person.ts';
import {
  birthOnAtAge,
  personaIds,
  type SandboxPerson,
  sandboxId,
  syntheticCitizenId,
  syntheticPhone,
} from './sandbox-person.ts';
import { grantNotice, type SeedDeps } from './seed-personas.ts';

/** What everybody made at /sandbox/people has chosen, or may choose. */
export const MADE_SECRETS: PersonSecrets = {
  password: 'Nuoc_trong#26',
  passcode: '850317',
  question1: 'first_school',
  answer1: 'Trường Đầu Làng',
  question2: 'favourite_dish',
  answer2: 'cơm rang',
};

export const MADE_STATUSES = ['pending', 'late', 'activated', 'locked'] as const;
export type MadeStatus = (typeof MADE_STATUSES)[number];

/** As typed; '' where nothing was. */
export type PersonWish = { level: string; status: string; age: string; gender: string; full_name: string };
export type WishField = keyof PersonWish;

/** `invalid`: which fields, and why; `too_young`: the law gives no such level at that age. */
export type MadePerson =
  | { kind: 'made'; accountId: string }
  | { kind: 'invalid'; problems: { field: WishField; reason: 'not_offered' | 'too_young' }[] };

type Wanted = {
  level: AccountLevel;
  status: MadeStatus;
  age: number;
  gender: 'male' | 'female';
  fullName: string | undefined;
};

const GRANTS: Readonly<Record<MadeStatus, Omit<SeedGrant, 'level'>>> = {
  pending: { notifiedDaysAgo: 0 },
  late: { notifiedDaysAgo: 30 },
  activated: { notifiedDaysAgo: 3, activatedDaysAgo: 2 },
  locked: { notifiedDaysAgo: 3, activatedDaysAgo: 2 },
};

const FAMILY_NAMES = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ', 'Đặng', 'Bùi', 'Đỗ', 'Ngô'];
const GIVEN_NAMES = {
  female: ['Thị Bưởi', 'Thị Cúc', 'Thu Đào', 'Hương Lan', 'Thị Mận', 'Bích Ngọc', 'Thị Sen', 'Ánh Tuyết'],
  male: ['Văn Bách', 'Đình Cường', 'Hữu Dũng', 'Văn Hải', 'Quang Khải', 'Đức Lâm', 'Văn Tùng', 'Xuân Vinh'],
};

const TRIES = 5;

/** Makes a new fictional person: `pending` can activate, `activated` can sign in. She is found by her account's id. */
export async function makePerson(deps: SeedDeps & { clock: Clock }, wish: PersonWish): Promise<MadePerson> {
  const judged = judgeWish(wish);
  if (judged.kind === 'invalid') return judged;
  const now = deps.clock();
  const guardian = judged.wanted.age < 14 ? await guardianOf(deps) : undefined;
  for (let attempt = 1; ; attempt += 1) {
    const person = newSandboxPerson(judged.wanted, guardian, now);
    const hashed = await hashSecrets(deps, person);
    try {
      await inTransaction(deps.db, async (tx) =>
        registerPerson(tx, deps, { person, hashed, now, notice: grantNotice(deps.config.issuer) }),
      );
      if (judged.wanted.status === 'late') await markLateGrants(deps.db, now);
      return { kind: 'made', accountId: person.accountId };
    } catch (error) {
      // The number or the telephone is somebody's: draw again.
      if (!isUniqueViolation(error) || attempt >= TRIES) throw error;
    }
  }
}

function judgeWish(wish: PersonWish): { kind: 'wanted'; wanted: Wanted } | (MadePerson & { kind: 'invalid' }) {
  const level = wish.level === '1' ? 1 : 2;
  const status = MADE_STATUSES.find((one) => one === (wish.status || 'pending'));
  const age = Number(wish.age || '30');
  const gender = (['female', 'male'] as const).find((one) => one === (wish.gender || 'female'));
  const name = wish.full_name === '' ? undefined : parseFullName(wish.full_name);
  const isOffered: Record<WishField, boolean> = {
    level: ['', '1', '2'].includes(wish.level),
    status: status !== undefined,
    age: /^\d{0,3}$/.test(wish.age) && age <= 110,
    gender: gender !== undefined,
    full_name: name === undefined || name.ok,
  };
  const problems = (Object.keys(isOffered) as WishField[])
    .filter((field) => !isOffered[field])
    .map((field) => ({ field, reason: 'not_offered' as const }));
  if (problems.length > 0 || status === undefined || gender === undefined) return { kind: 'invalid', problems };
  const judgement = mayBeGranted({ kind: 'citizen', ageYears: age, hasValidCard: true, level, onRequest: true });
  if (judgement.kind === 'refused') return { kind: 'invalid', problems: [{ field: 'age', reason: 'too_young' }] };
  return { kind: 'wanted', wanted: { level, status, age, gender, fullName: name?.ok ? name.value : undefined } };
}

/** Whoever is under 14 has the persona `l2-active` as guardian, if she is there. */
async function guardianOf(deps: SeedDeps): Promise<SandboxPerson['guardian']> {
  const { accountId, personId } = personaIds(personaOf('l2-active').key);
  return (await findAccount(deps.db, accountId)) === undefined ? undefined : { personId, relationship: 'guardian' };
}

function newSandboxPerson(wanted: Wanted, guardian: SandboxPerson['guardian'], now: Date): SandboxPerson {
  const { level, status, age, gender, fullName } = wanted;
  const birthOn = birthOnAtAge(age, now);
  const [unitCode] = oneOf(HANOI_UNITS);
  return {
    personId: sandboxId(newId()),
    accountId: sandboxId(newId()),
    kind: 'citizen',
    citizenId: syntheticCitizenId({ birthOn, gender, serial: digits(6) }),
    phone: syntheticPhone(`095${digits(7)}`),
    fullName: fullName ?? `${oneOf(FAMILY_NAMES)} ${oneOf(GIVEN_NAMES[gender])}`,
    gender,
    birthOn,
    nationality: 'VNM',
    placeOfBirth: 'Hà Nội',
    unitCode,
    street: `Số ${randomInt(1, 200)} phố Thử Nghiệm`,
    cardIssuedOn: addDays(vietNamDay(now), -120),
    grants: [{ level, ...GRANTS[status] }],
    secrets: MADE_SECRETS,
    ...(guardian === undefined ? {} : { guardian }),
    ...(status === 'locked' ? { lock: 'holder_request' as const } : {}),
  };
}

function oneOf<T>(items: readonly T[]): T {
  return items[randomInt(items.length)] as T;
}

function digits(count: number): string {
  return String(randomInt(10 ** count)).padStart(count, '0');
}
