import type { CalendarDate } from '../domain/viet-nam-time.ts';
import { insertRows } from '../platform/bulk-rows.ts';
import type { Db } from '../platform/database.ts';
import { createSums, differences, repaired, type Sums } from './counting.ts';

/** The measure under which waits lie among what is yet to be added to the counters (`activation_counter_deltas`). */
export const WAITED = 'waited' as const;

/** In place of a unit's code: all units together, so that the whole is read at the cost of one unit. */
export const ALL_UNITS = '*';

/** How many grants were notified on a day, and how many of those were first activated on which. Days of Viet Nam. */
type WaitKey = {
  /** '' when unknown, `ALL_UNITS` for all together. */
  unit_code: string;
  account_level: number;
  notified_on: CalendarDate;
  /** '' for all that were notified. */
  activated_on: string;
  /** The day on which it was learned, when that is a later one; else ''. */
  recorded_on: string;
};
export type WaitPart = WaitKey & { total: number };

const COLUMNS = ['unit_code', 'notified_on', 'activated_on', 'account_level', 'recorded_on'] as const;

export function waitSums(): Sums<WaitPart> {
  return createSums<WaitPart>(COLUMNS, ['total']);
}

/** Adds to the waits of the units and of the whole, in the caller's transaction. */
export async function addToWaits(tx: Db, waits: readonly WaitPart[]): Promise<void> {
  const add = { total: 'activation_wait_counters.total + excluded.total' };
  await insertRows(tx, 'activation_wait_counters', unitsAndWhole(waits), { columns: COLUMNS, update: add });
}

/** The waits that are not what they should be. `repair` writes those over them. */
export async function listWaitDifferences(
  tx: Db,
  recounted: readonly WaitPart[],
  { repair }: { repair: boolean },
): Promise<(WaitKey & { counted: number; recounted: number })[]> {
  const counted = (await tx('activation_wait_counters').select(...COLUMNS, 'total')) as WaitPart[];
  const differing = differences<WaitKey>(counted, unitsAndWhole(recounted), COLUMNS);
  if (repair)
    await insertRows(tx, 'activation_wait_counters', differing.map(repaired), { columns: COLUMNS, update: ['total'] });
  return differing;
}

function unitsAndWhole(waits: readonly WaitPart[]): WaitPart[] {
  const sums = waitSums();
  for (const part of waits) {
    sums.add(part);
    sums.add({ ...part, unit_code: ALL_UNITS });
  }
  return sums.rows();
}
