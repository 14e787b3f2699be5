import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(16_384);
let used = pool.length;

/** A few bytes of the system's randomness, drawn in bulk: asking it for each id and each initialisation vector costs more than using them. */
export function pooledRandomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + count));
  // What was given out is not kept.
  pool.fill(0, used, used + count);
  used += count;
  return bytes;
}
