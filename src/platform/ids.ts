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
/** The id is spelt in place: put together of parts of a hexadecimal text it costs four times the memory. */
const text = Buffer.from('00000000-0000-0000-0000-000000000000', 'latin1');
const HEX = Buffer.from('0123456789abcdef', 'latin1');
/** Where each byte is written. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

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
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    const place = PLACES[at] as number;
    text[place] = HEX[byte >>> 4] as number;
    text[place + 1] = HEX[byte & 15] as number;
  }
  return text.toString('latin1');
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
