import { createRequire } from 'node:module';
import type pg from 'pg';

const require = createRequire(import.meta.url);

/** The driver of PostgreSQL, loaded where it is wanted: a start on SQLite need not have it. */
export function loadPg(): typeof pg {
  return require('pg') as typeof pg;
}
