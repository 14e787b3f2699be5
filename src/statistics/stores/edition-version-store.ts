import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { readRow } from '../../platform/prepared-queries.ts';

type Row = { readonly waiting: number | string } & Readonly<Record<string, string | number | null>>;

/** Of what editions up to `day` are made, as text: another one when any of it may have changed. Residents follow from activation events, moves, deaths and the days whose
 *  birthdays are counted. One statement. @returns undefined while something waits to be added to counters of these days */
export async function findEditionVersion(
  db: Db,
  { day, knownAt }: { day: CalendarDate; knownAt: Date },
): Promise<string | undefined> {
  const waiting = (table: string): string =>
    `(select count(*) from (select 1 from ${table} where day <= ? limit 1) as ${table}_first)`;
  const sql = `select ${waiting('activation_counter_deltas')} + ${waiting('resident_counter_deltas')} as waiting,
    (select coalesce(sum(version), 0) from activation_counter_versions where day <= ?) as counters,
    (select coalesce(sum(recorded_at), 0) from (select recorded_at from resident_facts where id < 'x' order by id desc limit 200) as latest) as facts,
    (select max(id) from resident_facts) as old_facts,
    (select counted_on from resident_progress where id = 1) as counted_on,
    (select filled_to from resident_progress where id = 1) as filled_to,
    (select count(*) from denominators where recorded_at <= ?) as bases`;
  const row = await readRow<Row>(db, sql, [day, day, day, knownAt.getTime()]);
  return row === undefined || Number(row.waiting) > 0 ? undefined : JSON.stringify(row);
}
