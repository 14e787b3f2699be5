import type { Clock } from './clock.ts';
import { type Db, inTransaction, isPostgres } from './database.ts';
import { newId } from './ids.ts';
import type { Log } from './log.ts';
import type { Vault } from './vault.ts';

/** Something to be done outside the database once the transaction that asked for it stands. */
export type OutboxMessage = { kind: string; payload: Record<string, unknown>; notBefore?: Date };
type OutboxRow = { id: string; kind: string; payload_sealed: string; tries: number };

/** What delivers one kind. Throwing means "try again later"; it may be called twice for one message. */
export type OutboxHandler = (payload: Record<string, unknown>, messageId: string) => Promise<void>;

export type Outbox = {
  /** Puts a message into the caller's transaction; it goes out only if that commits. */
  enqueue(tx: Db, message: OutboxMessage): Promise<void>;
  handle(kind: string, handler: OutboxHandler): void;
  /** Delivers what is due, oldest first. @returns how many were delivered. Never throws for a message's own failure. */
  drain(): Promise<number>;
  /** Asks for a drain soon: called after a commit so that a code does not wait for the timer. */
  nudge(): void;
  start(): void;
  stop(): Promise<void>;
  counts(): Promise<{ waiting: number; dead: number }>;
};

export const OUTBOX_MAX_TRIES = 8;
const BATCH = 20;
/** Who has not renewed for so long is dead. It does so four times meanwhile, which leaves a busy machine, and a clock that differs, some seconds. */
const LEASE_MS = 15_000;
const POLL_MS = 1_000;

/** Transactional outbox with full-jitter back-off and dead letters. A message being delivered is leased by moving its next try ahead, again and again while it takes, so that a
 *  crash in the middle delivers it again soon: at least once, never lost. */
export function createOutbox(deps: { db: Db; vault: Vault; clock: Clock; log: Log; leaseMs?: number }): Outbox {
  const { leaseMs = LEASE_MS } = deps;
  const handlers = new Map<string, OutboxHandler>();
  let timer: NodeJS.Timeout | undefined;
  let draining: Promise<number> | undefined;
  let nudged = false;

  const lease = (): Promise<{ rows: OutboxRow[]; until: number }> =>
    inTransaction(deps.db, async (tx) => {
      const now = deps.clock().getTime();
      const until = now + leaseMs;
      const due = tx<OutboxRow & { status: string; next_try_at: number; created_at: number }>('outbox')
        .select('id', 'kind', 'payload_sealed', 'tries')
        .where('status', 'waiting')
        .andWhere('next_try_at', '<=', now)
        .orderBy('created_at')
        .limit(BATCH);
      const rows = await (isPostgres(tx) ? due.forUpdate().skipLocked() : due);
      if (rows.length > 0)
        await tx('outbox')
          .whereIn(
            'id',
            rows.map((row) => row.id),
          )
          .update({ next_try_at: until });
      return { rows, until };
    });

  /** Each for itself, and while one takes its time the lease of those that are not settled is renewed. @returns how many were delivered. */
  const deliverLeased = async ({ rows, until }: { rows: OutboxRow[]; until: number }): Promise<number> => {
    if (rows.length === 0) return 0;
    const unsettled = new Set(rows.map(({ id }) => id));
    let leasedUntil = until;
    let renewing: Promise<void> | undefined;
    const renew = async (): Promise<void> => {
      const next = deps.clock().getTime() + leaseMs;
      // Only what is still ours: what was put off meanwhile stays as it is.
      const ours = deps
        .db('outbox')
        .whereIn('id', [...unsettled])
        .where({ status: 'waiting', next_try_at: leasedUntil });
      await ours.update({ next_try_at: next });
      leasedUntil = next;
    };
    const timer = setInterval(() => {
      renewing ??= renew()
        .catch((error: unknown) => deps.log.warn({ err: error }, 'outbox.not_renewed'))
        .finally(() => {
          renewing = undefined;
        });
    }, leaseMs / 4).unref();
    try {
      const outcomes = await Promise.all(rows.map((row) => deliver(row).finally(() => unsettled.delete(row.id))));
      return outcomes.filter(Boolean).length;
    } finally {
      clearInterval(timer);
      await renewing;
    }
  };

  const deliver = async (row: OutboxRow): Promise<boolean> => {
    try {
      const handler = handlers.get(row.kind);
      if (handler === undefined) throw new Error('no handler');
      await handler(JSON.parse(deps.vault.open(row.payload_sealed, place(row.id))) as Record<string, unknown>, row.id);
      // The payload has served: what it held (a code, a phone number) is not kept.
      await deps
        .db('outbox')
        .where({ id: row.id })
        .update({ status: 'sent', settled_at: deps.clock().getTime(), payload_sealed: '' });
      return true;
    } catch (error) {
      await postpone(row, error);
      return false;
    }
  };

  const postpone = async (row: OutboxRow, error: unknown): Promise<void> => {
    const tries = row.tries + 1;
    const isDead = tries >= OUTBOX_MAX_TRIES;
    const now = deps.clock().getTime();
    const name = error instanceof Error ? error.name : 'unknown';
    const waitMs = Math.floor(fraction() * Math.min(3_600_000, 1_000 * 2 ** tries)) + 500;
    await deps
      .db('outbox')
      .where({ id: row.id })
      .update({
        tries,
        last_error: name.slice(0, 80),
        next_try_at: now + waitMs,
        ...(isDead ? { status: 'dead', settled_at: now } : {}),
      });
    deps.log.warn({ kind: row.kind, outboxId: row.id, tries, error: name }, isDead ? 'outbox.dead' : 'outbox.retry');
  };

  const drainAll = async (): Promise<number> => {
    let delivered = 0;
    for (;;) {
      nudged = false;
      const leased = await lease();
      delivered += await deliverLeased(leased);
      if (leased.rows.length < BATCH && !nudged) return delivered;
    }
  };

  const drain = (): Promise<number> => {
    draining ??= drainAll().finally(() => {
      draining = undefined;
    });
    return draining;
  };

  const drainQuietly = (): void => {
    drain().catch((error: unknown) => deps.log.error({ err: error }, 'outbox.failed'));
  };

  return {
    async enqueue(tx, message) {
      const id = newId();
      const now = deps.clock().getTime();
      await tx('outbox').insert({
        id,
        kind: message.kind,
        payload_sealed: deps.vault.seal(JSON.stringify(message.payload), place(id)),
        status: 'waiting',
        tries: 0,
        next_try_at: message.notBefore?.getTime() ?? now,
        created_at: now,
      });
    },
    handle: (kind, handler) => void handlers.set(kind, handler),
    drain,
    nudge() {
      nudged = true;
      if (timer !== undefined) setImmediate(drainQuietly);
    },
    start() {
      timer ??= setInterval(drainQuietly, POLL_MS).unref();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await draining?.catch(() => undefined);
    },
    async counts() {
      const rows = (await deps
        .db('outbox')
        .select('status')
        .count('* as total')
        .whereIn('status', ['waiting', 'dead'])
        .groupBy('status')) as { status: string; total: number }[];
      const of = (status: string): number => rows.find((row) => row.status === status)?.total ?? 0;
      return { waiting: of('waiting'), dead: of('dead') };
    },
  };
}

/** Removes delivered messages settled before an instant; dead letters stay until somebody has looked at them. @returns how many. */
export async function deleteSentMessages(db: Db, before: Date, limit: number): Promise<number> {
  const rows = (await db('outbox')
    .select('id')
    .where('status', 'sent')
    .andWhere('settled_at', '<', before.getTime())
    .limit(limit)) as { id: string }[];
  const ids = rows.map((row) => row.id);
  return ids.length === 0 ? 0 : db('outbox').whereIn('id', ids).delete();
}

function place(id: string): { table: string; column: string; id: string } {
  return { table: 'outbox', column: 'payload', id };
}

/** Uniform in [0, 1) for back-off jitter; unpredictability does not matter here, but Math.random is banned as a whole. */
function fraction(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
}
