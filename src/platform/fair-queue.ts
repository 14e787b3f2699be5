export type FairQueue = {
  /** Lets a request of `who` in, with everything it will ask for. @returns what lets its place go; undefined when there is none to be had. */
  enter(who: string): (() => void) | undefined;
  /** Runs `work` when its turn comes: those who wait take turns, however much each of them asks for. Refuses nobody. */
  run<T>(who: string, work: () => Promise<T>): Promise<T>;
  waiting(): number;
};

/** A bounded queue in which no one stands in everybody's way. `concurrency`: run at once. `mostInside`, `mostInsideEach`: requests let in, of all and of
 *  one; the second half of the places is for those who have none, so that a few cannot fill it. */
export function createFairQueue(limits: {
  concurrency: number;
  mostInside: number;
  mostInsideEach: number;
}): FairQueue {
  const { concurrency, mostInside, mostInsideEach } = limits;
  const inside = new Map<string, number>();
  let total = 0;
  // A Map keeps the order in which its keys came: the first is whose turn it is.
  const lines = new Map<string, (() => void)[]>();
  let waiting = 0;
  let running = 0;

  const leave = (who: string): void => {
    total -= 1;
    const left = (inside.get(who) ?? 1) - 1;
    if (left === 0) inside.delete(who);
    else inside.set(who, left);
  };
  const line = (who: string, start: () => void): void => {
    waiting += 1;
    const own = lines.get(who);
    if (own === undefined) lines.set(who, [start]);
    else own.push(start);
  };
  // A finished run hands its place to the next in line, so that a newcomer cannot slip in between.
  const release = (): void => {
    const [next] = lines;
    if (next === undefined) {
      running -= 1;
      return;
    }
    const [who, own] = next;
    const start = own.shift();
    lines.delete(who);
    if (own.length > 0) lines.set(who, own);
    waiting -= 1;
    start?.();
  };
  return {
    enter(who) {
      const own = inside.get(who) ?? 0;
      if (own >= mostInsideEach || total >= (own === 0 ? mostInside : mostInside / 2)) return undefined;
      total += 1;
      inside.set(who, own + 1);
      let isInside = true;
      return () => {
        if (isInside) leave(who);
        isInside = false;
      };
    },
    async run(who, work) {
      if (running < concurrency) running += 1;
      else
        await new Promise<void>((resolve) => {
          line(who, resolve);
        });
      try {
        return await work();
      } finally {
        release();
      }
    },
    waiting: () => waiting,
  };
}
