import {
  birthDatesOfNewBands,
  type LedgerPerson,
  ledgerDifference,
  ledgerOf,
  type ResidentEntry,
  type ResidentFact,
} from '../domain/resident-ledger.ts';
import { addDays, vietNamDay } from '../domain/viet-nam-time.ts';
import { type Db, inTransaction, seeOneMoment } from '../platform/database.ts';
import type { Statements } from '../platform/prepared-queries.ts';
import {
  addResidentEntries,
  changeResidentProgress,
  countAlone,
  EVERYBODY,
  findResidentProgress,
  foldResidentCounters,
  listResidentCounters,
  type PeriodRow,
  putResidentCounters,
  readResidentProgress,
  recountedRows,
  residentProgress,
  residentSums,
} from './resident-counter-store.ts';
import {
  factKindOf,
  findNewcomer,
  insertResidentFact,
  knownResidents,
  learnedOn,
  listKnownResidents,
  listResidentsAfter,
  listResidentsBornOn,
  type NewResidentFact,
} from './resident-fact-store.ts';

/** An activation event's row. */
type EventRow = {
  readonly kind: string;
  readonly quantity: 1 | -1;
  readonly account_id: string;
  readonly account_level: number;
  readonly day: string;
  readonly recorded_at: number;
};

/** By account: persons of whom nothing was known before this batch. Nothing has to be read to count them. */
export type Newcomers = ReadonlyMap<string, LedgerPerson>;

/** What events that are about to be written change about the residents: to be added to the counters in the same transaction. */
export function* residentChanges(
  tx: Db,
  rows: readonly EventRow[],
  newcomers: Newcomers = new Map(),
): Statements<readonly ResidentEntry[]> {
  const told = newFacts(rows);
  if (told.size === 0) return [];
  const { countedOn, filledTo } = yield* residentProgress(tx);
  const entries: ResidentEntry[] = [];
  const toRead: string[] = [];
  for (const [accountId, facts] of told) {
    if (accountId > filledTo) continue;
    // Of most who activate for the first time nothing is known before: then nothing has to be compared.
    const mayBeNew = told.size === 1 && facts.some(({ kind }) => kind === 'activated');
    const person = newcomers.get(accountId) ?? (mayBeNew ? yield* findNewcomer(accountId) : undefined);
    if (person === undefined) toRead.push(accountId);
    else entries.push(...ledgerOf(person, facts, countedOn));
  }
  for (const { accountId, person, facts } of yield* knownResidents(tx, toRead)) {
    const now = [...facts, ...(told.get(accountId) ?? [])];
    entries.push(...ledgerDifference(ledgerOf(person, facts, countedOn), ledgerOf(person, now, countedOn)));
  }
  return entries;
}

/** By account. */
function newFacts(rows: readonly EventRow[]): ReadonlyMap<string, readonly ResidentFact[]> {
  const told = new Map<string, ResidentFact[]>();
  for (const row of rows) {
    const kind = factKindOf(row);
    if (kind === undefined) continue;
    const fact = { kind, quantity: row.quantity, day: row.day, recordedOn: learnedOn(row.recorded_at) };
    const known = told.get(row.account_id);
    if (known === undefined) told.set(row.account_id, [fact]);
    else known.push(fact);
  }
  return told;
}

/** Writes a move or a death of the holder of an account, which the caller has locked, and counts what it changes. */
export async function recordResidentFact(tx: Db, accountId: string, fact: NewResidentFact, now: Date): Promise<void> {
  const { countedOn, filledTo } = await findResidentProgress(tx);
  const [before] = await listKnownResidents(tx, [accountId]);
  await insertResidentFact(tx, fact, now);
  if (accountId > filledTo) return;
  const [after] = await listKnownResidents(tx, [accountId]);
  const ledger = (one: typeof after): ResidentEntry[] =>
    one === undefined ? [] : ledgerOf(one.person, one.facts, countedOn);
  await addResidentEntries(tx, addedUp(ledgerDifference(ledger(before), ledger(after))));
}

/** Counts the birthdays of the days since the last call, to today, each day in a transaction of its own. Called again it does nothing; after a time in which
 *  nobody called it, it catches up. @returns the days counted. */
export async function countBirthdays(db: Db, now: Date): Promise<number> {
  const today = vietNamDay(now);
  for (let days = 0; ; days += 1) {
    if ((await readResidentProgress(db)).countedOn >= today) return days;
    await inTransaction(db, async (tx) => {
      const progress = await countAlone(tx);
      const { countedOn, filledTo } = progress;
      if (countedOn >= today) return;
      const day = addDays(countedOn, 1);
      const entries: ResidentEntry[] = [];
      for (const { accountId, person, facts } of await listResidentsBornOn(tx, birthDatesOfNewBands(day))) {
        if (accountId > filledTo) continue;
        entries.push(...ledgerDifference(ledgerOf(person, facts, countedOn), ledgerOf(person, facts, day)));
      }
      await addResidentEntries(tx, addedUp(entries));
      await changeResidentProgress(tx, { ...progress, countedOn: day });
    });
  }
}

const ACCOUNTS_AT_ONCE = 1_000;

/** Counts the accounts that were there before residents were counted, `ACCOUNTS_AT_ONCE` in a transaction; it goes on where it stopped.
 *  @returns how many were counted; fewer than `most` when all are. */
export async function fillResidents(db: Db, most = Number.POSITIVE_INFINITY): Promise<number> {
  let counted = 0;
  while (counted < most && (await readResidentProgress(db)).filledTo !== EVERYBODY) {
    counted += await inTransaction(db, async (tx) => {
      const progress = await countAlone(tx);
      if (progress.filledTo === EVERYBODY) return 0;
      const { residents, lastId } = await listResidentsAfter(tx, progress.filledTo, ACCOUNTS_AT_ONCE);
      const entries = residents.flatMap(({ person, facts }) => ledgerOf(person, facts, progress.countedOn));
      await addResidentEntries(tx, addedUp(entries));
      const filledTo = residents.length < ACCOUNTS_AT_ONCE ? EVERYBODY : (lastId ?? EVERYBODY);
      await changeResidentProgress(tx, { ...progress, filledTo });
      return residents.length;
    });
  }
  return counted;
}

export type ResidentDifference = Omit<PeriodRow, 'activated' | 'level2' | 'used' | 'usable'> & {
  readonly counted: string;
  readonly recounted: string;
};

/** Counts every person's facts again and compares; `repair` writes the recount, in one transaction. */
export function checkResidentCounters(db: Db, options: { repair: boolean }): Promise<ResidentDifference[]> {
  return inTransaction(db, (tx) => compareWithRecount(tx, options));
}

async function compareWithRecount(tx: Db, options: { repair: boolean }): Promise<ResidentDifference[]> {
  await seeOneMoment(tx);
  while ((await foldResidentCounters(tx)) > 0);
  const { countedOn, filledTo } = await findResidentProgress(tx);
  const sums = residentSums();
  for (let after = ''; ; ) {
    const { residents, lastId } = await listResidentsAfter(tx, after, ACCOUNTS_AT_ONCE);
    for (const { accountId, person, facts } of residents)
      if (accountId <= filledTo) for (const entry of ledgerOf(person, facts, countedOn)) sums.add(entry);
    if (lastId === undefined) break;
    after = lastId;
  }
  const differing = differences(await listResidentCounters(tx), recountedRows(sums));
  if (options.repair)
    await putResidentCounters(
      tx,
      differing.map(({ is }) => is),
    );
  return differing.map(({ was, is: { activated, level2, used, usable, ...key } }) => ({
    ...key,
    counted: totalsText(was),
    recounted: totalsText({ activated, level2, used, usable }),
  }));
}

const NOTHING = { activated: 0, level2: 0, used: 0, usable: 0 };
type Totals = typeof NOTHING;

function differences(counted: readonly PeriodRow[], recounted: readonly PeriodRow[]): { was: Totals; is: PeriodRow }[] {
  const keyOf = (row: PeriodRow): string =>
    [row.period, row.unit_code, row.gender, row.age_from, row.recorded_on].join('|');
  const actual = new Map(counted.map((row) => [keyOf(row), row]));
  const expected = new Map(recounted.map((row) => [keyOf(row), row]));
  return [...new Map([...actual, ...expected])].flatMap(([key, row]) => {
    const was: Totals = actual.get(key) ?? NOTHING;
    const is = expected.get(key) ?? { ...row, ...NOTHING };
    return totalsText(was) === totalsText(is) ? [] : [{ was, is }];
  });
}

function totalsText({ activated, level2, used, usable }: Totals): string {
  return [activated, level2, used, usable].join('/');
}

/** One entry a cell: a batch of accounts has thousands of the same. */
function addedUp(entries: readonly ResidentEntry[]): ResidentEntry[] {
  if (entries.length < 2) return [...entries];
  const sums = residentSums();
  for (const entry of entries) sums.add(entry);
  return sums.rows();
}
