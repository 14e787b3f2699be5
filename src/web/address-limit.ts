import { LRUCache } from 'lru-cache';
import { Refusal } from '../domain/refusal.ts';
import { clientAddress } from './client-address.ts';
import type { PageContext } from './page-context.ts';

const WINDOW_MS = 60_000;
/** More addresses at once than a minute of an honest day brings; the one not seen for longest is forgotten. */
const ADDRESSES = 50_000;

/** Counts the requests of each address in this process's memory: a limit that is forgotten at a restart does no harm where an answer costs little.
 *  @returns what counts one more. @throws Refusal too_many_requests, with Retry-After */
export function addressLimit({
  clock,
  perMinute,
}: {
  readonly clock: () => Date;
  readonly perMinute: number;
}): (ctx: PageContext) => void {
  const taken = new LRUCache<string, { startedAt: number; requests: number }>({ max: ADDRESSES });
  return (ctx) => {
    const now = clock().getTime();
    const address = clientAddress(ctx);
    const known = taken.get(address);
    const window = known !== undefined && now - known.startedAt < WINDOW_MS ? known : { startedAt: now, requests: 0 };
    taken.set(address, window);
    window.requests += 1;
    if (window.requests <= perMinute) return;
    ctx.set('Retry-After', String(Math.max(1, Math.ceil((window.startedAt + WINDOW_MS - now) / 1000))));
    throw new Refusal('too_many_requests');
  };
}
