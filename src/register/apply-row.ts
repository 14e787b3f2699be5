import type { Account } from '../accounts/account-store.ts';
import { accountStatus } from '../domain/account.ts';
import { newId, newSecret } from '../platform/ids.ts';
import { type Holder, holderOf, type IndexedRow, type KnownRegister, phoneOwnerOf } from './known-register.ts';
import { grantProblems, isSameGrant, mergeGrant } from './merge-grant.ts';
import { newPersonFacts, personProblems, withNewFacts } from './merge-person.ts';
import type { RowProblem } from './person-record.ts';

export type RowOutcome =
  | { readonly kind: 'added' | 'updated' | 'unchanged' }
  /** The guardian is not in the register (yet): a later row may bring her. */
  | { readonly kind: 'guardian_missing'; readonly row: IndexedRow }
  | { readonly kind: 'refused'; readonly problems: readonly RowProblem[] };

/** Brings one row into what is known, or finds what it contradicts and changes nothing. Rows are applied in the order of the file; one that repeats an
 *  earlier one meets it here as if it came from a later file. */
export function applyRow(known: KnownRegister, row: IndexedRow, now: Date): RowOutcome {
  const found = holderOf(known, row.indexes.citizenId);
  const problems = found === undefined ? [] : contradictions(found, row);
  problems.push(...phoneProblems(known, row, found));
  if (problems.length > 0) return { kind: 'refused', problems };
  const guardian = holderOf(known, row.guardianIndexes);
  if (row.guardianIndexes.length > 0 && guardian === undefined) return { kind: 'guardian_missing', row };

  const holder = found ?? addHolder(known, row);
  const isPersonChanged = bringPersonUpToDate(known, holder, row, guardian?.person.now.id);
  const grantOutcome = bringGrantUpToDate(holder, row, now);
  return DONE[grantOutcome === 'unchanged' && isPersonChanged ? 'updated' : grantOutcome];
}

/** One of each, for the thousands of a batch. */
const DONE = { added: { kind: 'added' }, updated: { kind: 'updated' }, unchanged: { kind: 'unchanged' } } as const;

function bringGrantUpToDate(holder: Holder, { record }: IndexedRow, now: Date): 'added' | 'updated' | 'unchanged' {
  const account = accountOf(holder, now);
  const grant = holder.grants.get(record.accountLevel);
  const merged = mergeGrant(grant?.now ?? { id: newId(), accountId: account.id }, record, now);
  if (grant !== undefined && isSameGrant(grant.now, merged)) return 'unchanged';
  holder.grants.set(record.accountLevel, { before: grant?.before, now: merged });
  holder.account = { before: holder.account?.before, now: withHistory(account, holder) };
  return grant === undefined ? 'added' : 'updated';
}

function contradictions(holder: Holder, { record }: IndexedRow): RowProblem[] {
  const grant = holder.grants.get(record.accountLevel);
  const problems = personProblems(holder.person.now, record);
  if (holder.account?.now.status === 'closed') problems.push({ field: 'citizen_id', reason: 'account_closed' });
  return grant === undefined ? problems : [...problems, ...grantProblems(grant.now, record)];
}

/** A number is changed by an officer, who has seen the holder, never by a file: the account must be activated again then. */
function phoneProblems(known: KnownRegister, { indexes }: IndexedRow, holder: Holder | undefined): RowProblem[] {
  const owner = phoneOwnerOf(known, indexes.phone);
  if (owner !== undefined)
    return owner === holder?.person.now.id ? [] : [{ field: 'phone', reason: 'taken_by_another_person' }];
  const isOther = indexes.phone.length > 0 && holder?.hasPhone === true;
  return isOther ? [{ field: 'phone', reason: 'differs_from_register' }] : [];
}

function addHolder(known: KnownRegister, row: IndexedRow): Holder {
  const holder: Holder = {
    person: { before: undefined, now: newPersonFacts(newId(), row.record) },
    newPhone: undefined,
    hasPhone: false,
    entry: row,
    account: undefined,
    grants: new Map(),
  };
  for (const index of row.indexes.citizenId) known.byCitizenId.set(index, holder);
  return holder;
}

/** @returns whether the row said something new about the person. */
function bringPersonUpToDate(
  known: KnownRegister,
  holder: Holder,
  row: IndexedRow,
  guardianPersonId: string | undefined,
): boolean {
  const { before, now: facts } = holder.person;
  const merged = withNewFacts(facts, row.record, guardianPersonId);
  holder.person = { before, now: merged };
  const isNewPhone = row.record.phone !== undefined && !holder.hasPhone;
  if (isNewPhone) {
    holder.newPhone = row.record.phone;
    holder.hasPhone = true;
    for (const index of row.indexes.phone) known.phoneOwners.set(index, merged.id);
  }
  return isNewPhone || merged !== facts;
}

function accountOf(holder: Holder, now: Date): Account {
  return (
    holder.account?.now ?? {
      id: newId(),
      personId: holder.person.now.id,
      publicSubject: newSecret(),
      status: 'provisional',
      createdAt: now,
    }
  );
}

/** The account as its grants make it. A late arrival may show that the first activation came earlier than was known. */
function withHistory(account: Account, { grants }: Holder): Account {
  const all = [...grants.values()].map((grant) => grant.now);
  const firstActivatedAt = earliest(
    account.firstActivatedAt,
    all.map((grant) => grant.firstActivatedAt),
  );
  const firstLoginAt = earliest(
    account.firstLoginAt,
    all.map((grant) => grant.firstLoginAt),
  );
  const activatedLevels = all.filter(({ status }) => status === 'activated').map(({ accountLevel }) => accountLevel);
  // Grounds are not the import's: what is locked stays locked, and its activation is recorded all the same.
  const status =
    account.status === 'locked' ? 'locked' : accountStatus({ activatedLevels, openGrounds: [], isClosed: false });
  return {
    ...account,
    status,
    ...(firstActivatedAt === undefined ? {} : { firstActivatedAt }),
    ...(firstLoginAt === undefined ? {} : { firstLoginAt }),
  };
}

function earliest(known: Date | undefined, others: readonly (Date | undefined)[]): Date | undefined {
  return others.reduce((best, one) => (one !== undefined && (best === undefined || one < best) ? one : best), known);
}
