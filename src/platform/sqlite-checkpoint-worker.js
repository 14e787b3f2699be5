import { getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';

// Runs beside the thread that answers requests, for all files of the process. Not in TypeScript: each thread would load Node's stripper for itself, 17 MB for this one.
// @see sqlite-checkpointer.ts

/** A tenth of the event loop's share of a core that both want: enough for what it has to do, a fiftieth to a twentieth of a core under load. */
const STAND_BACK = 10;
const LEAST_PRIORITY = 19;

// On Linux a thread has a priority of its own. Where the system forbids it, it stays as it was.
if (process.platform === 'linux')
  try {
    setPriority(Math.min(getPriority() + STAND_BACK, LEAST_PRIORITY));
  } catch {}

/** @type {Map<number, import('better-sqlite3').Database>} */
const connections = new Map();

parentPort?.on('message', (/** @type {import('./sqlite-checkpointer.ts').Order} */ order) => {
  /** @type {import('./sqlite-checkpointer.ts').Answer} */
  const answer = { ...order };
  if (order.kind === 'checkpoint') answer.pages = checkpoint(order);
  else {
    connections.get(order.id)?.close();
    connections.delete(order.id);
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(answer);
  if (order.kind === 'end') parentPort?.close();
});

/**
 * @param {import('./sqlite-checkpointer.ts').Order} order
 * @returns {number} the pages of the log
 */
function checkpoint({ id, file }) {
  try {
    const connection = connections.get(id) ?? new Sqlite(file, { fileMustExist: true });
    connections.set(id, connection);
    const [done] = /** @type {{ log: number }[]} */ (connection.pragma('wal_checkpoint(PASSIVE)'));
    return done?.log ?? 0;
  } catch {
    // A full disk: the next one tries again. While none succeeds the log grows, and the writer steps in.
    return 0;
  }
}
