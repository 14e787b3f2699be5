import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Copies the write-ahead log back into the file in a thread of its own. Done by the writer it costs a third of the writes, and all wait while the disk confirms it. */
export type Checkpointer = {
  /** @returns 'started' once, when from now on the writer need not do it (`PAGES_OF_A_LATE_CHECKPOINT`). */
  afterCommit(): 'started' | undefined;
  stop(): Promise<void>;
};

const COMMITS_BETWEEN = 64;
/** 64 MB, for `wal_autocheckpoint`: should the thread fall behind, the writer steps in. */
export const PAGES_OF_A_LATE_CHECKPOINT = 16_384;

export function createCheckpointer(file: string): Checkpointer {
  let commits = 0;
  let isAtWork = false;
  // Started when there is something to do, so that a command which writes two rows pays nothing.
  let worker: Worker | undefined;

  const start = (): Worker => {
    const started = new Worker(new URL('./sqlite-checkpoint-worker.js', import.meta.url), { workerData: file });
    started.unref();
    started.on('message', () => {
      isAtWork = false;
    });
    // Without it the log grows until the writer checkpoints itself (`wal_autocheckpoint`): slower, and nothing is lost.
    started.on('error', () => undefined);
    return started;
  };

  return {
    afterCommit() {
      commits += 1;
      if (commits < COMMITS_BETWEEN || isAtWork) return undefined;
      commits = 0;
      isAtWork = true;
      const isFirst = worker === undefined;
      worker ??= start();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage('checkpoint');
      return isFirst ? 'started' : undefined;
    },
    async stop() {
      if (worker === undefined || worker.threadId === -1) return;
      const exit = once(worker, 'exit');
      worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage('stop');
      await exit;
    },
  };
}
