import type { CounterMeasure } from '../../accounts/activation-counters.ts';
import type { AccountLevel } from '../../domain/assurance.ts';
import { addDays, type CalendarDate, lastDayOf, monthAfter } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { readRows } from '../../platform/prepared-queries.ts';
import { cacheOfDb } from '../figures/cache-of-db.ts';

export type DaySumsQuery = {
  readonly table: 'activation_counters' | 'activation_whole_counters';
  /** A condition on the counters, with its values; both of our own code. */
  readonly where: string;
  readonly values: readonly string[];
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  /** The last day that is over: of later ones something is learned all the time. */
  readonly overDay: CalendarDate;
  /** What was known at the end of this day; everything known now when undefined. */
  readonly knownOn: CalendarDate | undefined;
};

export type DaySum = {
  readonly day: CalendarDate;
  readonly measure: CounterMeasure;
  readonly accountLevel: AccountLevel;
  readonly total: number;
};

type Row = {
  part: 'version' | 'live' | 'kept';
  day: string;
  measure: string;
  account_level: number;
  total: number | string;
};
/** A month, to its last day that is over. */
type Block = { readonly from: CalendarDate; readonly to: CalendarDate };
type KeptBlock = { readonly version: number; readonly sums: readonly DaySum[] };

/** The days of a month by their question. */
const cacheOf = cacheOfDb<KeptBlock>({ max: 1_000 });
/** After every day there is. */
const ALWAYS: CalendarDate = '9999-12-31';

/** What was added on each day, in one statement, so that it is one state of the counters; a day may come in several parts. Days that are over are kept by month with
 *  the version of these days, as `listSums` keeps its sums: a trend of another year, or to another day, reads only the months that nobody has read yet. */
export async function listDaySums(db: Db, query: DaySumsQuery): Promise<DaySum[]> {
  const { table, where, values, from, to, knownOn = ALWAYS } = query;
  const blocks = blocksOf(query);
  const isAsked = ({ day }: DaySum): boolean => from <= day && day <= to;
  const cache = cacheOf(db);
  const keyOf = (block: Block): string => JSON.stringify([table, where, values, block, knownOn]);
  const isKept = (block: Block, versions: ReadonlyMap<string, number>): boolean =>
    cache?.get(keyOf(block))?.version === (versions.get(block.from.slice(0, 7)) ?? 0);

  let read = await readDays(db, query, undefined);
  let missing = blocks.filter((block) => !isKept(block, read.versions));
  // Of the second statement only what it reads itself may be older than it.
  for (let range = rangeOf(missing); range !== undefined; range = rangeOf(missing)) {
    const { from: first, to: last } = range;
    const isRead = (block: Block): boolean => first <= block.from && block.to <= last;
    read = await readDays(db, query, range);
    const sums = Map.groupBy(read.kept, ({ day }) => day.slice(0, 7));
    const { versions } = read;
    for (const block of blocks.filter(isRead)) {
      const month = block.from.slice(0, 7);
      cache?.set(keyOf(block), { version: versions.get(month) ?? 0, sums: sums.get(month) ?? [] });
    }
    if (cache === undefined) return [...read.kept, ...read.live].filter(isAsked);
    missing = blocks.filter((block) => !isRead(block) && !isKept(block, versions)).length > 0 ? blocks : [];
  }
  const known = blocks.flatMap((block) => cache?.get(keyOf(block))?.sums ?? []);
  return [...known, ...read.live].filter(isAsked);
}

/** Whole months, so that trends which begin or end on different days share them. */
function blocksOf({ from, to, overDay }: DaySumsQuery): Block[] {
  const blocks: Block[] = [];
  const settledDay = to < overDay ? to : overDay;
  for (let month = from.slice(0, 7); `${month}-01` <= settledDay; month = monthAfter(month)) {
    const last = lastDayOf(month);
    blocks.push({ from: `${month}-01`, to: last < overDay ? last : overDay });
  }
  return blocks;
}

function rangeOf(blocks: readonly Block[]): Block | undefined {
  const [first, last] = [blocks.at(0), blocks.at(-1)];
  return first && last && { from: first.from, to: last.to };
}

async function readDays(
  db: Db,
  query: DaySumsQuery,
  range: Block | undefined,
): Promise<{ versions: ReadonlyMap<string, number>; live: readonly DaySum[]; kept: readonly DaySum[] }> {
  const { table, where, values, from, to, overDay, knownOn = ALWAYS } = query;
  const settledTo = blocksOf(query).at(-1)?.to ?? '';
  const sum = (part: Row['part'], rows: string): string =>
    `select '${part}' as part, day, measure, account_level, sum(total) as total from ${rows}
      where day >= ? and day <= ? and ${where} and recorded_on <= ? group by day, measure, account_level`;
  const parts = [
    `select 'version' as part, substr(day, 1, 7) as day, '' as measure, 0 as account_level, sum(version) as total
      from activation_counter_versions where day >= ? and day <= ? group by substr(day, 1, 7)`,
    sum('live', table),
    sum('live', 'activation_counter_deltas'),
    ...(range === undefined ? [] : [sum('kept', table)]),
  ];
  const between = (first: CalendarDate, last: CalendarDate): string[] => [first, last, ...values, knownOn];
  const rows = await readRows<Row>(db, parts.join(' union all '), [
    `${from.slice(0, 7)}-01`,
    settledTo,
    ...between(addDays(overDay, 1), to),
    ...between(from, to),
    ...(range === undefined ? [] : between(range.from, range.to)),
  ]);
  const sums = (part: Row['part']): DaySum[] =>
    rows
      .filter((row) => row.part === part)
      .map(({ day, measure, account_level, total }) => ({
        day,
        measure: measure as CounterMeasure,
        accountLevel: account_level as AccountLevel,
        total: Number(total),
      }));
  return {
    versions: new Map(rows.filter(({ part }) => part === 'version').map(({ day, total }) => [day, Number(total)])),
    live: sums('live'),
    kept: sums('kept'),
  };
}
