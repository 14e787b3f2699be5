import { type Account, insertAccounts } from '../accounts/account-store.ts';
import { completeActivation } from '../accounts/complete-activation.ts';
import { putCredential } from '../accounts/credential-store.ts';
import { grantLevel, notifyGrant } from '../accounts/grant-level.ts';
import { lockAccount } from '../accounts/lock-account.ts';
import { insertPerson, type NewPerson } from '../accounts/person-store.ts';
import { appendAudit } from '../audit/audit-store.ts';
import { activationDueAt, isPastDue } from '../domain/level-grant.ts';
import { normaliseAnswer } from '../domain/secrets-policy.ts';
import type { Db } from '../platform/database.ts';
import { newId, newSecret } from '../platform/ids.ts';
import type { Outbox } from '../platform/outbox.ts';
import type { SecretHasher } from '../platform/secret-hashing.ts';
import type { Vault } from '../platform/vault.ts';
import type { SeedGrant } from './personas.ts';
import { cardExpiresOn, type SandboxPerson } from './sandbox-person.ts';

export type RegisterPersonDeps = {
  db: Db;
  vault: Vault;
  hasher: Pick<SecretHasher, 'hash'>;
  outbox: Pick<Outbox, 'enqueue'>;
};

/** What hashing made of the secrets, before the transaction: argon2 takes its time. */
export type HashedSecrets = { password: string; passcode: string; answer1: string; answer2: string };

/** The text of the message that tells of a grant. */
export type GrantNotice = (dueAt: Date) => string;

const DAY_MS = 86_400_000;

/** Undefined for a person who has activated nothing, and so has chosen nothing. */
export async function hashSecrets(
  deps: Pick<RegisterPersonDeps, 'hasher'>,
  { grants, secrets }: SandboxPerson,
): Promise<HashedSecrets | undefined> {
  if (grants.every((grant) => grant.activatedDaysAgo === undefined)) return undefined;
  const [password, passcode, answer1, answer2] = await Promise.all([
    deps.hasher.hash(secrets.password),
    deps.hasher.hash(secrets.passcode),
    deps.hasher.hash(normaliseAnswer(secrets.answer1)),
    deps.hasher.hash(normaliseAnswer(secrets.answer2)),
  ]);
  return { password, passcode, answer1, answer2 };
}

/** Writes a fictional person by the moves that a real one goes through, in the caller's transaction: events, counters and audit hold.
 *  `notice` is the message that tells of a grant whose window is still open.
 *  @throws a unique violation when the citizen id or the phone number is taken. */
export async function registerPerson(
  tx: Db,
  deps: RegisterPersonDeps,
  input: { person: SandboxPerson; hashed: HashedSecrets | undefined; now: Date; notice: GrantNotice },
): Promise<void> {
  const { person, hashed, now, notice } = input;
  await insertPerson(tx, deps.vault, newPerson(person, now), now);
  await insertAccounts(tx, [newAccount(person, now)]);
  for (const grant of person.grants) await registerGrant(tx, deps, { person, grant, now, notice });
  if (hashed !== undefined) await putSecrets(tx, deps, person, { hashed, now });
  if (person.lock !== undefined)
    await lockAccount(tx, deps, {
      accountId: person.accountId,
      ground: person.lock,
      reason: 'sandbox',
      actor: person.lock === 'holder_request' ? { kind: 'citizen', id: person.accountId } : { kind: 'system' },
      requestedBy: person.lock === 'holder_request' ? 'holder' : 'register',
      now,
    });
  await appendAudit(tx, { at: now, actor: { kind: 'system' }, action: 'person.seeded', accountId: person.accountId });
}

function newPerson(person: SandboxPerson, now: Date): NewPerson {
  const expiresOn = cardExpiresOn(person.birthOn, now);
  const { email, guardian } = person;
  return {
    id: person.personId,
    kind: person.kind,
    citizenId: person.citizenId,
    phone: person.phone,
    fullName: person.fullName,
    birthOn: person.birthOn,
    gender: person.gender,
    nationality: person.nationality,
    placeOfBirth: person.placeOfBirth,
    residenceUnitCode: person.unitCode,
    residenceAddress: person.street,
    residenceType: person.kind === 'citizen' ? 'permanent' : 'temporary',
    cardStatus: 'valid',
    cardIssuedOn: person.cardIssuedOn,
    ...(expiresOn === undefined ? {} : { cardExpiresOn: expiresOn }),
    ...(email === undefined ? {} : { email }),
    ...(guardian === undefined
      ? {}
      : { guardianPersonId: guardian.personId, guardianRelationship: guardian.relationship }),
    ...(person.lock === 'death' ? { deceasedAt: now } : {}),
  };
}

function newAccount(person: SandboxPerson, now: Date): Account {
  return {
    id: person.accountId,
    personId: person.personId,
    publicSubject: newSecret(),
    status: 'provisional',
    createdAt: now,
  };
}

async function registerGrant(
  tx: Db,
  deps: RegisterPersonDeps,
  input: { person: SandboxPerson; grant: SeedGrant; now: Date; notice: GrantNotice },
): Promise<void> {
  const { person, grant, now } = input;
  const { accountId, unitCode } = person;
  const notifiedAt = daysBefore(now, grant.notifiedDaysAgo);
  const { id: grantId } = await grantLevel(tx, {
    accountId,
    accountLevel: grant.level,
    appliedAt: daysBefore(now, grant.notifiedDaysAgo + 2),
    grantedAt: notifiedAt,
    unitCode,
    actor: { kind: 'system' },
    now,
  });
  const dueAt = activationDueAt(notifiedAt);
  const isOpen = grant.activatedDaysAgo === undefined && !isPastDue(dueAt, now);
  await notifyGrant(tx, deps, { grantId, notifiedAt, now, ...(isOpen ? { smsText: input.notice(dueAt) } : {}) });
  if (grant.activatedDaysAgo === undefined) return;
  const outcome = await completeActivation(tx, {
    accountId,
    grantId,
    at: daysBefore(now, grant.activatedDaysAgo),
    channel: 'self',
    actor: { kind: 'citizen', id: accountId },
  });
  if (outcome !== 'activated') throw new Error(`the sandbox's person was not activated: ${outcome}`);
}

async function putSecrets(
  tx: Db,
  deps: RegisterPersonDeps,
  { accountId, secrets, totpSecret }: SandboxPerson,
  { hashed, now }: { hashed: HashedSecrets; now: Date },
): Promise<void> {
  const { password, passcode, answer1, answer2 } = hashed;
  await putCredential(tx, { accountId, kind: 'password', secret: password }, now);
  await putCredential(tx, { accountId, kind: 'passcode', secret: passcode }, now);
  await putCredential(tx, { accountId, kind: 'answer_1', secret: answer1, question: secrets.question1 }, now);
  await putCredential(tx, { accountId, kind: 'answer_2', secret: answer2, question: secrets.question2 }, now);
  if (totpSecret === undefined) return;
  const id = newId();
  const secret = deps.vault.seal(totpSecret, { table: 'credentials', column: 'secret', id });
  await putCredential(tx, { id, accountId, kind: 'totp', secret }, now);
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}
