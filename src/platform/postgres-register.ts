import type { Knex } from 'knex';
import pg from 'pg';
import { openLanes, type PostgresLanes } from './postgres-lanes.ts';

/** As in database.ts, which needs this module. */
type Db = Knex;

const registers = new WeakMap<Db, () => PostgresLanes>();

/** For single statements outside a transaction. Undefined for SQLite, and inside a transaction, whose connection is its own. */
export function lanesOf(db: Db): PostgresLanes | undefined {
  return registers.get(db)?.();
}

const CONNECTIONS = 4;

/** Beside the query builder's pool, whose connections belong to one transaction at a time. Opened when first needed. */
export function addPostgresRegister(db: Db, settings: pg.PoolConfig): void {
  let opened: { pool: pg.Pool; lanes: PostgresLanes } | undefined;
  const open = (): { pool: pg.Pool; lanes: PostgresLanes } => {
    const pool = new pg.Pool({ ...settings, max: CONNECTIONS + 1 });
    // Without a listener a connection that the server ends while it is idle would end the process; the next statement opens another.
    pool.on('error', () => undefined);
    return { pool, lanes: openLanes(pool) };
  };
  registers.set(db, () => {
    opened ??= open();
    return opened.lanes;
  });
  const { pool: builders } = db.client as { pool: { on(event: 'poolDestroyRequest', act: () => void): void } };
  builders.on('poolDestroyRequest', () => {
    registers.delete(db);
    opened?.lanes
      .close()
      .then(() => opened?.pool.end())
      .catch(() => undefined);
  });
}
