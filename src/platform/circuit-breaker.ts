import { StoreUnavailable } from './store-outage.ts';

/** Stands before a store that may be away: after some failures in a row nobody is sent there, but for one try after each rest. */
export type CircuitBreaker = {
  /** @throws StoreUnavailable, at once, while the circuit is open. */
  run<T>(work: () => Promise<T>): Promise<T>;
  isOpen: () => boolean;
};

export type CircuitBreakerOptions = {
  /** So many in a row open it. */
  failures: number;
  restMs: number;
  /** Whether an error means that the store did not answer. Any other is an answer. */
  isFailure: (error: unknown) => boolean;
  onChange?: (isOpen: boolean) => void;
};

export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { failures, restMs, isFailure, onChange } = options;
  let failedInARow = 0;
  /** Of the process's own clock, which nobody sets; undefined while the circuit is closed. */
  let tryAt: number | undefined;

  const succeed = (): void => {
    failedInARow = 0;
    if (tryAt === undefined) return;
    tryAt = undefined;
    onChange?.(false);
  };
  const fail = (): void => {
    failedInARow += 1;
    if (failedInARow < failures) return;
    const wasClosed = tryAt === undefined;
    tryAt = performance.now() + restMs;
    if (wasClosed) onChange?.(true);
  };

  return {
    isOpen: () => tryAt !== undefined,
    async run(work) {
      if (tryAt !== undefined) {
        if (performance.now() < tryAt) throw new StoreUnavailable('the circuit is open');
        // This one tries; the others rest meanwhile.
        tryAt = performance.now() + restMs;
      }
      try {
        const result = await work();
        succeed();
        return result;
      } catch (error) {
        if (isFailure(error)) fail();
        else succeed();
        throw error;
      }
    },
  };
}
