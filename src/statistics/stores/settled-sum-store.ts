import { addDays, type CalendarDate, lastDayOf, monthAfter } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { readRows } from '../../platform/prepared-queries.ts';
import { cacheOfDb } from '../figures/cache-of-db.ts';

type Column = 'unit_code' | 'account_level' | 'measure' | 'channel';
type Value = string | number;

export type SumsQuery = {
  /** What is added up apart. */
  readonly key: readonly Column[];
  /** A condition on the counters, with its values; both of our own code. */
  readonly where: string;
  readonly values: readonly Value[];
  /** Up to this day everything is read; it need not be over, but what is over stays in memory longest. */
  readonly settledDay: CalendarDate;
  /** Up to this one what meets `liveWhere`; not before `settledDay`. */
  readonly day: CalendarDate;
  readonly liveWhere: string;
  /** What was known at the end of this day; everything known now when undefined. */
  readonly knownOn: CalendarDate | undefined;
};

type Summed<Key> = Key & { readonly total: number };
type Part = 'settled' | 'live' | 'version';
type Settled = { readonly version: number; readonly rows: readonly unknown[] };

/** Sums by their question. */
const cacheOf = cacheOfDb<Settled>({ max: 200 });
/** After every day there is. */
const ALWAYS: CalendarDate = '9999-12-31';

/** Counters added up to a day, in one statement, so that it is one state of them: whole months, the few days that are missing or too many at the nearest end of a month, and
 *  what is yet to be added to either (`foldCounters`). The sums up to `settledDay` are kept in memory with the version of these days, which is read with the rest: while nothing was learned
 *  about them they are not added up again. A key may come in several parts. */
export async function listSums<Key extends object>(db: Db, query: SumsQuery): Promise<Summed<Key>[]> {
  const { settledDay, day, where, values, liveWhere, knownOn = ALWAYS } = query;
  const key = query.key.join(', ');
  const none = query.key
    .map((column) => (column === 'account_level' ? `0 as ${column}` : `'' as ${column}`))
    .join(', ');
  const sum = (part: Part, from: string, sign: '' | '-' = ''): string =>
    `select '${part}' as part, ${key}, ${sign}sum(total) as total from ${from} and ${where} and recorded_on <= ? group by ${key}`;
  const live = [
    `select 'version' as part, ${none}, coalesce(sum(version), 0) as total from activation_counter_versions where day <= ?`,
    sum('live', `activation_counters where day > ? and day <= ? and ${liveWhere}`),
    sum('live', `activation_counter_deltas where day <= ? and (day <= ? or ${liveWhere})`),
  ];
  const liveValues = [settledDay, settledDay, day, ...values, knownOn, day, settledDay, ...values, knownOn];

  const question = JSON.stringify([key, where, values, settledDay, knownOn]);
  const cache = cacheOf(db);
  const before = cache?.get(question);
  if (before !== undefined) {
    const read = sorted<Key>(await readRows(db, live.join(' union all '), liveValues));
    if (read.version === before.version) return [...(before.rows as Summed<Key>[]), ...read.live];
  }
  const { month, from, to, sign } = nearestMonths(settledDay, query.knownOn);
  const all = [
    ...live,
    sum('settled', 'activation_month_counters where month < ?'),
    sum('settled', 'activation_counters where day >= ? and day <= ?', sign),
  ];
  const allValues = [...liveValues, month, ...values, knownOn, from, to, ...values, knownOn];
  const read = sorted<Key>(await readRows(db, all.join(' union all '), allValues));
  cache?.set(question, { version: read.version, rows: read.settled });
  return [...read.settled, ...read.live];
}

/** Whole months before `month`, and the days by which they fall short of `settledDay` or (`-`) go beyond it, fewer of the two: no days at the end of a month, at most
 *  half of one. What was known during a month is not told by its sum: then the days are those that it falls short. */
function nearestMonths(
  settledDay: CalendarDate,
  knownOn: CalendarDate | undefined,
): { month: string; from: CalendarDate; to: CalendarDate; sign: '' | '-' } {
  const next = addDays(settledDay, 1);
  const month = next.slice(0, 7);
  const short = { month, from: `${month}-01`, to: settledDay, sign: '' } as const;
  if (knownOn !== undefined || Number(next.slice(8)) <= 16) return short;
  return { month: monthAfter(month), from: next, to: lastDayOf(month), sign: '-' };
}

function sorted<Key extends object>(
  rows: readonly (Key & { part: Part; total: number | string })[],
): { version: number; settled: Summed<Key>[]; live: Summed<Key>[] } {
  const read = { version: 0, settled: [] as Summed<Key>[], live: [] as Summed<Key>[] };
  for (const { part, ...rest } of rows) {
    const row = { ...rest, total: Number(rest.total) } as unknown as Summed<Key>;
    if (part === 'version') read.version = row.total;
    else read[part].push(row);
  }
  return read;
}
