import { setTimeout as sleep } from 'node:timers/promises';
import { createFairQueue } from '../../platform/fair-queue.ts';

/** All pages and drawings of two dashboards that nobody asked for before, of one address; of all, so many that the last one still comes before a browser gives up. */
const MOST_WAITING = { mostInside: 60, mostInsideEach: 30 };
/** The share of so long a time may be used at once, at full speed: after a quiet moment a dashboard comes with all its drawings as fast as it can be made. */
const SAVED_OVER_MS = 20_000;

export type RenderingLine = {
  /** @returns undefined where too many wait. */
  readonly enter: (address: string) => (<T>(work: () => Promise<T>) => Promise<T>) | undefined;
};

/** Writes what nobody has asked for yet, one at a time, addresses taking turns, in no more than `percent` of this process's time: whoever thinks of new questions takes
 *  it from others who do, and not from those who sign in. */
export function renderingLine(percent: number): RenderingLine {
  const queue = createFairQueue({ concurrency: 1, ...MOST_WAITING });
  const share = percent / 100;
  const mostSavedMs = SAVED_OVER_MS * share;
  let savedMs = mostSavedMs;
  let countedAt = performance.now();
  const count = (usedMs: number): void => {
    const now = performance.now();
    savedMs = Math.min(mostSavedMs, savedMs + (now - countedAt) * share) - usedMs;
    countedAt = now;
  };
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    count(0);
    if (savedMs < 0) await sleep(-savedMs / share);
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      count(performance.now() - startedAt);
    }
  };
  return {
    enter: (address) => {
      const leave = queue.enter(address);
      if (leave === undefined) return undefined;
      return async (work) => {
        try {
          return await queue.run(address, () => inTurn(work));
        } finally {
          leave();
        }
      };
    },
  };
}
