import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../platform/clock.ts';
import type { AdoptionDeps } from './figures/rp-adoption.ts';
import { statisticsReader } from './figures/statistics-reader.ts';

/** Reads what the dashboard shows as of now, of a year, to who sees everything and to the public, so that the sums of days that are over, and the editions, are in memory
 *  before somebody asks: after a start, after midnight, and after something was learned about an earlier day. While all of it stands this is as cheap as two readers. */
export async function warmStatistics({
  db,
  clock,
  listClients,
}: AdoptionDeps & { readonly clock: Clock }): Promise<void> {
  const now = clock();
  for (const kind of ['full', 'public'] as const) {
    const dueOn = `${now.getUTCFullYear()}-12-31`;
    const reader = statisticsReader({ db, listClients }, { now, viewer: { kind }, range: 'year', dueOn });
    const { rates, trend, months, channels, campaigns, backlog, waits, residents, adoption } = reader;
    for (const read of [rates, trend, months, channels, campaigns, backlog, waits, residents, adoption]) {
      await read();
      // SQLite is asked on this thread: those who sign in come between two questions.
      await setImmediate();
    }
  }
}
