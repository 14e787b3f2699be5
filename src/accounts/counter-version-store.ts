import { randomInt } from 'node:crypto';
import type { CalendarDate } from '../domain/viet-nam-time.ts';
import { insertRows } from '../platform/bulk-rows.ts';
import type { Db } from '../platform/database.ts';

/** Sums of these over some thousand days stay whole numbers of a double. */
const BELOW = 2 ** 40;

/** Says that counters of the days of these rows changed, in the transaction that changes them: the sum of the versions up to a day is another number from then on. Drawn
 *  at random, so that no order of changes, and no restored backup, brings an old number back with other counters. */
export async function changeCounterVersions(tx: Db, changed: readonly { readonly day: CalendarDate }[]): Promise<void> {
  // In the order of the days, so that two transactions never wait for each other.
  const rows = [...new Set(changed.map(({ day }) => day))]
    .toSorted()
    .map((day) => ({ day, version: randomInt(BELOW) }));
  await insertRows(tx, 'activation_counter_versions', rows, { columns: ['day'], update: ['version'] });
}
