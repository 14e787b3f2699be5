import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { PageMiddleware } from './page-context.ts';

// Crockford's alphabet: no I, L, O, U, so that it can be read out over the telephone.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Gives each request an id and logs it when it ends: the route's pattern, never the address, which may name a person. */
export function requestLog({ log }: { readonly log: Logger }): PageMiddleware {
  const watch = watchRequests({ log });
  return async (ctx, next) => {
    const routeOf = (): string => String(ctx.state.route ?? ctx['_matchedRoute'] ?? 'unmatched');
    ctx.state.requestId = watch(ctx.req, ctx.res, routeOf);
    ctx.state.log = log.child({ requestId: ctx.state.requestId });
    await next();
  };
}

/** @returns the id that the answer and the log line bear. */
export type WatchRequest = (request: IncomingMessage, response: ServerResponse, routeOf: () => string) => string;

export function watchRequests({ log }: { readonly log: Logger }): WatchRequest {
  // Every field of this line is named here, so there is nothing to redact: that would cost as much as all the rest of it.
  const lines = log.child({}, { redact: [] });
  return (request, response, routeOf) => {
    const startedAt = performance.now();
    const requestId = newRequestId();
    response.setHeader('X-Request-Id', requestId);
    // On 'close', which a broken connection has too: it never "finishes".
    response.once('close', () => {
      lines.info(
        {
          requestId,
          method: request.method,
          route: routeOf(),
          status: response.statusCode,
          isComplete: response.writableFinished,
          durationMs: Math.round(performance.now() - startedAt),
        },
        'http.request',
      );
    });
    return requestId;
  };
}

/** 50 random bits as `K7M2Q-9XWTB`; the letter-free chance of twelve digits in a row does not exist at ten characters. */
function newRequestId(): string {
  let id = '';
  for (const byte of randomBytes(10)) id += `${id.length === 5 ? '-' : ''}${ALPHABET[byte % 32]}`;
  return id;
}
