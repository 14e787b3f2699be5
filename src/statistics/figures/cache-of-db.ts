import { LRUCache } from 'lru-cache';
import type { Db } from '../../platform/database.ts';

/** A cache for each database. @returns what finds it: none inside a transaction, which may be rolled back */
export function cacheOfDb<Value extends object>(
  options: LRUCache.Options<string, Value, unknown>,
): (db: Db) => LRUCache<string, Value> | undefined {
  const caches = new WeakMap<Db, LRUCache<string, Value>>();
  return (db) => {
    if (db.isTransaction === true) return undefined;
    let cache = caches.get(db);
    if (cache === undefined) {
      cache = new LRUCache(options);
      caches.set(db, cache);
    }
    return cache;
  };
}
