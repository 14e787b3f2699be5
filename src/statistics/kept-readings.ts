import { LRUCache } from 'lru-cache';
import type { CalendarDate } from '../domain/viet-nam-time.ts';
import type { Db } from '../platform/database.ts';
import { findEditionVersion } from './edition-version-store.ts';

/** Of each database: what was read or made, by its question and the version of what it is made of. */
const kept = new WeakMap<Db, LRUCache<string, Promise<unknown>>>();
const KEPT = { max: 400, ttl: 600_000 };
/** After every record there is. */
const ALWAYS = new Date(8.64e15);

/** What is made of counters up to a day, and of bases, kept while nothing of that has changed, and ten minutes at most. Made anew each time while something waits to be added
 *  to the counters, and inside a transaction. */
export async function whileUnchanged<T>(
  db: Db,
  {
    day,
    knownAt = ALWAYS,
    ...question
  }: { readonly of: string; readonly day: CalendarDate; readonly knownAt?: Date } & Readonly<Record<string, unknown>>,
  make: () => Promise<T>,
): Promise<T> {
  const version = db.isTransaction === true ? undefined : await findEditionVersion(db, { day, knownAt });
  if (version === undefined) return make();
  let cache = kept.get(db);
  if (cache === undefined) {
    cache = new LRUCache(KEPT);
    kept.set(db, cache);
  }
  const key = JSON.stringify([day, question, version]);
  const known = cache.get(key) as Promise<T> | undefined;
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  // A failure is not kept.
  made.catch(() => kept.get(db)?.delete(key));
  return made;
}
