import { LRUCache } from 'lru-cache';

type Connection<S> = { prepare(sql: string): S };

/** More different statements than the code writes; only lists of varying length (`where id in (?, ?, …)`) make more. */
const KEPT = 1_000;

/** Makes a SQLite connection prepare each text once. knex prepares every query anew, a fifth of what a small one costs. Whoever uses the connection must not
 *  leave a statement open (`iterate`) or change its mode (`raw`, `pluck`): it is shared. */
export function keepPreparedStatements<S extends object>(connection: Connection<S>): void {
  const statements = new LRUCache<string, S>({ max: KEPT });
  const prepare = connection.prepare.bind(connection);
  Object.assign(connection, {
    prepare(sql: string): S {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const made = prepare(sql);
      statements.set(sql, made);
      return made;
    },
  });
}
