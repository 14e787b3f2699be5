import type { Knex } from 'knex';
import type pg from 'pg';
import { loadPg } from './load-pg.ts';
import { openLanes, type PostgresLanes } from './postgres-lanes.ts';
import { createPostgresPulse, type PostgresPulse } from './postgres-pulse.ts';
import { StoreUnavailable } from './store-outage.ts';

/** As in database.ts, which needs this module. */
type Db = Knex;

const registers = new WeakMap<Db, () => PostgresLanes>();
const pulses = new WeakMap<Db, PostgresPulse>();

/** For single statements outside a transaction. Undefined for SQLite, and inside a transaction, whose connection is its own. */
export function lanesOf(db: Db): PostgresLanes | undefined {
  return registers.get(db)?.();
}

/** Undefined for SQLite. */
export function pulseOf(db: Db): PostgresPulse | undefined {
  return pulses.get(db);
}

/** What the query builder keeps to itself: makes its connections, and keeps who waits for one. */
type Builder = {
  driver: object;
  acquireConnection(): Promise<unknown>;
  pool: {
    pendingAcquires: readonly { reject(error: Error): void }[];
    on(event: 'poolDestroyRequest', act: () => void): void;
  };
};

const CONNECTIONS = 4;

/** Beside the query builder's pool, whose connections belong to one transaction at a time. Opened when first needed. */
export function addPostgresRegister(db: Db, settings: pg.PoolConfig & { connectionString: string }): void {
  const pulse = watchBuilder(db, settings.connectionString);
  let opened: { pool: pg.Pool; lanes: PostgresLanes } | undefined;
  const open = (): { pool: pg.Pool; lanes: PostgresLanes } => {
    const pool = new (loadPg().Pool)({ ...settings, max: CONNECTIONS + 1, Client: pulse.Client });
    // Without a listener a connection that the server ends while it is idle would end the process; the next statement opens another.
    pool.on('error', () => undefined);
    return { pool, lanes: openLanes(pool) };
  };
  registers.set(db, () => {
    opened ??= open();
    return opened.lanes;
  });
  (db.client as Builder).pool.on('poolDestroyRequest', () => {
    registers.delete(db);
    pulse.stop();
    opened?.lanes
      .close()
      .then(() => opened?.pool.end())
      .catch(() => undefined);
  });
}

/** While the server is silent nobody gets a connection of the query builder's or waits for one. */
function watchBuilder(db: Db, url: string): PostgresPulse {
  const builder = db.client as Builder;
  const silence = (): StoreUnavailable => new StoreUnavailable('PostgreSQL is silent');
  const pulse = createPostgresPulse(url, () => {
    for (const waiting of builder.pool.pendingAcquires) waiting.reject(silence());
  });
  builder.driver = Object.create(builder.driver, { Client: { value: pulse.Client } }) as object;
  const acquire = builder.acquireConnection.bind(builder);
  builder.acquireConnection = () => (pulse.isOpen() ? Promise.reject(silence()) : acquire());
  pulses.set(db, pulse);
  return pulse;
}
