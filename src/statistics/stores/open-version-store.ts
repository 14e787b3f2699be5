import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/database.ts';
import { readRow } from '../../platform/prepared-queries.ts';

/** Answers say the minute as of which they count, and depend on the day: none is kept over one of these, nor past midnight in Viet Nam, which begins one. */
const STEP_MS = 10 * 60_000;

/** Of what everything the public sees is made, as text: another one when any of it may have changed. Residents follow from activation events, facts of people and the days whose
 *  birthdays are counted; sign-ins at relying parties and attempts are public by months that are over, which the day tells. One statement. */
async function findOpenVersion(db: Db): Promise<string> {
  const sql = `select
    (select coalesce(sum(version), 0) from activation_counter_versions) as counters,
    (select count(*) from activation_counter_deltas) as waiting,
    (select count(*) from resident_counter_deltas) as residents_waiting,
    (select coalesce(sum(recorded_at), 0) from (select recorded_at from resident_facts where id < 'x' order by id desc limit 200) as latest) as facts,
    (select max(id) from resident_facts) as old_facts,
    (select counted_on from resident_progress where id = 1) as counted_on,
    (select filled_to from resident_progress where id = 1) as filled_to,
    (select count(*) from denominators) as bases,
    (select count(*) from published_figures) as published,
    (select count(*) from campaigns) as campaigns,
    (select count(*) from rp_totals) as totals,
    (select coalesce(sum(updated_at), 0) from clients) as clients`;
  return JSON.stringify(await readRow<object>(db, sql, []));
}

/** The version of the open view. It is read again after so many seconds, whatever comes in meanwhile: a crowd of activations makes no crowd of renderings. */
export function openVersion({
  db,
  clock,
  seconds,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly seconds: number;
}): () => Promise<string> {
  let known: { readonly readAt: number; readonly version: Promise<string> } | undefined;
  return async () => {
    const now = clock().getTime();
    if (known === undefined || Math.abs(now - known.readAt) >= seconds * 1000) {
      const reading = { readAt: now, version: findOpenVersion(db) };
      known = reading;
      reading.version.catch(() => {
        if (known === reading) known = undefined;
      });
    }
    return `${Math.floor(now / STEP_MS)} ${await known.version}`;
  };
}
