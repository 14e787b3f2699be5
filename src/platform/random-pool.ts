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
  pool.copy(target, 0, used, used + length);
  // What was given out is not kept.
  pool.fill(0, used, used + length);
  used += length;
  return target;
}
