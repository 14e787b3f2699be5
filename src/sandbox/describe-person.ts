import { generate } from 'otplib';
import { type AccountRecord, findAccountRecord } from '../accounts/account-record.ts';
import { type Credential, listCredentials } from '../accounts/credential-store.ts';
import { openCitizenId, openPhoneNumber } from '../accounts/person-store.ts';
import { totpSecretPlace } from '../accounts/verify-totp.ts';
import type { AccountStatus } from '../domain/account.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import type { GrantStatus } from '../domain/level-grant.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import type { Vault } from '../platform/vault.ts';
import { MADE_SECRETS } from './make-person.ts';
import { personaAccount } from './persona-account.ts';
import { isPersonaKey, PERSONAS, type PersonaKey, type PersonSecrets, personaOf } from './personas.ts';

export type DescribeDeps = { db: Db; vault: Vault; clock: Clock };

/** A fictional person as she stands now, with everything a tester types. */
export type DescribedPerson = {
  /** What follows `persona:` in a login_hint: a persona's key, or the account id of a person made at /sandbox/people. */
  key: string;
  personaKey?: PersonaKey;
  accountId: string;
  citizenId: string;
  phone: string;
  fullName: string;
  birthOn: string;
  gender: 'male' | 'female';
  cardIssuedOn: string;
  status: AccountStatus;
  accountLevel: AccountLevel | 0;
  grants: { accountLevel: AccountLevel; status: GrantStatus; dueAt?: Date; activatedAt?: Date }[];
  /** `given`: as seeded. `to_choose`: nothing is activated, so these are proposals. `changed`: chosen by whoever tested here, and hashed. */
  secretsState: 'given' | 'to_choose' | 'changed';
  secrets: PersonSecrets;
  totp?: TotpNow;
  guardianKey?: string;
};

/** `next` is accepted already: one step of drift is allowed, and a code that was used is not taken twice. */
export type TotpNow = { secret: string; current: string; next: string; secondsLeft: number };

const STEP_SECONDS = 30;

/** The personas that are in the register, in the order of their table. */
export async function describePersonas(deps: DescribeDeps): Promise<DescribedPerson[]> {
  const described = [];
  for (const { key } of PERSONAS) described.push(await describePerson(deps, key));
  return described.filter((person) => person !== undefined);
}

/** Undefined for anybody who is not fictional, or was never written. */
export async function describePerson(deps: DescribeDeps, key: string): Promise<DescribedPerson | undefined> {
  const account = await personaAccount(deps.db, key);
  const record = account && (await findAccountRecord(deps.db, account.id));
  if (record === undefined) return undefined;
  const credentials = await listCredentials(deps.db, record.account.id);
  const totp = await totpNow(deps, credentials);
  const persona = isPersonaKey(key) ? personaOf(key) : undefined;
  const guardianKey = persona?.guardian?.key;
  return {
    key,
    ...factsOf(deps.vault, record),
    secretsState: secretsState(record, credentials),
    secrets: persona?.secrets ?? MADE_SECRETS,
    ...(persona === undefined ? {} : { personaKey: persona.key }),
    ...(totp === undefined ? {} : { totp }),
    ...(guardianKey === undefined ? {} : { guardianKey }),
  };
}

function factsOf(
  vault: Vault,
  { account, person, grants, accountLevel }: AccountRecord,
): Omit<DescribedPerson, 'key' | 'secretsState' | 'secrets'> {
  return {
    accountId: account.id,
    citizenId: openCitizenId(vault, person),
    phone: (openPhoneNumber(vault, person) ?? '').replace(/^\+84/, '0'),
    fullName: person.fullName,
    birthOn: person.birthOn,
    gender: person.gender,
    cardIssuedOn: person.cardIssuedOn ?? '',
    status: account.status,
    accountLevel,
    grants: grants.map((grant) => ({
      accountLevel: grant.accountLevel,
      status: grant.status,
      ...(grant.dueAt === undefined ? {} : { dueAt: grant.dueAt }),
      ...(grant.activatedAt === undefined ? {} : { activatedAt: grant.activatedAt }),
    })),
  };
}

function secretsState({ account }: AccountRecord, credentials: readonly Credential[]): DescribedPerson['secretsState'] {
  const password = credentials.find(({ kind }) => kind === 'password');
  if (password === undefined) return 'to_choose';
  return credentials.every(({ changedAt }) => changedAt.getTime() === account.createdAt.getTime())
    ? 'given'
    : 'changed';
}

async function totpNow(deps: DescribeDeps, credentials: readonly Credential[]): Promise<TotpNow | undefined> {
  const credential = credentials.find(({ kind }) => kind === 'totp');
  if (credential === undefined) return undefined;
  const secret = deps.vault.open(credential.secret, totpSecretPlace(credential.id));
  const epoch = Math.floor(deps.clock().getTime() / 1_000);
  const [current, next] = await Promise.all([
    generate({ secret, epoch }),
    generate({ secret, epoch: epoch + STEP_SECONDS }),
  ]);
  return { secret, current, next, secondsLeft: STEP_SECONDS - (epoch % STEP_SECONDS) };
}
