import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { systemClock } from './clock.ts';
import { fillFromPool, pooledRandomBytes } from './random-pool.ts';

const latest = { msecs: 0, seq: 0 };
/** Used again for each id, since an import makes millions. */
const random = Buffer.alloc(16);
/** What `v7` reads of them beside the clock and the counter. */
const randomPart = random.subarray(6);
const bytes = Buffer.alloc(16);

/** A row id: UUID v7, so that rows written together lie together in the index. Says nothing about the person.
 *  Ids of one millisecond are counted up from a random start. @see RFC 9562, section 6.2, method 1 */
export function newId(): string {
  fillFromPool(randomPart);
  const now = systemClock().getTime();
  if (now > latest.msecs) {
    latest.msecs = now;
    latest.seq = random.readUInt32BE(6) >>> 1;
  } else {
    latest.seq = (latest.seq + 1) >>> 0;
    if (latest.seq === 0) latest.msecs += 1;
  }
  v7({ random, msecs: latest.msecs, seq: latest.seq }, bytes);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A row id without any order, for rows that are appended by all and soon taken away again: where the table is spread over machines, no two of them go to the same
 *  place. */
export function newScatteredId(): string {
  return randomUUID();
}

/** An unguessable token for a cookie, a client secret or a link, base64url. */
export function newSecret(bytes = 32): string {
  return pooledRandomBytes(bytes).toString('base64url');
}
