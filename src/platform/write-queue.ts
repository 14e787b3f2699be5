/** Writes to one SQLite file, gathered: all those asked for in one turn of the event loop share one transaction. */
export type WriteQueue = {
  /** Runs `job` in the next shared transaction; settles after its commit. `job` is synchronous, does nothing but SQL, and may run twice.
   *  `committed` is called once, with the commit, before anybody reads; in the order of the jobs. It does not throw. */
  write<T>(job: () => T, committed?: (result: T) => void): Promise<T>;
  /** Commits what waits now. */
  flush(): void;
};

type Waiting = {
  run: () => unknown;
  committed: ((result: never) => void) | undefined;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
};

/** @param transact runs its argument in a transaction and commits, or rolls back and throws. Synchronous.
 *  @param atTurn calls `flush`, which is synchronous, once the file may be written; at once unless told. What it throws fails every write that waits. */
export function createWriteQueue(
  transact: (work: () => void) => void,
  atTurn: (flush: () => void) => Promise<void> | void = (flush) => flush(),
): WriteQueue {
  let waiting: Waiting[] = [];

  const flush = (): void => {
    const batch = waiting;
    if (batch.length === 0) return;
    waiting = [];
    if (!commitTogether(batch, transact)) for (const one of batch) commitAlone(one, transact);
  };

  const begin = async (): Promise<void> => {
    try {
      await atTurn(flush);
    } catch (error) {
      for (const one of waiting.splice(0)) one.reject(error);
    }
  };

  return {
    write: (job, committed) =>
      new Promise((resolve, reject) => {
        if (waiting.push({ run: job, committed, resolve, reject }) === 1) setImmediate(() => void begin());
      }),
    flush,
  };
}

/** @returns false when one of them failed and so none is saved. */
function commitTogether(batch: readonly Waiting[], transact: (work: () => void) => void): boolean {
  const results: unknown[] = [];
  try {
    transact(() => {
      for (const one of batch) results.push(one.run());
    });
  } catch {
    return false;
  }
  batch.forEach((one, index) => {
    one.committed?.(results[index] as never);
  });
  batch.forEach((one, index) => {
    one.resolve(results[index] as never);
  });
  return true;
}

/** So that one bad write fails alone. */
function commitAlone(one: Waiting, transact: (work: () => void) => void): void {
  let result: unknown;
  try {
    transact(() => {
      result = one.run();
    });
  } catch (error) {
    one.reject(error);
    return;
  }
  one.committed?.(result as never);
  one.resolve(result as never);
}
