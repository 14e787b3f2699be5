import type { Writable } from 'node:stream';
import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';

/** Statements that each stand alone, over a few connections that many callers share: a statement is sent without waiting for the answers to those before it
 *  (pipelining), so that those of one turn of the event loop travel together, and none waits for a free connection. */
export type PostgresLanes = {
  query<R extends QueryResultRow>(query: QueryConfig): Promise<QueryResult<R>>;
  /** Statements that are sent and not answered yet. */
  underWay: () => number;
  /** Gives the connections back; their pool stays its owner's. */
  close(): Promise<void>;
};

type Lane = { client: PoolClient; underWay: number; isBroken: boolean; gathered: number };

/** Enough that one statement which waits for a row does not hold up all others; more bring nothing. */
const MOST_LANES = 4;

/** More on one would keep each other waiting for longer than a write costs. */
const MOST_TOGETHER = 4;

/** @param pool one whose clients have `pipeline: true`; at least one of its connections is left to others. */
export function openLanes(pool: Pool): PostgresLanes {
  const most = Math.max(1, Math.min(MOST_LANES, pool.options.max - 1));
  // The pool stops listening to a client when it hands it out, and we begin a moment later: a server that ends it just then would end the process.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  let lanes: Lane[] = [];
  let opening: Promise<Lane> | undefined;
  let isClosed = false;

  const drop = (lane: Lane, error: Error): void => {
    if (lane.isBroken) return;
    lane.isBroken = true;
    lanes = lanes.filter((one) => one !== lane);
    lane.client.release(error);
  };
  const open = async (): Promise<Lane> => {
    try {
      const lane: Lane = { client: await pool.connect(), underWay: 0, isBroken: false, gathered: 0 };
      // A server that ends or restarts takes its connections with it; the next statement opens another.
      lane.client.on('error', (error) => drop(lane, error));
      lane.client.on('end', () => drop(lane, new Error('the connection ended')));
      lanes.push(lane);
      return lane;
    } finally {
      opening = undefined;
    }
  };
  const leastBusy = (): Lane | undefined =>
    lanes.reduce<Lane | undefined>(
      (best, lane) => (best === undefined || lane.underWay < best.underWay ? lane : best),
      undefined,
    );

  /** Who reads goes along with those of the same turn. Not who writes: one commit would wait for the other's. */
  const joinable = (): Lane | undefined => lanes.find(({ gathered }) => gathered > 0 && gathered < MOST_TOGETHER);

  return {
    async query(query) {
      if (isClosed) throw new Error('the lanes are closed');
      let lane = (isRead(query) ? joinable() : undefined) ?? leastBusy();
      if (lane === undefined || (lane.underWay > lane.gathered && lanes.length < most)) {
        opening ??= open();
        // Who has a lane need not wait for another to open.
        if (lane === undefined) lane = await opening;
        else opening.catch(() => undefined);
      }
      lane.underWay += 1;
      gather(lane);
      try {
        return await lane.client.query(query);
      } finally {
        lane.underWay -= 1;
      }
    },
    underWay: () => lanes.reduce((sum, lane) => sum + lane.underWay, 0),
    async close() {
      isClosed = true;
      await opening?.catch(() => undefined);
      for (const lane of lanes.splice(0)) {
        lane.isBroken = true;
        lane.client.release();
      }
    },
  };
}

/** What is asked in one turn of the event loop goes to the socket at once: a write costs the system as much as the statement costs us. */
function gather(lane: Lane): void {
  lane.gathered += 1;
  if (lane.gathered > 1) return;
  const { stream } = (lane.client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  setImmediate(() => {
    lane.gathered = 0;
    stream.uncork();
  });
}

const isRead = ({ text }: QueryConfig): boolean => /^select/i.test(text);
