import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';

// Runs beside the thread that answers requests. Not in TypeScript: each thread would load Node's stripper for itself, 17 MB for this one.
// @see sqlite-checkpointer.ts
const db = new Sqlite(workerData);

parentPort?.on('message', (/** @type {'checkpoint' | 'stop'} */ message) => {
  if (message === 'stop') {
    db.close();
    parentPort?.close();
    return;
  }
  db.pragma('wal_checkpoint(PASSIVE)');
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage('done');
});
