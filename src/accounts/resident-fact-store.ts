import type { LedgerPerson, ResidentFact } from '../domain/resident-ledger.ts';
import { type CalendarDate, vietNamDay } from '../domain/viet-nam-time.ts';
import { insertRows } from '../platform/bulk-rows.ts';
import { type Db, isPostgres } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { readRows } from '../platform/prepared-queries.ts';

/** A fact about a person that no activation event tells. */
export type NewResidentFact = {
  readonly personId: string;
  readonly kind: 'moved' | 'died';
  readonly quantity: 1 | -1;
  readonly day: CalendarDate;
  readonly unitCode?: string;
  /** Of a move: what the register said before. */
  readonly fromUnitCode?: string;
};

/** @returns the id. */
export async function insertResidentFact(tx: Db, fact: NewResidentFact, now: Date): Promise<string> {
  const id = newId();
  await insertRows(tx, 'resident_facts', [
    {
      id,
      person_id: fact.personId,
      kind: fact.kind,
      quantity: fact.quantity,
      unit_code: fact.unitCode ?? null,
      from_unit_code: fact.fromUnitCode ?? null,
      day: fact.day,
      recorded_at: now.getTime(),
    },
  ]);
  return id;
}

/** What is known of a person who has an account: all that `ledgerOf` needs. */
export type KnownResident = {
  readonly accountId: string;
  readonly person: LedgerPerson;
  /** In the order in which they were recorded; `id` is that of the row that tells it. */
  readonly facts: readonly (ResidentFact & { readonly id: string })[];
};

type PersonColumns = {
  account_id: string;
  person_id: string;
  birth_on: string;
  gender: LedgerPerson['gender'];
  residence_unit_code: string | null;
};
type EventRow = {
  account_id: string;
  id: string;
  kind: string;
  quantity: 1 | -1;
  day: string;
  recorded_at: number;
};
type FactRow = {
  person_id: string;
  id: string;
  kind: 'moved' | 'died';
  quantity: 1 | -1;
  day: string;
  recorded_at: number;
  unit_code: string | null;
  from_unit_code: string | null;
};

/** What an activation event says about where a person counts. */
const FACT_OF_EVENT: Readonly<Record<string, ResidentFact['kind']>> = {
  person_activated: 'activated',
  activated: 'level2',
  person_first_login: 'used',
  locked: 'locked',
  unlocked: 'unlocked',
};
const PERSONS = `select accounts.id as account_id, person_id, birth_on, gender, residence_unit_code
  from accounts join persons on persons.id = person_id`;

/** Undefined for an event that changes nothing about that. */
export function factKindOf({ kind, account_level: level }: { kind: string; account_level: number }) {
  return kind === 'activated' && level !== 2 ? undefined : FACT_OF_EVENT[kind];
}

/** Those of `accountIds` who are persons of the register, with all their facts. */
export async function listKnownResidents(tx: Db, accountIds: readonly string[]): Promise<KnownResident[]> {
  if (accountIds.length === 0) return [];
  const among = amongOf(tx, accountIds);
  const persons = await readRows<PersonColumns>(tx, `${PERSONS} where accounts.id ${among.sql}`, [among.value]);
  return withFacts(tx, persons);
}

/** The next so many accounts in the order of their ids, those that were never activated too. */
export async function listResidentsAfter(
  tx: Db,
  accountId: string,
  limit: number,
): Promise<{ residents: KnownResident[]; lastId: string | undefined }> {
  const sql = `${PERSONS} where accounts.id > ? order by accounts.id limit ${limit}`;
  const persons = await readRows<PersonColumns>(tx, sql, [accountId]);
  return { residents: await withFacts(tx, persons), lastId: persons.at(-1)?.account_id };
}

/** Those who were born on one of these days and were activated once. */
export async function listResidentsBornOn(tx: Db, days: readonly CalendarDate[]): Promise<KnownResident[]> {
  if (days.length === 0) return [];
  const among = amongOf(tx, days);
  const sql = `${PERSONS} where birth_on ${among.sql} and first_activated_at is not null`;
  return withFacts(tx, await readRows<PersonColumns>(tx, sql, [among.value]));
}

async function withFacts(tx: Db, persons: readonly PersonColumns[]): Promise<KnownResident[]> {
  if (persons.length === 0) return [];
  const accounts = amongOf(
    tx,
    persons.map((one) => one.account_id),
  );
  const events = await readRows<EventRow>(
    tx,
    `select account_id, id, kind, quantity, day, recorded_at from activation_events
     where account_id ${accounts.sql} and (kind in ('person_activated', 'person_first_login', 'locked', 'unlocked')
       or (kind = 'activated' and account_level = 2)) order by recorded_at, id`,
    [accounts.value],
  );
  const holders = amongOf(
    tx,
    persons.map((one) => one.person_id),
  );
  const facts = await readRows<FactRow>(
    tx,
    `select * from resident_facts where person_id ${holders.sql} order by recorded_at, id`,
    [holders.value],
  );
  const eventsOf = Map.groupBy(events, (event) => event.account_id);
  const factsOf = Map.groupBy(facts, (fact) => fact.person_id);
  return persons.map((person) => {
    const told = factsOf.get(person.person_id) ?? [];
    const firstMove = told.find(({ kind }) => kind === 'moved');
    const unitCode = firstMove === undefined ? person.residence_unit_code : firstMove.from_unit_code;
    return {
      accountId: person.account_id,
      person: { birthOn: person.birth_on, gender: person.gender, unitCode: unitCode ?? '' },
      facts: [...(eventsOf.get(person.account_id) ?? []).flatMap(factOfEvent), ...told.map(factOf)],
    };
  });
}

/** A condition with a set of days or ids as one parameter: the statement is the same for any number of them, but for one, which is looked up twice as fast. */
function amongOf(tx: Db, values: readonly string[]): { sql: string; value: string } {
  const [only] = values;
  if (only !== undefined && values.length === 1) return { sql: '= ?', value: only };
  const set = isPostgres(tx) ? 'jsonb_array_elements_text(?::jsonb)' : 'value from json_each(?)';
  return { sql: `in (select ${set})`, value: JSON.stringify(values) };
}

function factOfEvent({ id, kind, quantity, day, recorded_at }: EventRow): (ResidentFact & { id: string })[] {
  const known = FACT_OF_EVENT[kind];
  return known === undefined ? [] : [{ id, kind: known, quantity, day, recordedOn: learnedOn(recorded_at) }];
}

function factOf({ id, kind, quantity, day, recorded_at, unit_code }: FactRow): ResidentFact & { id: string } {
  const unit = unit_code === null ? {} : { unitCode: unit_code };
  return { id, kind, quantity, day, recordedOn: learnedOn(recorded_at), ...unit };
}

/** Rows of a batch were learned at one moment: its day is worked out once. */
export const learnedOn = (() => {
  let known = { at: 0, day: vietNamDay(new Date(0)) };
  return (at: number): CalendarDate => {
    if (known.at !== at) known = { at, day: vietNamDay(new Date(at)) };
    return known.day;
  };
})();

/** The death that stands, if there is one. */
export async function findDeath(tx: Db, personId: string): Promise<{ day: CalendarDate } | undefined> {
  const sql = `select day from resident_facts where person_id = ? and kind = 'died' group by day having sum(quantity) > 0`;
  const [row] = await readRows<{ day: string }>(tx, sql, [personId]);
  return row;
}

/** Where the person lives by the latest move that is known. */
export async function findLatestMove(
  tx: Db,
  personId: string,
): Promise<{ day: CalendarDate; unit_code: string | null } | undefined> {
  const sql = `select day, unit_code from resident_facts where person_id = ? and kind = 'moved'
    order by day desc, recorded_at desc, id desc limit 1`;
  const [row] = await readRows<{ day: string; unit_code: string | null }>(tx, sql, [personId]);
  return row;
}
