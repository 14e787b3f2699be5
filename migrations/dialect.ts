import type { Knex } from 'knex';

/** Whether a migration runs on PostgreSQL; else on SQLite. */
export function isPostgres(knex: Knex): boolean {
  return (knex.client as { config: { client: string } }).config.client === 'pg';
}
