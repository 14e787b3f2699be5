import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(16_384);
let used = pool.length;

/** A few bytes of the system's randomness, drawn in bulk: asking it for each id and each initialisation vector costs more than using them. */
export function pooledRandomBytes(count: number): Buffer {
  return fillFromPool(Buffer.allocUnsafe(count));
}

/** The same into bytes that are there already. */
export function fillFromPool(target: Buffer): Buffer {
  const { length } = target;
  if (used + length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  for (let at = 0; at < length; at += 1, used += 1) {
    target[at] = pool[used] as number;
    // What was given out is not kept.
    pool[used] = 0;
  }
  return target;
}
