import { type Account, listAccountsOfPersons } from '../accounts/account-store.ts';
import { type LevelGrant, listGrantsOfAccounts } from '../accounts/level-grant-store.ts';
import { listPersonsByIndex, type NewPerson, type NumberIndexes, type Person } from '../accounts/person-store.ts';
import type { AccountLevel } from '../domain/assurance.ts';
import type { Db } from '../platform/database.ts';
import type { PersonRecord } from './person-record.ts';

/** A row with its line and the blind indexes of its numbers, which cost an HMAC each and are made once. */
export type IndexedRow = {
  readonly line: number;
  readonly record: PersonRecord;
  readonly indexes: NumberIndexes;
  readonly guardianIndexes: readonly string[];
};

/** Something of the register as it was read, and as the rows of this batch have changed it since. */
export type Tracked<T> = { readonly before: T | undefined; readonly now: T };

/** What the import reads and writes of a person; the sealed numbers stay where they are. */
export type PersonFacts = Omit<Person, 'citizenIdSealed' | 'phoneSealed' | 'updatedAt'>;

export type Holder = {
  person: Tracked<PersonFacts>;
  /** Set once a row of this batch brought it. */
  newPhone: NewPerson['phone'] | undefined;
  hasPhone: boolean;
  /** Of a new person: what `insertPersons` needs. */
  readonly entry: IndexedRow | undefined;
  account: Tracked<Account> | undefined;
  readonly grants: Map<AccountLevel, Tracked<LevelGrant>>;
};

/** The part of the register that a batch of rows touches. */
export type KnownRegister = {
  readonly byCitizenId: Map<string, Holder>;
  readonly phoneOwners: Map<string, string>;
};

/** Reads all that `rows` name, with a fixed number of queries whatever their number, and keeps it from moving until the transaction ends. */
export async function readKnownRegister(tx: Db, rows: readonly IndexedRow[]): Promise<KnownRegister> {
  const citizenIds = rows.flatMap((row) => [...row.indexes.citizenId, ...row.guardianIndexes]);
  const persons = await listPersonsByIndex(tx, 'citizen_id_index', [...new Set(citizenIds)]);
  const phones = rows.flatMap((row) => row.indexes.phone);
  const owners = await listPersonsByIndex(tx, 'phone_index', [...new Set(phones)]);
  const accounts = await listAccountsOfPersons(
    tx,
    persons.map((person) => person.id),
  );
  const grants = await listGrantsOfAccounts(
    tx,
    accounts.map((account) => account.id),
  );

  const accountOf = new Map(accounts.map((account) => [account.personId, account]));
  const grantsOf = Map.groupBy(grants, (grant) => grant.accountId);
  const byCitizenId = new Map<string, Holder>();
  for (const { citizenIdIndex, phoneIndex, citizenIdSealed: _c, phoneSealed: _p, updatedAt: _u, ...facts } of persons) {
    const account = accountOf.get(facts.id);
    const ofAccount = (account && grantsOf.get(account.id)) ?? [];
    byCitizenId.set(citizenIdIndex, {
      person: { before: facts, now: facts },
      newPhone: undefined,
      hasPhone: phoneIndex !== undefined,
      entry: undefined,
      account: account && { before: account, now: account },
      grants: new Map(ofAccount.map((grant) => [grant.accountLevel, { before: grant, now: grant }])),
    });
  }
  const phoneOwners = new Map(
    owners.flatMap(({ phoneIndex, id }) => (phoneIndex === undefined ? [] : [[phoneIndex, id]])),
  );
  return { byCitizenId, phoneOwners };
}

/** @param indexes of one citizen id, under every key of the ring. */
export function holderOf(known: KnownRegister, indexes: readonly string[]): Holder | undefined {
  for (const index of indexes) {
    const holder = known.byCitizenId.get(index);
    if (holder !== undefined) return holder;
  }
  return undefined;
}

/** The id of the person to whom a phone number belongs. */
export function phoneOwnerOf(known: KnownRegister, indexes: readonly string[]): string | undefined {
  for (const index of indexes) {
    const owner = known.phoneOwners.get(index);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

/** Those whom this batch has seen, each once. */
export function holdersOf(known: KnownRegister): Holder[] {
  return [...new Set(known.byCitizenId.values())];
}
