import type { LedgerPerson, ResidentFact } from '../domain/resident-ledger.ts';
import { type CalendarDate, vietNamDay } from '../domain/viet-nam-time.ts';
import { insertRows } from '../platform/bulk-rows.ts';
import { type Db, isPostgres } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { read, readRows, runShort, type Statements } from '../platform/prepared-queries.ts';

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
  /** In the order in which they were recorded. */
  readonly facts: readonly ResidentFact[];
};

/** Of three kinds: the person herself, an activation event that says where she counts, a fact that no event tells. */
type Told = {
  part: 0 | 1 | 2;
  account_id: string;
  id: string;
  kind: string;
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
/** Undefined for an event that changes nothing about that. */
export function factKindOf({ kind, account_level: level }: { kind: string; account_level: number }) {
  return kind === 'activated' && level !== 2 ? undefined : FACT_OF_EVENT[kind];
}

const FACT_EVENTS = `(kind in ('person_activated', 'person_first_login', 'locked', 'unlocked') or (kind = 'activated' and account_level = 2))`;

/** The holder of an account of whom no fact is known yet; undefined when there is one. */
export function* findNewcomer(accountId: string): Statements<LedgerPerson | undefined> {
  const [row] = yield* read<Pick<Told, 'kind' | 'day' | 'unit_code'>>(NEWCOMER, [accountId]);
  return row && personOf(row, row.unit_code);
}

const NEWCOMER = `select gender as kind, birth_on as day, residence_unit_code as unit_code
  from accounts join persons on persons.id = person_id where accounts.id = ?
  and not exists (select 1 from resident_facts where resident_facts.person_id = persons.id)
  and not exists (select 1 from activation_events where account_id = accounts.id and ${FACT_EVENTS})`;

/** Those of `accountIds` who are persons of the register, with all their facts. */
export function listKnownResidents(tx: Db, accountIds: readonly string[]): Promise<KnownResident[]> {
  return runShort(tx, () => knownResidents(tx, accountIds));
}

/** The same within a short transaction. */
export function* knownResidents(tx: Db, accountIds: readonly string[]): Statements<KnownResident[]> {
  if (accountIds.length === 0) return [];
  const { sql, value } = amongOf(tx, accountIds);
  const told = yield* read<Told>(
    `select 0 as part, accounts.id as account_id, persons.id as id, gender as kind, 1 as quantity, birth_on as day, 0 as recorded_at,
       residence_unit_code as unit_code, null as from_unit_code
       from accounts join persons on persons.id = person_id where accounts.id ${sql}
     union all select 1, account_id, id, kind, quantity, day, recorded_at, null, null from activation_events
       where account_id ${sql} and ${FACT_EVENTS}
     union all select 2, accounts.id, facts.id, kind, quantity, day, recorded_at, facts.unit_code, from_unit_code
       from accounts join resident_facts as facts on facts.person_id = accounts.person_id where accounts.id ${sql}
     order by 1, 7, 3`,
    [value, value, value],
  );
  const residents: { accountId: string; own: Told; firstMove?: Told; facts: ResidentFact[] }[] = [];
  const byAccount = new Map<string, (typeof residents)[number]>();
  for (const row of told) {
    const accountId = row.account_id;
    if (row.part === 0) {
      const resident = { accountId, own: row, facts: [] };
      residents.push(resident);
      byAccount.set(accountId, resident);
      continue;
    }
    const resident = byAccount.get(accountId);
    if (resident === undefined) continue;
    if (row.part === 2 && row.kind === 'moved') resident.firstMove ??= row;
    const fact = factOf(row);
    if (fact !== undefined) resident.facts.push(fact);
  }
  return residents.map(({ accountId, own, firstMove, facts }) => {
    const unitCode = firstMove === undefined ? own.unit_code : firstMove.from_unit_code;
    return { accountId, person: personOf(own, unitCode), facts };
  });
}

/** @param unitCode where she lived before the first move that is known. */
function personOf({ kind, day }: Pick<Told, 'kind' | 'day'>, unitCode: string | null): LedgerPerson {
  return { birthOn: day, gender: kind as LedgerPerson['gender'], unitCode: unitCode ?? '' };
}

/** The next so many accounts in the order of their ids, those that were never activated too. */
export async function listResidentsAfter(
  tx: Db,
  accountId: string,
  limit: number,
): Promise<{ residents: KnownResident[]; lastId: string | undefined }> {
  const sql = `select id from accounts where id > ? order by id limit ${limit}`;
  const ids = (await readRows<{ id: string }>(tx, sql, [accountId])).map(({ id }) => id);
  return { residents: await listKnownResidents(tx, ids), lastId: ids.at(-1) };
}

/** Those who were born on one of these days and were activated once. */
export async function listResidentsBornOn(tx: Db, days: readonly CalendarDate[]): Promise<KnownResident[]> {
  if (days.length === 0) return [];
  const among = amongOf(tx, days);
  const sql = `select accounts.id as id from accounts join persons on persons.id = person_id
    where birth_on ${among.sql} and first_activated_at is not null`;
  const ids = (await readRows<{ id: string }>(tx, sql, [among.value])).map(({ id }) => id);
  return listKnownResidents(tx, ids);
}

/** A condition with a set of days or ids as one parameter: the statement is the same for any number of them, but for one, which is looked up twice as fast. */
function amongOf(tx: Db, values: readonly string[]): { sql: string; value: string } {
  const [only] = values;
  if (only !== undefined && values.length === 1) return { sql: '= ?', value: only };
  const set = isPostgres(tx) ? 'jsonb_array_elements_text(?::jsonb)' : 'value from json_each(?)';
  return { sql: `in (select ${set})`, value: JSON.stringify(values) };
}

/** Of an event's row or a fact's own. */
function factOf(row: Told): ResidentFact | undefined {
  const { part, quantity, day, recorded_at, unit_code } = row;
  const kind = part === 1 ? FACT_OF_EVENT[row.kind] : (row.kind as 'moved' | 'died');
  if (kind === undefined) return undefined;
  const unit = unit_code === null ? {} : { unitCode: unit_code };
  return { kind, quantity, day, recordedOn: learnedOn(recorded_at), ...unit };
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
