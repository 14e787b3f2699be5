import type { Clock } from './clock.ts';
import type { Db } from './database.ts';
import { newId } from './ids.ts';
import type { Log } from './log.ts';
import { createLane, type OutboxHandler, type OutboxLane, placeOf } from './outbox-lane.ts';
import { readRows, writeRows } from './prepared-queries.ts';
import type { Vault } from './vault.ts';

export type { OutboxHandler };

/** Something to be done outside the database once the transaction that asked for it stands. */
export type OutboxMessage = { kind: string; payload: Record<string, unknown>; notBefore?: Date };

export type Outbox = {
  /** Puts a message into the caller's transaction; it goes out only if that commits. */
  enqueue(tx: Db, message: OutboxMessage): Promise<void>;
  /** Who delivers a kind. Kinds that this process does not know are left to those that do. */
  handle(kind: string, handler: OutboxHandler): void;
  /** Delivers what is due, each kind by itself and oldest first. @returns how many were delivered. Never throws for a message's own failure. */
  drain(): Promise<number>;
  /** Asks for a drain soon: called after a commit so that a code does not wait for the timer. */
  nudge(): void;
  /** Of a kind, in this process: by how much messages leave late, because there are more than are taken, and how many were asked for and have left. */
  figuresOf(kind: string): { lateMs: number; asked: number; delivered: number };
  start(): void;
  stop(): Promise<void>;
  counts(): Promise<{ waiting: number; dead: number }>;
};

/** Who has not renewed for so long is dead. It does so four times meanwhile, which leaves a busy machine, and a clock that differs, some seconds. */
const LEASE_MS = 15_000;
const POLL_MS = 1_000;

const INSERT = `insert into outbox (id, kind, payload_sealed, status, tries, next_try_at, created_at)
  values (?, ?, ?, 'waiting', 0, ?, ?)`;
/** The kind, if a message of it is due. */
const DUE = `select kind from (
  select kind from outbox where status = 'waiting' and kind = ? and next_try_at <= ? limit 1) as due`;

/** Transactional outbox with full-jitter back-off and dead letters. A message being delivered is leased by moving its next try ahead, again and again while it takes, so that a
 *  crash in the middle delivers it again soon: at least once, never lost. Each kind has a lane of its own: neither a campaign's notices nor a service that
 *  hangs keep a code from leaving. */
export function createOutbox(deps: { db: Db; vault: Vault; clock: Clock; log: Log; leaseMs?: number }): Outbox {
  const { db, vault, clock, log, leaseMs = LEASE_MS } = deps;
  const lanes = new Map<string, OutboxLane>();
  const asked = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let isNudged = false;

  const dueKinds = async (): Promise<string[]> => {
    const kinds = [...lanes.keys()];
    if (kinds.length === 0) return [];
    const now = clock().getTime();
    const sql = kinds.map(() => DUE).join(' union all ');
    const values = kinds.flatMap((kind) => [kind, now]);
    return (await readRows<{ kind: string }>(db, sql, values)).map(({ kind }) => kind);
  };
  const drainDue = async (): Promise<number> => {
    const kinds = await dueKinds();
    const counts = await Promise.all(kinds.map(async (kind) => lanes.get(kind)?.drain()));
    return counts.reduce<number>((sum, count = 0) => sum + count, 0);
  };
  const idle = async (): Promise<void> => {
    await Promise.all([...lanes.values()].map((lane) => lane.idle()));
  };
  const drainQuietly = (): void => {
    isNudged = false;
    drainDue().catch((error: unknown) => log.error({ err: error }, 'outbox.failed'));
  };

  return {
    async enqueue(tx, message) {
      asked.set(message.kind, (asked.get(message.kind) ?? 0) + 1);
      const id = newId();
      const now = clock().getTime();
      const sealed = vault.seal(JSON.stringify(message.payload), placeOf(id));
      await writeRows(tx, INSERT, [id, message.kind, sealed, message.notBefore?.getTime() ?? now, now]);
    },
    handle: (kind, handler) => void lanes.set(kind, createLane({ db, vault, clock, log, leaseMs }, kind, handler)),
    async drain() {
      for (let delivered = 0; ; ) {
        const more = await drainDue();
        await idle();
        delivered += more;
        // What was delivered may have asked for more: a lock ends access, which tells services.
        if (more === 0) return delivered;
      }
    },
    nudge() {
      if (timer === undefined || isNudged) return;
      isNudged = true;
      setImmediate(drainQuietly);
    },
    figuresOf(kind) {
      const lane = lanes.get(kind);
      return { lateMs: lane?.lateMs() ?? 0, asked: asked.get(kind) ?? 0, delivered: lane?.delivered() ?? 0 };
    },
    start() {
      timer ??= setInterval(drainQuietly, POLL_MS).unref();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await idle();
    },
    async counts() {
      const rows = (await db('outbox')
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
