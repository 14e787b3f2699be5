import type { CitizenId } from '../domain/citizen-id.ts';
import type { PhoneNumber } from '../domain/phone-number.ts';
import { insertRows, listRowsIn } from '../platform/bulk-rows.ts';
import { changedColumns, instantOf, millisOf, presentValues } from '../platform/columns.ts';
import type { Db } from '../platform/database.ts';
import { readRow, runShort, type Statements, send } from '../platform/prepared-queries.ts';
import type { Vault } from '../platform/vault.ts';

export type CardStatus = 'none' | 'valid' | 'expired' | 'revoked' | 'retained';

/** A person of the register, without the two numbers, which stay sealed until `openCitizenId` or `openPhoneNumber` is called. */
export type Person = {
  id: string;
  kind: 'citizen' | 'foreigner';
  fullName: string;
  birthOn: string;
  gender: 'male' | 'female';
  /** ISO 3166-1 alpha-3. */
  nationality: string;
  placeOfBirth?: string;
  residenceUnitCode?: string;
  residenceAddress?: string;
  residenceType?: 'permanent' | 'temporary';
  email?: string;
  cardStatus: CardStatus;
  cardIssuedOn?: string;
  cardExpiresOn?: string;
  guardianPersonId?: string;
  guardianRelationship?: 'father' | 'mother' | 'guardian';
  deceasedAt?: Date;
  citizenIdSealed: string;
  phoneSealed?: string;
  updatedAt: Date;
};

export type NewPerson = Omit<Person, 'citizenIdSealed' | 'phoneSealed' | 'updatedAt'> & {
  citizenId: CitizenId;
  phone?: PhoneNumber;
};

type PersonRow = {
  id: string;
  kind: Person['kind'];
  citizen_id_sealed: string;
  citizen_id_index: string;
  phone_sealed: string | null;
  phone_index: string | null;
  full_name: string;
  birth_on: string;
  gender: Person['gender'];
  nationality: string;
  place_of_birth: string | null;
  residence_unit_code: string | null;
  residence_address: string | null;
  residence_type: 'permanent' | 'temporary' | null;
  email: string | null;
  card_status: CardStatus;
  card_issued_on: string | null;
  card_expires_on: string | null;
  guardian_person_id: string | null;
  guardian_relationship: 'father' | 'mother' | 'guardian' | null;
  deceased_at: number | null;
  created_at: number;
  updated_at: number;
};

const CITIZEN_ID = 'persons.citizen_id';
const PHONE = 'persons.phone';

export async function findPerson(db: Db, id: string): Promise<Person | undefined> {
  const row = await readRow<PersonRow>(db, 'select * from persons where id = ?', [id]);
  return row && personOf(row);
}

/** What `findPerson` finds, as a scalar subquery for a statement about something else in the same PostgreSQL. `id`: an expression of it. */
export function personSql(id: string): string {
  return `(select row_to_json(h) from persons h where h.id = ${id})`;
}

/** @param told by that subquery; null of nobody. */
export function personIn(told: unknown): Person | undefined {
  return told === null ? undefined : personOf(told as PersonRow);
}

export async function findPersonByCitizenId(db: Db, vault: Vault, citizenId: CitizenId): Promise<Person | undefined> {
  const indexes = vault.blindIndexes(CITIZEN_ID, citizenId);
  const sql = `select * from persons where citizen_id_index in (${indexes.map(() => '?').join(', ')})`;
  const row = await readRow<PersonRow>(db, sql, indexes);
  const [to = ''] = indexes;
  if (row !== undefined && row.citizen_id_index !== to)
    await runShort(db, () => indexedAnew(row.id, { from: row.citizen_id_index, to }));
  return row && personOf(row);
}

/** While INDEX_KEYS are being rotated, whoever is looked up lies under the newest key from then on; `keys reseal` does the rest. Within a short transaction. */
export function* indexedAnew(id: string, { from, to }: { from: string; to: string }): Statements<void> {
  yield* send('update persons set citizen_id_index = ? where id = ? and citizen_id_index = ?', [to, id, from]);
}

export async function listWards(db: Db, guardianPersonId: string): Promise<Person[]> {
  const rows = (await db('persons').where({ guardian_person_id: guardianPersonId })) as PersonRow[];
  return rows.map(personOf);
}

/** A person's two numbers as they are looked up: under every index key, newest first. */
export type NumberIndexes = { readonly citizenId: readonly string[]; readonly phone: readonly string[] };

export function numberIndexes(
  vault: Vault,
  numbers: { readonly citizenId?: CitizenId | undefined; readonly phone?: PhoneNumber | undefined },
): NumberIndexes {
  return {
    citizenId: numbers.citizenId === undefined ? [] : vault.blindIndexes(CITIZEN_ID, numbers.citizenId),
    phone: numbers.phone === undefined ? [] : vault.blindIndexes(PHONE, numbers.phone),
  };
}

export type IndexedPerson = Person & { readonly citizenIdIndex: string; readonly phoneIndex?: string };

/** Persons by blind index, any number of them, inside the caller's transaction. */
export async function listPersonsByIndex(
  tx: Db,
  column: 'citizen_id_index' | 'phone_index',
  indexes: readonly string[],
): Promise<IndexedPerson[]> {
  const rows = await listRowsIn<PersonRow>(tx, { table: 'persons', column }, indexes, { isForChange: true });
  return rows.map((row) => ({
    ...personOf(row),
    citizenIdIndex: row.citizen_id_index,
    ...presentValues({ phoneIndex: row.phone_index }),
  }));
}

function optionalColumns(person: NewPerson) {
  return {
    place_of_birth: person.placeOfBirth ?? null,
    residence_unit_code: person.residenceUnitCode ?? null,
    residence_address: person.residenceAddress ?? null,
    residence_type: person.residenceType ?? null,
    email: person.email ?? null,
    card_issued_on: person.cardIssuedOn ?? null,
    card_expires_on: person.cardExpiresOn ?? null,
    guardian_person_id: person.guardianPersonId ?? null,
    guardian_relationship: person.guardianRelationship ?? null,
    deceased_at: millisOf(person.deceasedAt),
  };
}

/** The row of a new person, sealed and indexed. `indexes` spares those who know them a second HMAC. */
function personRow(vault: Vault, person: NewPerson, now: Date, indexes = numberIndexes(vault, person)): PersonRow {
  return {
    id: person.id,
    kind: person.kind,
    citizen_id_sealed: vault.seal(person.citizenId, citizenIdPlace(person.id)),
    citizen_id_index: indexes.citizenId[0] ?? vault.blindIndex(CITIZEN_ID, person.citizenId),
    phone_sealed: person.phone === undefined ? null : vault.seal(person.phone, phonePlace(person.id)),
    phone_index: indexes.phone[0] ?? null,
    full_name: person.fullName,
    birth_on: person.birthOn,
    gender: person.gender,
    nationality: person.nationality,
    card_status: person.cardStatus,
    ...optionalColumns(person),
    created_at: now.getTime(),
    updated_at: now.getTime(),
  };
}

/** @throws a unique violation when the citizen id or the phone number is taken (one person, one citizen id; one phone number, one account). */
export async function insertPerson(tx: Db, vault: Vault, person: NewPerson, now: Date): Promise<void> {
  await tx('persons').insert(personRow(vault, person, now));
}

/** Many persons at once, with the indexes by which they were looked up before. */
export async function insertPersons(
  tx: Db,
  vault: Vault,
  persons: readonly { readonly person: NewPerson; readonly indexes: NumberIndexes }[],
  now: Date,
): Promise<void> {
  await insertRows(
    tx,
    'persons',
    persons.map(({ person, indexes }) => personRow(vault, person, now, indexes)),
  );
}

/** What the register may correct about a person; the citizen id never changes. */
export type PersonChange = Partial<
  Pick<
    NewPerson,
    | 'fullName'
    | 'phone'
    | 'placeOfBirth'
    | 'residenceUnitCode'
    | 'residenceAddress'
    | 'residenceType'
    | 'cardStatus'
    | 'cardIssuedOn'
    | 'deceasedAt'
    | 'guardianPersonId'
    | 'guardianRelationship'
  >
> & { /** null: the new card has no expiry. */ cardExpiresOn?: string | null };

export async function changePerson(
  tx: Db,
  vault: Vault,
  { id, ...change }: PersonChange & { id: string },
  now: Date,
): Promise<boolean> {
  const columns = changedColumns({
    full_name: change.fullName,
    ...(change.phone === undefined ? {} : phoneColumns(vault, id, change.phone)),
    place_of_birth: change.placeOfBirth,
    residence_unit_code: change.residenceUnitCode,
    residence_address: change.residenceAddress,
    residence_type: change.residenceType,
    card_status: change.cardStatus,
    card_issued_on: change.cardIssuedOn,
    card_expires_on: change.cardExpiresOn,
    deceased_at: change.deceasedAt?.getTime(),
    guardian_person_id: change.guardianPersonId,
    guardian_relationship: change.guardianRelationship,
  });
  const changed = await tx('persons')
    .where({ id })
    .update({ ...columns, updated_at: now.getTime() });
  return changed === 1;
}

/** @throws Error when the value was altered or its key is gone. */
/** The people of this database were sealed or indexed with keys that are not in the rings. */
export class SealedWithOtherKeys extends Error {
  override readonly name = 'SealedWithOtherKeys';
}

/** Looks at one person, the first that was ever written. @throws SealedWithOtherKeys before anybody is written under keys that merely have the same name. */
export async function mustOpenPersons(db: Db, vault: Vault): Promise<void> {
  const [row] = await db<PersonRow>('persons')
    .select('id', 'citizen_id_sealed', 'citizen_id_index')
    .orderBy('id')
    .limit(1);
  if (row !== undefined && !opens(vault, row)) throw new SealedWithOtherKeys('persons are sealed with other keys');
}

function opens(vault: Vault, row: Pick<PersonRow, 'id' | 'citizen_id_sealed' | 'citizen_id_index'>): boolean {
  try {
    const citizenId = vault.open(row.citizen_id_sealed, citizenIdPlace(row.id));
    return vault.blindIndexes(CITIZEN_ID, citizenId).includes(row.citizen_id_index);
  } catch {
    return false;
  }
}

export function openCitizenId(vault: Vault, person: Pick<Person, 'id' | 'citizenIdSealed'>): CitizenId {
  return vault.open(person.citizenIdSealed, citizenIdPlace(person.id)) as CitizenId;
}

export function openPhoneNumber(vault: Vault, person: Pick<Person, 'id' | 'phoneSealed'>): PhoneNumber | undefined {
  return person.phoneSealed === undefined
    ? undefined
    : (vault.open(person.phoneSealed, phonePlace(person.id)) as PhoneNumber);
}

function phoneColumns(
  vault: Vault,
  id: string,
  phone: PhoneNumber | undefined,
): Pick<PersonRow, 'phone_sealed' | 'phone_index'> {
  if (phone === undefined) return { phone_sealed: null, phone_index: null };
  return { phone_sealed: vault.seal(phone, phonePlace(id)), phone_index: vault.blindIndex(PHONE, phone) };
}

function citizenIdPlace(id: string): { table: string; column: string; id: string } {
  return { table: 'persons', column: 'citizen_id', id };
}

function phonePlace(id: string): { table: string; column: string; id: string } {
  return { table: 'persons', column: 'phone', id };
}

function personOf(row: PersonRow): Person {
  return {
    id: row.id,
    kind: row.kind,
    fullName: row.full_name,
    birthOn: row.birth_on,
    gender: row.gender,
    nationality: row.nationality,
    cardStatus: row.card_status,
    citizenIdSealed: row.citizen_id_sealed,
    updatedAt: new Date(row.updated_at),
    ...presentValues({
      placeOfBirth: row.place_of_birth,
      residenceUnitCode: row.residence_unit_code,
      residenceAddress: row.residence_address,
      residenceType: row.residence_type,
      email: row.email,
      cardIssuedOn: row.card_issued_on,
      cardExpiresOn: row.card_expires_on,
      guardianPersonId: row.guardian_person_id,
      guardianRelationship: row.guardian_relationship,
      phoneSealed: row.phone_sealed,
      deceasedAt: instantOf(row.deceased_at),
    }),
  };
}
