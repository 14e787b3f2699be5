import type { CalendarDate } from '../../domain/viet-nam-time.ts';
import type { Db } from '../../platform/database.ts';
import { findEditionVersion } from '../stores/edition-version-store.ts';
import { cacheOfDb } from './cache-of-db.ts';

/** What was read or made, by its question and the version of what it is made of. */
const cacheOf = cacheOfDb<Promise<unknown>>({ max: 400, ttl: 600_000 });
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
  const cache = cacheOf(db);
  const version = cache && (await findEditionVersion(db, { day, knownAt }));
  if (cache === undefined || version === undefined) return make();
  const key = JSON.stringify([day, question, version]);
  const known = cache.get(key) as Promise<T> | undefined;
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  // A failure is not kept.
  made.catch(() => cache.delete(key));
  return made;
}
