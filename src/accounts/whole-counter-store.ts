import { insertRows } from '../platform/bulk-rows.ts';
import type { Db } from '../platform/database.ts';
import type { CounterMeasure, CounterPart } from './activation-counters.ts';
import { createSums, differences, repaired } from './counting.ts';

/** What is asked for by day: of these, counters of all units together stand beside those of the units, so that a trend of the whole is read at the cost of one unit. */
export const DAY_MEASURES = ['notified', 'activated', 'person_activated'] as const satisfies readonly CounterMeasure[];
export type DayMeasure = (typeof DAY_MEASURES)[number];

type WholeKey = Pick<CounterPart, 'measure' | 'day' | 'account_level' | 'recorded_on'>;
type WholePart = WholeKey & { readonly total: number };

const TABLE = 'activation_whole_counters';
const COLUMNS = ['measure', 'day', 'account_level', 'recorded_on'] as const;

/** Adds what is added to the counters of the units, in the same transaction. */
export async function addToWhole(tx: Db, days: readonly CounterPart[]): Promise<void> {
  const add = { total: `${TABLE}.total + excluded.total` };
  await insertRows(tx, TABLE, wholesOf(days), { columns: COLUMNS, update: add });
}

/** The counters of the whole that are not what those of the units should add up to. `repair` writes these over them. */
export async function listWholeDifferences(
  tx: Db,
  recounted: readonly CounterPart[],
  { repair }: { repair: boolean },
): Promise<(WholeKey & { counted: number; recounted: number })[]> {
  const counted = (await tx(TABLE).select(...COLUMNS, 'total')) as WholePart[];
  const differing = differences<WholeKey>(counted, wholesOf(recounted), COLUMNS);
  if (repair) await insertRows(tx, TABLE, differing.map(repaired), { columns: COLUMNS, update: ['total'] });
  return differing;
}

function wholesOf(days: readonly CounterPart[]): WholePart[] {
  const sums = createSums<WholePart>(COLUMNS, ['total']);
  for (const { measure, day, account_level, recorded_on, total } of days)
    if (isDayMeasure(measure)) sums.add({ measure, day, account_level, recorded_on, total });
  return sums.rows();
}

function isDayMeasure(measure: CounterMeasure): measure is DayMeasure {
  return (DAY_MEASURES as readonly string[]).includes(measure);
}
