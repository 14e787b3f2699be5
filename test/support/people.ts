import { randomInt } from 'node:crypto';
import { type Account, findAccount, insertAccounts } from '../../src/accounts/account-store.ts';
import { completeActivation } from '../../src/accounts/complete-activation.ts';
import { putCredential } from '../../src/accounts/credential-store.ts';
import { grantLevel, markLateGrants, notifyGrant } from '../../src/accounts/grant-level.ts';
import { lockAccount } from '../../src/accounts/lock-account.ts';
import { insertPerson, type NewPerson } from '../../src/accounts/person-store.ts';
import type { ActivationChannel } from '../../src/domain/activation.ts';
import type { AccountLevel } from '../../src/domain/assurance.ts';
import { type CitizenId, parseCitizenId } from '../../src/domain/citizen-id.ts';
import type { GrantStatus } from '../../src/domain/level-grant.ts';
import type { LockGround } from '../../src/domain/lock.ts';
import { type PhoneNumber, parsePhoneNumber } from '../../src/domain/phone-number.ts';
import { normaliseAnswer, type SecurityQuestion } from '../../src/domain/secrets-policy.ts';
import { vietNamDay } from '../../src/domain/viet-nam-time.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { type Db, inTransaction } from '../../src/platform/database.ts';
import { newId, newSecret } from '../../src/platform/ids.ts';
import type { Outbox } from '../../src/platform/outbox.ts';
import type { SecretHasher } from '../../src/platform/secret-hashing.ts';
import type { Vault } from '../../src/platform/vault.ts';

/** What the builders need; the test app has it all. People are made through the real stores and actions, so that counters and audit hold. */
export type PeopleApp = {
  db: Db;
  vault: Vault;
  hasher: Pick<SecretHasher, 'hash'>;
  outbox: Pick<Outbox, 'enqueue'>;
  clock: Clock;
};

/** What everybody built here chose, unless told otherwise. */
export const TEST_SECRETS = {
  password: 'Sen_hong#2026',
  passcode: '295817',
  question1: 'first_school',
  answer1: 'Trường Chu Văn An',
  question2: 'favourite_dish',
  answer2: 'bún chả',
} as const satisfies Record<string, string> & { question1: SecurityQuestion; question2: SecurityQuestion };

const UNIT = '00004';
const DAY_MS = 86_400_000;

/** A person of a test, with the two numbers as a citizen types them. */
export type TestPerson = {
  personId: string;
  accountId: string;
  citizenId: CitizenId;
  phone: PhoneNumber;
  fullName: string;
  birthOn: string;
};

export type PersonOptions = {
  /** Completed years today. */
  age?: number;
  birthOn?: string;
  fullName?: string;
  phone?: string;
  /** A small child may have none; `phone` of the result is then a number that no one has. */
  hasPhone?: boolean;
  unitCode?: string;
  guardian?: TestPerson;
} & Partial<Pick<NewPerson, 'kind' | 'gender' | 'nationality' | 'cardStatus' | 'cardIssuedOn' | 'cardExpiresOn'>>;

const DEFAULTS = {
  age: 36,
  fullName: 'Nguyễn Thị Thử Nghiệm',
  hasPhone: true,
  unitCode: UNIT,
  kind: 'citizen',
  gender: 'female',
  nationality: 'VNM',
  cardStatus: 'valid',
  cardIssuedOn: '2022-03-15',
  cardExpiresOn: '2042-03-15',
} as const satisfies PersonOptions;

/** A person with a provisional account and no level yet. The citizen id is synthetic (999…). */
export async function givePerson(app: PeopleApp, options: PersonOptions = {}): Promise<TestPerson> {
  const now = app.clock();
  const { age, unitCode, guardian, hasPhone, phone: typedPhone, ...told } = { ...DEFAULTS, ...options };
  const birthOn = told.birthOn ?? birthDayAtAge(age, now);
  const citizenId = syntheticCitizenId(birthOn, told.gender);
  const phone = phoneNumber(typedPhone ?? `09${digits(8)}`);
  const person: NewPerson = {
    id: newId(),
    citizenId,
    birthOn,
    residenceUnitCode: unitCode,
    residenceAddress: 'Số 1 phố Thử Nghiệm',
    residenceType: 'permanent',
    kind: told.kind,
    fullName: told.fullName,
    gender: told.gender,
    nationality: told.nationality,
    cardStatus: told.cardStatus,
    cardIssuedOn: told.cardIssuedOn,
    cardExpiresOn: told.cardExpiresOn,
    ...(hasPhone ? { phone } : {}),
    ...(guardian === undefined ? {} : { guardianPersonId: guardian.personId, guardianRelationship: 'mother' as const }),
  };
  const account: Account = {
    id: newId(),
    personId: person.id,
    publicSubject: newSecret(),
    status: 'provisional',
    createdAt: now,
  };
  await inTransaction(app.db, async (tx) => {
    await insertPerson(tx, app.vault, person, now);
    await insertAccounts(tx, [account]);
  });
  return { personId: person.id, accountId: account.id, citizenId, phone, fullName: person.fullName, birthOn };
}

export type GrantOptions = {
  level?: AccountLevel;
  /** How far it came; `pending_activation` unless told. A late one was notified 30 days ago unless told. */
  status?: GrantStatus;
  notifiedAt?: Date;
  activatedAt?: Date;
  channel?: ActivationChannel;
  unitCode?: string;
};

/** Grants a level and brings it as far as `status` says. @returns the grant's id. */
export async function giveGrant(app: PeopleApp, person: TestPerson, options: GrantOptions = {}): Promise<string> {
  const now = app.clock();
  const status = options.status ?? 'pending_activation';
  const notifiedAt = options.notifiedAt ?? (status === 'late_activation' ? new Date(now.getTime() - 30 * DAY_MS) : now);
  const grantId = await inTransaction(app.db, async (tx) => {
    const grant = await grantLevel(tx, {
      accountId: person.accountId,
      accountLevel: options.level ?? 2,
      grantedAt: notifiedAt,
      unitCode: options.unitCode ?? UNIT,
      actor: { kind: 'system' },
      now,
    });
    if (status !== 'granted') await notifyGrant(tx, app, { grantId: grant.id, notifiedAt, now });
    if (status === 'activated') {
      const outcome = await completeActivation(tx, {
        accountId: person.accountId,
        grantId: grant.id,
        at: options.activatedAt ?? notifiedAt,
        channel: options.channel ?? 'self',
        actor: { kind: 'citizen', id: person.accountId },
      });
      if (outcome !== 'activated') throw new Error(`The test's grant was not activated: ${outcome}.`);
    }
    return grant.id;
  });
  if (status === 'late_activation') await markLateGrants(app.db, now);
  return grantId;
}

export type SecretOptions = Partial<Record<keyof typeof TEST_SECRETS, string>>;

/** A password, a passcode and two answers, hashed as the activation would. */
export async function giveSecrets(app: PeopleApp, person: TestPerson, options: SecretOptions = {}): Promise<void> {
  const now = app.clock();
  const secrets = { ...TEST_SECRETS, ...options };
  const { accountId } = person;
  const [password, passcode, answer1, answer2] = await Promise.all([
    app.hasher.hash(secrets.password),
    app.hasher.hash(secrets.passcode),
    app.hasher.hash(normaliseAnswer(secrets.answer1)),
    app.hasher.hash(normaliseAnswer(secrets.answer2)),
  ]);
  await inTransaction(app.db, async (tx) => {
    await putCredential(tx, { accountId, kind: 'password', secret: password }, now);
    await putCredential(tx, { accountId, kind: 'passcode', secret: passcode }, now);
    await putCredential(tx, { accountId, kind: 'answer_1', secret: answer1, question: secrets.question1 }, now);
    await putCredential(tx, { accountId, kind: 'answer_2', secret: answer2, question: secrets.question2 }, now);
  });
}

/** Level 2 granted and notified today, waiting for its activation. */
export async function givePendingPerson(
  app: PeopleApp,
  options: PersonOptions & GrantOptions = {},
): Promise<TestPerson> {
  const person = await givePerson(app, options);
  await giveGrant(app, person, options);
  return person;
}

/** Activated (level 2 unless told) and able to sign in with `TEST_SECRETS`. */
export async function giveActivePerson(
  app: PeopleApp,
  options: PersonOptions & Omit<GrantOptions, 'status'> & SecretOptions = {},
): Promise<TestPerson> {
  const person = await givePerson(app, options);
  await giveGrant(app, person, { ...options, status: 'activated' });
  await giveSecrets(app, person, options);
  return person;
}

export async function giveLock(
  app: PeopleApp,
  person: TestPerson,
  ground: LockGround = 'holder_request',
): Promise<void> {
  await inTransaction(app.db, (tx) =>
    lockAccount(tx, app, {
      accountId: person.accountId,
      ground,
      reason: 'test',
      actor: { kind: 'operator', id: 'test' },
      requestedBy: 'test',
      now: app.clock(),
    }),
  );
}

/** The account as it stands now. */
export async function accountOf(app: PeopleApp, person: TestPerson): Promise<Account> {
  const account = await findAccount(app.db, person.accountId);
  if (account === undefined) throw new Error('The test person has no account.');
  return account;
}

/** A birthday long past this year, so that the age is that of the whole test. */
function birthDayAtAge(age: number, now: Date): string {
  const [year = '', month = '', day = ''] = vietNamDay(new Date(now.getTime() - 40 * DAY_MS)).split('-');
  // 28: the day exists in every month of every year.
  return `${Number(year) - age}-${month}-${Number(day) > 28 ? '28' : day}`;
}

/** Digits as the register would give them, after the unassigned prefix. */
export function syntheticCitizenId(birthOn: string, gender: 'male' | 'female'): CitizenId {
  const century = (Number(birthOn.slice(0, 2)) - 19) * 2 + (gender === 'female' ? 1 : 0);
  const parsed = parseCitizenId(`999${century}${birthOn.slice(2, 4)}${digits(6)}`, { allowSynthetic: true });
  if (!parsed.ok) throw new Error(`The test made a citizen id that is ${parsed.reason}.`);
  return parsed.value;
}

function phoneNumber(text: string): PhoneNumber {
  const parsed = parsePhoneNumber(text);
  if (!parsed.ok) throw new Error(`The test made a phone number that is ${parsed.reason}.`);
  return parsed.value;
}

const newest = new Map<number, number>();

/** One after the other from anywhere below the personas', so that no two are alike: among five hundred people random ones are, now and then. */
function digits(count: number): string {
  const next = (newest.get(count) ?? randomInt(0, 0.9 * 10 ** count)) + 1;
  newest.set(count, next);
  return String(next).padStart(count, '0');
}
