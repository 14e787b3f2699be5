import type { Clock } from './clock.ts';
import { type Db, isPostgres } from './database.ts';
import type { Log } from './log.ts';
import { read, runShort, send, writeRows } from './prepared-queries.ts';
import type { Vault } from './vault.ts';

/** What delivers one kind. Throwing means "try again later"; it may be called twice for one message. */
export type OutboxHandler = (payload: Record<string, unknown>, messageId: string) => Promise<void>;

export type LaneDeps = { db: Db; vault: Vault; clock: Clock; log: Log; leaseMs: number };

export type OutboxLane = {
  /** Delivers what is due, oldest first, until nothing is. @returns how many were delivered; never throws for a message's own failure. */
  drain(): Promise<number>;
  /** Ends once what is under way has ended. */
  idle(): Promise<void>;
  /** By how much messages leave later than they were to; 0 while none can be delivered at all, for then nobody is served by there being fewer. */
  lateMs(): number;
  /** Since the start. */
  delivered(): number;
};

type OutboxRow = { id: string; payload_sealed: string; tries: number; next_try_at: number };

export const OUTBOX_MAX_TRIES = 8;
/** Of one kind at once in one process. */
const MOST_AT_ONCE = 20;
/** Taken again when so many have ended, so that a crowd costs few transactions. One that hangs holds up nobody else. */
const ROOM_FOR_MORE = 5;
/** Whoever delivered nothing for so long does not deliver. */
const DELIVERS_MS = 15_000;

const DUE = `select id, payload_sealed, tries, next_try_at from outbox
  where status = 'waiting' and kind = ? and next_try_at <= ? order by next_try_at limit ?`;
/** The payload has served: what it held (a code, a phone number) is not kept. */
const SENT = `update outbox set status = 'sent', settled_at = ?, payload_sealed = '' where id = ?`;

/** The messages of one kind: of another, slow or many, they know nothing. */
export function createLane(deps: LaneDeps, kind: string, handler: OutboxHandler): OutboxLane {
  const { db, clock, log, vault, leaseMs } = deps;
  const dueForUs = isPostgres(db) ? `${DUE} for update skip locked` : DUE;
  /** What is under way, and until when it is leased. */
  const leased = new Map<string, number>();
  const underWay = new Set<Promise<void>>();
  const late = { ms: 0, deliveredAt: Number.NEGATIVE_INFINITY };
  let total = 0;
  let draining: Promise<number> | undefined;
  let renewing: Promise<void> | undefined;
  let isAskedAgain = false;
  let wake = (): void => undefined;

  const lease = async (most: number): Promise<OutboxRow[]> => {
    const now = clock().getTime();
    const rows = await runShort(db, function* () {
      const due = yield* read<OutboxRow>(dueForUs, [kind, now, most]);
      const ids = due.map(({ id }) => id);
      const leaseOf = `update outbox set next_try_at = ? where id in (${ids.map(() => '?').join(', ')})`;
      if (ids.length > 0) yield* send(leaseOf, [now + leaseMs, ...ids]);
      return due;
    });
    for (const { id } of rows) leased.set(id, now + leaseMs);
    late.ms = Math.max(0, ...rows.filter(({ tries }) => tries === 0).map((row) => now - row.next_try_at));
    return rows;
  };

  /** Only what is still ours: what was put off meanwhile stays as it is. */
  const renew = async (): Promise<void> => {
    const next = clock().getTime() + leaseMs;
    for (const until of new Set(leased.values())) {
      const ids = [...leased].flatMap(([id, at]) => (at === until ? [id] : []));
      await db('outbox')
        .whereIn('id', ids)
        .where({ status: 'waiting', next_try_at: until })
        .update({ next_try_at: next });
      for (const id of ids) if (leased.has(id)) leased.set(id, next);
    }
  };
  const renewQuietly = (): void => {
    renewing ??= renew()
      .catch((error: unknown) => log.warn({ err: error }, 'outbox.not_renewed'))
      .finally(() => {
        renewing = undefined;
      });
  };

  const postpone = async (row: OutboxRow, error: unknown): Promise<void> => {
    const tries = row.tries + 1;
    const isDead = tries >= OUTBOX_MAX_TRIES;
    const now = clock().getTime();
    const name = error instanceof Error ? error.name : 'unknown';
    const waitMs = Math.floor(fraction() * Math.min(3_600_000, 1_000 * 2 ** tries)) + 500;
    const dead = isDead ? { status: 'dead', settled_at: now } : {};
    const change = { tries, last_error: name.slice(0, 80), next_try_at: now + waitMs, ...dead };
    await db('outbox').where({ id: row.id }).update(change);
    log.warn({ kind, outboxId: row.id, tries, error: name }, isDead ? 'outbox.dead' : 'outbox.retry');
  };

  const deliver = async (row: OutboxRow, onDelivered: () => void): Promise<void> => {
    try {
      await handler(JSON.parse(vault.open(row.payload_sealed, placeOf(row.id))) as Record<string, unknown>, row.id);
      late.deliveredAt = clock().getTime();
      total += 1;
      await writeRows(db, SENT, [late.deliveredAt, row.id]);
      onDelivered();
    } catch (error) {
      await postpone(row, error);
    }
  };

  const start = (row: OutboxRow, onDelivered: () => void): void => {
    const ended = deliver(row, onDelivered)
      // Its lease ends, and it is delivered again.
      .catch((error: unknown) => log.error({ err: error, kind, outboxId: row.id }, 'outbox.failed'))
      .finally(() => {
        leased.delete(row.id);
        underWay.delete(ended);
        if (underWay.size === 0 || MOST_AT_ONCE - underWay.size >= ROOM_FOR_MORE) wake();
      });
    underWay.add(ended);
  };

  const drainAll = async (): Promise<number> => {
    let delivered = 0;
    const renewal = setInterval(renewQuietly, leaseMs / 4).unref();
    try {
      for (let mayBeMore = true; ; ) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const room = MOST_AT_ONCE - underWay.size;
        if (room > 0 && (mayBeMore || isAskedAgain)) {
          isAskedAgain = false;
          const rows = await lease(room);
          mayBeMore = rows.length === room;
          for (const row of rows) start(row, () => (delivered += 1));
        } else if (underWay.size > 0) {
          await woken;
        } else {
          late.ms = 0;
          return delivered;
        }
      }
    } finally {
      await Promise.all(underWay);
      clearInterval(renewal);
      await renewing;
    }
  };

  return {
    drain() {
      isAskedAgain = true;
      wake();
      draining ??= drainAll().finally(() => {
        draining = undefined;
      });
      return draining;
    },
    async idle() {
      await draining?.catch(() => undefined);
    },
    lateMs: () => (clock().getTime() - late.deliveredAt > DELIVERS_MS ? 0 : late.ms),
    delivered: () => total,
  };
}

/** Where a sealed payload stands: what its encryption is bound to. */
export function placeOf(id: string): { table: string; column: string; id: string } {
  return { table: 'outbox', column: 'payload', id };
}

/** Uniform in [0, 1) for back-off jitter; unpredictability does not matter here, but Math.random is banned as a whole. */
function fraction(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
}
