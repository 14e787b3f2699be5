import { type Db, isPostgres } from './database.ts';
import { readRows } from './prepared-queries.ts';

/** Work that one transaction does at a time, whatever the number of processes: a row of `named_locks` each, made by a migration. Held until the transaction ends.
 *  A row, and not PostgreSQL's advisory lock: what scales out (CockroachDB, Citus) has none, or none that holds everywhere. SQLite has one writer. */
export async function holdAlone(tx: Db, name: 'rp_use_fold'): Promise<void> {
  if (!isPostgres(tx)) return;
  const held = await readRows(tx, 'select name from named_locks where name = ? for update', [name]);
  if (held.length === 0) throw new Error(`named_locks has no row ${name}`);
}
