import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { systemClock } from './clock.ts';
import { pooledRandomBytes } from './random-pool.ts';

const latest = { msecs: 0, seq: 0 };

/** A row id: UUID v7, so that rows written together lie together in the index. Says nothing about the person.
 *  Ids of one millisecond are counted up from a random start. @see RFC 9562, section 6.2, method 1 */
export function newId(): string {
  const random = pooledRandomBytes(16);
  const now = systemClock().getTime();
  if (now > latest.msecs) {
    latest.msecs = now;
    latest.seq = random.readUInt32BE(6) >>> 1;
  } else {
    latest.seq = (latest.seq + 1) >>> 0;
    if (latest.seq === 0) latest.msecs += 1;
  }
  return v7({ random, msecs: latest.msecs, seq: latest.seq });
}

/** An unguessable token for a cookie, a client secret or a link, base64url. */
export function newSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}
