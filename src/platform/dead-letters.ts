import type { Db } from './database.ts';

/** A message that the outbox gave up. What it says stays sealed. */
export type DeadLetter = {
  readonly id: string;
  readonly kind: string;
  readonly tries: number;
  /** An error's name or code, never its text. */
  readonly lastError: string | undefined;
  readonly createdAt: Date;
  readonly settledAt: Date;
};

/** The oldest first. */
export async function listDeadLetters(db: Db, limit: number): Promise<DeadLetter[]> {
  const rows = (await db('outbox')
    .select('id', 'kind', 'tries', 'last_error', 'created_at', 'settled_at')
    .where({ status: 'dead' })
    .orderBy('created_at')
    .limit(limit)) as {
    id: string;
    kind: string;
    tries: number;
    last_error: string | null;
    created_at: number;
    settled_at: number;
  }[];
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    tries: row.tries,
    lastError: row.last_error ?? undefined,
    createdAt: new Date(row.created_at),
    settledAt: new Date(row.settled_at),
  }));
}

/** Lets the outbox try again, as if for the first time: one message, or all that it gave up. @returns how many. */
export async function retryDeadLetters(db: Db, id: string | undefined, now: Date): Promise<number> {
  return db('outbox')
    .where({ status: 'dead', ...(id === undefined ? {} : { id }) })
    .update({ status: 'waiting', tries: 0, next_try_at: now.getTime(), settled_at: null, last_error: null });
}
