/** A stream of numbers that the seed decides: for synthetic data, never for a secret. */
export type RandomSource = {
  /** In [0, 1). */
  fraction(): number;
  /** From `least` to `most`, both included. */
  whole(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(values: readonly [T, ...T[]]): T;
  /** One of `weighted`, in proportion to its weight. */
  pickWeighted<T>(weighted: Weighted<T>): T;
};

export type Weighted<T> = {
  readonly values: readonly [T, ...T[]];
  readonly upTo: readonly number[];
  readonly total: number;
};

export function weigh<T>(pairs: readonly (readonly [T, number])[]): Weighted<T> {
  let total = 0;
  const upTo = pairs.map(([, weight]) => {
    total += weight;
    return total;
  });
  return { values: pairs.map(([value]) => value) as unknown as readonly [T, ...T[]], upTo, total };
}

/** mulberry32: 32 bits of state, the same numbers on every machine. */
export function createRandomSource(seed: number): RandomSource {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least: number, most: number): number => least + Math.floor(fraction() * (most - least + 1));
  return {
    fraction,
    whole,
    chance: (probability) => fraction() < probability,
    pick: (values) => values[whole(0, values.length - 1)] ?? values[0],
    pickWeighted({ values, upTo, total }) {
      const at = fraction() * total;
      let low = 0;
      let high = upTo.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((upTo[middle] ?? 0) > at) high = middle;
        else low = middle + 1;
      }
      return values[low] ?? values[0];
    },
  };
}

/** A permutation of 0 … size − 1 that the seed decides and that needs no memory: unique numbers in a random order.
 *  A Feistel network over the next even power of two, walked until it lands inside. */
export function createPermutation(seed: number, size: number): (index: number) => number {
  const halfBits = Math.max(1, Math.ceil(Math.log2(Math.max(2, size)) / 2));
  const mask = 2 ** halfBits - 1;
  const source = createRandomSource(seed);
  const keys = [0, 1, 2, 3].map(() => source.whole(0, 2 ** 31));
  const scramble = (index: number): number => {
    let left = Math.floor(index / (mask + 1));
    let right = index % (mask + 1);
    for (const key of keys) {
      const round = (Math.imul((right + key) | 0, 0x9e3779b1) >>> 7) & mask;
      [left, right] = [right, (left ^ round) & mask];
    }
    return left * (mask + 1) + right;
  };
  return (index) => {
    let at = scramble(index);
    while (at >= size) at = scramble(at);
    return at;
  };
}
