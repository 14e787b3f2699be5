import { Worker } from 'node:worker_threads';

/** Copies the write-ahead log back into the file in a thread beside the one that answers. Done by the writer it costs a third of the writes, and all wait while the
 *  disk confirms it. */
export type Checkpointer = {
  /** @returns 'started' once, when from now on the writer need not do it (`PAGES_OF_A_LATE_CHECKPOINT`). */
  afterCommit(): 'started' | undefined;
  stop(): Promise<void>;
};

/** What the thread is told, and what it answers when it is done. `end`: nothing is left to do for it. */
export type Order = { kind: 'checkpoint' | 'close' | 'end'; id: number; file: string };
/** `pages` of the log, copied back or not. */
export type Answer = Order & { pages?: number };

/** Keeps everybody from writing the file, without stopping the thread that does. @returns what lets them. */
export type Hold = () => Promise<() => void>;

/** The thread starts when there is something to do, so that a command which writes two rows pays nothing. */
const COMMITS_BEFORE_THE_FIRST = 64;
/** Some megabytes of log. Each copying waits for the disk twice, and writes a page once that many commits have changed. */
const COMMITS_BETWEEN = 512;
/** 64 MB. The log is begun anew by the first write that finds all of it copied, which under load none does: there is always something newer. */
const PAGES_BEFORE_A_HOLD = 16_384;
/** The second leaves little to the third, for which the writers are held. */
const PASSES = 3;
/** Some milliseconds are usual: what is left since the copying before is little. On a core that others want it may take longer, and is tried again another time. */
const LONGEST_HOLD_MS = 50;
/** 128 MB, for `wal_autocheckpoint`: should the thread fall behind, the writer steps in, and all wait for the disk. */
export const PAGES_OF_A_LATE_CHECKPOINT = 32_768;

/** @param hold asked for now and then, and for moments, so that all of the log is copied once; nothing goes wrong where somebody writes all the same. */
export function createCheckpointer(file: string, hold: Hold, longestHoldMs = LONGEST_HOLD_MS): Checkpointer {
  let commits = 0;
  let isAtWork = false;
  let isStopped = false;
  let place: Place | undefined;
  let letGo: (() => void) | undefined;
  let pass = 1;

  const copyTheRest = async (): Promise<void> => {
    const release = await hold();
    const late = setTimeout(() => letGo?.(), longestHoldMs);
    letGo = () => {
      letGo = undefined;
      clearTimeout(late);
      release();
    };
    if (isStopped) letGo();
    else place?.checkpoint();
  };
  const checkpointed = ({ pages = 0 }: Answer): void => {
    letGo?.();
    pass = pages < PAGES_BEFORE_A_HOLD ? 1 : (pass % PASSES) + 1;
    isAtWork = pass > 1;
    if (pass === PASSES)
      // Where nobody can be kept from writing, the next time.
      copyTheRest().catch(() => {
        isAtWork = false;
        pass = 1;
      });
    else if (isAtWork) place?.checkpoint();
  };

  return {
    afterCommit() {
      commits += 1;
      if (isAtWork || commits < (place === undefined ? COMMITS_BEFORE_THE_FIRST : COMMITS_BETWEEN)) return undefined;
      commits = 0;
      isAtWork = true;
      const isFirst = place === undefined;
      place ??= joinThread(file, checkpointed);
      place.checkpoint();
      return isFirst ? 'started' : undefined;
    },
    async stop() {
      isStopped = true;
      letGo?.();
      await place?.leave();
    },
  };
}

/** One for all files of the process: Node and V8 take 11 MB for each. */
type Thread = { worker: Worker; places: number; heard: Map<number, (answer: Answer) => void> };
let thread: Thread | undefined;
let lastId = 0;

type Place = { checkpoint(): void; leave(): Promise<void> };

/** @param checkpointed called after each checkpoint. */
function joinThread(file: string, checkpointed: (answer: Answer) => void): Place {
  thread ??= startThread();
  const joined = thread;
  const { worker, heard } = joined;
  joined.places += 1;
  lastId += 1;
  const id = lastId;
  heard.set(id, checkpointed);
  const tell = (order: Order): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(order);
  };
  return {
    checkpoint: () => tell({ kind: 'checkpoint', id, file }),
    leave: () =>
      new Promise((resolve) => {
        joined.places -= 1;
        const isLast = joined.places === 0;
        if (isLast) thread = undefined;
        const left = (): void => {
          heard.delete(id);
          worker.off('exit', left);
          if (thread === joined) worker.unref();
          resolve();
        };
        // It has failed.
        if (worker.threadId === -1) return left();
        heard.set(id, ({ kind }) => {
          if (kind === 'close') left();
        });
        worker.on('exit', left);
        worker.ref();
        tell({ kind: isLast ? 'end' : 'close', id, file });
      }),
  };
}

function startThread(): Thread {
  const worker = new Worker(new URL('./sqlite-checkpoint-worker.js', import.meta.url));
  worker.unref();
  const heard: Thread['heard'] = new Map();
  worker.on('message', (answer: Answer) => heard.get(answer.id)?.(answer));
  // Without it the log grows until the writer checkpoints itself (`wal_autocheckpoint`): slower, and nothing is lost.
  worker.on('error', () => undefined);
  return { worker, places: 0, heard };
}
