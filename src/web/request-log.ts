import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { PageMiddleware } from './page-context.ts';

// Crockford's alphabet: no I, L, O, U, so that it can be read out over the telephone.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Gives each request an id and logs it when it ends: the route's pattern, never the address, which may name a person. */
export function requestLog({ log }: { readonly log: Logger }): PageMiddleware {
  return async (ctx, next) => {
    const startedAt = performance.now();
    const requestId = newRequestId();
    ctx.state.requestId = requestId;
    ctx.state.log = log.child({ requestId });
    ctx.set('X-Request-Id', requestId);
    // Not after next(): the provider answers by itself (ctx.respond = false), and a broken connection never "finishes".
    ctx.res.once('close', () => {
      ctx.state.log.info(
        {
          method: ctx.method,
          route: ctx.state.route ?? ctx['_matchedRoute'] ?? 'unmatched',
          status: ctx.res.statusCode,
          isComplete: ctx.res.writableFinished,
          durationMs: Math.round(performance.now() - startedAt),
        },
        'http.request',
      );
    });
    await next();
  };
}

/** 50 random bits as `K7M2Q-9XWTB`; the letter-free chance of twelve digits in a row does not exist at ten characters. */
function newRequestId(): string {
  const characters = [...randomBytes(10)].map((byte) => ALPHABET[byte % 32]);
  return `${characters.slice(0, 5).join('')}-${characters.slice(5).join('')}`;
}
