import { randomInt } from 'node:crypto';
import {
  type BandAge,
  RESIDENT_MEASURES,
  type ResidentCell,
  type ResidentEntry,
  type ResidentMeasure,
} from '../domain/resident-ledger.ts';
import { addDays, type CalendarDate } from '../domain/viet-nam-time.ts';
import { hasRows, insertRows, newAppendedId, rowsAppended, takeRows } from '../platform/bulk-rows.ts';
import { type Db, inTransaction, isPostgres } from '../platform/database.ts';
import { read, readRows, runShort, type Statements, writeRows } from '../platform/prepared-queries.ts';
import { createSums, type Sums } from './counting.ts';

export type ResidentProgress = {
  /** Birthdays are counted to the end of this day. */
  readonly countedOn: CalendarDate;
  /** Accounts up to this id are counted; `EVERYBODY` but for the time in which an older database is being counted. */
  readonly filledTo: string;
};

/** After every id. */
export const EVERYBODY = '~';

type Totals = Record<ResidentMeasure, number>;
type CounterRow = { unit_code: string; gender: string; age_from: number; recorded_on: string } & Totals;
type DayRow = CounterRow & { day: string };
export type PeriodRow = CounterRow & { period: string };

/** `resident_progress` has so many rows, and all say the same: each transaction locks one of them against a change, so that thousands at once do not all mark
 *  the same row, and whoever counts alone finds a moment in which nobody holds it. Made by migration 0014. */
const PROGRESS_ROWS = 64;
/** Always the same one in a transaction: with a second one it might wait for `countAlone`, and that for the first. */
const rowOf = new WeakMap<Db, number>();

/** How far the counters have come, as it stands until the transaction ends: `countAlone` waits for all who have asked. */
export function* residentProgress(tx: Db): Statements<ResidentProgress> {
  if (!isPostgres(tx)) return progressOf(yield* read(PROGRESS, [1]));
  const row = rowOf.get(tx) ?? 1 + randomInt(PROGRESS_ROWS);
  rowOf.set(tx, row);
  return progressOf(yield* read(`${PROGRESS} for share`, [row]));
}

export function findResidentProgress(tx: Db): Promise<ResidentProgress> {
  return runShort(tx, () => residentProgress(tx));
}

const PROGRESS = 'select counted_on, filled_to from resident_progress where id = ?';

/** For readers: nobody waits. */
export async function readResidentProgress(db: Db): Promise<ResidentProgress> {
  return progressOf(await readRows(db, PROGRESS, [1]));
}

/** As `findResidentProgress`, with nobody else counting until the transaction ends. Does not wait long, for others queue behind it.
 *  @throws PostgreSQL's lock_not_available (55P03) */
export async function countAlone(tx: Db): Promise<ResidentProgress> {
  if (isPostgres(tx)) {
    await tx.raw("set local lock_timeout = '3s'");
    await tx.raw('select id from resident_progress order by id for update');
  }
  return readResidentProgress(tx);
}

export async function changeResidentProgress(tx: Db, { countedOn, filledTo }: ResidentProgress): Promise<void> {
  await writeRows(tx, 'update resident_progress set counted_on = ?, filled_to = ?', [countedOn, filledTo]);
}

function progressOf(rows: { counted_on: string; filled_to: string }[]): ResidentProgress {
  const [row] = rows;
  if (row === undefined) throw new Error('resident_progress has no row');
  return { countedOn: row.counted_on, filledTo: row.filled_to };
}

/** More than one person's step ever brings. */
const LEAST_BATCH = 100;

/** Adds entries to the counters of their day, month and year; a few are appended, so that nobody waits for a counter row. */
export async function addResidentEntries(tx: Db, entries: readonly ResidentEntry[]): Promise<void> {
  if (entries.length < LEAST_BATCH) await runShort(tx, () => residentEntriesAppended(tx, entries));
  else await addRows(tx, entries.map(dayRow));
}

/** Appends what is to be added, in the caller's short transaction. */
export function residentEntriesAppended(tx: Db, entries: readonly ResidentEntry[]): Statements<void> {
  return rowsAppended(
    tx,
    APPENDED,
    entries.map((entry) => ({ id: newAppendedId(tx), ...dayRow(entry) })),
  );
}

/** As `foldCounters` of activation-event-store.ts. @returns how many rows; fewer than `limit` when nothing is left. */
export async function foldResidentCounters(db: Db, limit = 5_000): Promise<number> {
  if (!(await hasRows(db, DELTAS.table))) return 0;
  return inTransaction(db, async (tx) => {
    const rows = await takeRows<DayRow>(tx, DELTAS, limit);
    await addRows(tx, rows);
    return rows.length;
  });
}

async function addRows(tx: Db, rows: readonly DayRow[]): Promise<void> {
  await insertRows(tx, 'resident_counters', periodRows(rows), {
    columns: KEY,
    update: Object.fromEntries(RESIDENT_MEASURES.map((one) => [one, `resident_counters.${one} + excluded.${one}`])),
  });
}

const DELTAS = {
  table: 'resident_counter_deltas',
  columns: ['day', 'unit_code', 'gender', 'age_from', 'recorded_on', ...RESIDENT_MEASURES],
} as const;
const APPENDED = { table: DELTAS.table, columns: ['id', ...DELTAS.columns] } as const;
const KEY = ['period', 'unit_code', 'gender', 'age_from', 'recorded_on'] as const;

function dayRow({
  day,
  unitCode,
  gender,
  ageFrom,
  recordedOn,
  activated,
  level2,
  used,
  usable,
}: ResidentEntry): DayRow {
  return {
    day,
    unit_code: unitCode,
    gender,
    age_from: ageFrom,
    recorded_on: recordedOn,
    activated,
    level2,
    used,
    usable,
  };
}

/** The counters of the periods that these rows add up to. */
function periodRows(rows: readonly DayRow[]): PeriodRow[] {
  const sums = createSums<PeriodRow>(KEY, RESIDENT_MEASURES);
  for (const row of rows) for (const [sign, length] of PERIODS) sums.add(periodRow(row, sign, length));
  return sums.rows();
}

const PERIODS = [
  ['D', 10],
  ['M', 7],
  ['Y', 4],
] as const;

function periodRow(row: DayRow, sign: string, length: number): PeriodRow {
  const period = row.day.slice(0, length);
  const { unit_code, gender, age_from, recorded_on: learnedOn, activated, level2, used, usable } = row;
  const recorded_on = learnedOn.slice(0, length) > period ? learnedOn : '';
  return { period: sign + period, unit_code, gender, age_from, recorded_on, activated, level2, used, usable };
}

/** Entries added up as they come: one for each cell. */
export function residentSums(): Sums<ResidentEntry> {
  return createSums<ResidentEntry>(['day', 'unitCode', 'gender', 'ageFrom', 'recordedOn'], RESIDENT_MEASURES);
}

/** The counters as these sums say that they should stand. */
export function recountedRows(sums: Sums<ResidentEntry>): PeriodRow[] {
  return periodRows(sums.rows().map(dayRow));
}

export async function listResidentCounters(tx: Db): Promise<PeriodRow[]> {
  return (await tx('resident_counters').select(...KEY, ...RESIDENT_MEASURES)) as PeriodRow[];
}

/** Writes counters as they should stand. */
export async function putResidentCounters(tx: Db, rows: readonly PeriodRow[]): Promise<void> {
  await insertRows(tx, 'resident_counters', rows, { columns: KEY, update: RESIDENT_MEASURES });
}

export type ResidentTotal = Pick<ResidentCell, 'unitCode' | 'gender' | 'ageFrom'> & Readonly<Totals>;

/** Who counts in each unit, by sex and age band, at the end of `day`, as known at the end of `knownOn` (now when undefined). One statement: whole years, the
 *  months of the last one, the days of the last month, and what is yet to be added to them. A cell may come in several parts. */
export async function listResidentTotals(
  db: Db,
  { day, knownOn = '9999-12-31' }: { day: CalendarDate; knownOn?: CalendarDate | undefined },
): Promise<ResidentTotal[]> {
  const sums = RESIDENT_MEASURES.map((one) => `sum(${one}) as ${one}`).join(', ');
  const cell = 'unit_code, gender, age_from';
  const part = (table: string, where: string): string =>
    `select ${cell}, ${sums} from ${table} where ${where} and recorded_on <= ? group by ${cell}`;
  // The end of a month is whole months, and that of a year whole years: no days are read for them.
  const next = addDays(day, 1);
  const [year, month] = [next.slice(0, 4), next.slice(0, 7)];
  const parts: [string, string[]][] = [
    [part('resident_counters', "period >= 'Y' and period < ?"), [`Y${year}`, knownOn]],
    [part('resident_counters', 'period >= ? and period < ?'), [`M${year}`, `M${month}`, knownOn]],
    [part('resident_counters', 'period >= ? and period <= ?'), [`D${month}`, `D${day}`, knownOn]],
    [part('resident_counter_deltas', 'day <= ?'), [day, knownOn]],
  ];
  const sql = parts.map(([text]) => text).join(' union all ');
  const rows = await readRows<CounterRow>(
    db,
    sql,
    parts.flatMap(([, values]) => values),
  );
  return rows.map((row) => ({
    unitCode: row.unit_code,
    gender: row.gender as ResidentTotal['gender'],
    ageFrom: row.age_from as ResidentTotal['ageFrom'],
    activated: row.activated,
    level2: row.level2,
    used: row.used,
    usable: row.usable,
  }));
}

export type ResidentMonth = Readonly<Totals> &
  Pick<ResidentCell, 'ageFrom'> & {
    /** YYYY-MM. */
    readonly month: string;
    /** A unit's code, or a sex. */
    readonly place: string;
  };

/** What each month up to one (YYYY-MM) added to each unit or sex, by age band, as known now. A cell may come in several parts. */
export async function listResidentMonths(
  db: Db,
  { to, by }: { to: string; by: 'unit_code' | 'gender' },
): Promise<ResidentMonth[]> {
  const sums = RESIDENT_MEASURES.map((one) => `sum(${one}) as ${one}`).join(', ');
  const part = (month: string, from: string): string =>
    `select ${month} as month, ${by} as place, age_from, ${sums} from ${from} group by 1, 2, 3`;
  const sql = [
    part('substr(period, 2)', "resident_counters where period >= 'M' and period <= ?"),
    part('substr(day, 1, 7)', 'resident_counter_deltas where day <= ?'),
  ].join(' union all ');
  const rows = await readRows<{ month: string; place: string; age_from: number } & Totals>(db, sql, [
    `M${to}`,
    `${to}-31`,
  ]);
  return rows.map(({ age_from, ...row }) => ({ ...row, ageFrom: age_from as ResidentMonth['ageFrom'] }));
}

/** What the days from `from` to `to` added to those of at least `ageMin` who ever activated, over all units: activations, and birthdays into that age, less the
 *  dead. Taken from the count at the end of `to` it is the count before `from`. */
export async function listResidentAdditions(
  db: Db,
  {
    from,
    to,
    knownOn = '9999-12-31',
    ageMin,
  }: { from: CalendarDate; to: CalendarDate; knownOn?: CalendarDate | undefined; ageMin: BandAge },
): Promise<{ day: CalendarDate; activated: number }[]> {
  const tail = 'and recorded_on <= ? and age_from >= ? group by day';
  const sql = `select substr(period, 2) as day, sum(activated) as activated from resident_counters where period >= ? and period <= ? ${tail}
    union all select day, sum(activated) from resident_counter_deltas where day >= ? and day <= ? ${tail}`;
  return readRows(db, sql, [`D${from}`, `D${to}`, knownOn, ageMin, from, to, knownOn, ageMin]);
}
