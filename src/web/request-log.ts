import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import { onClose } from './on-close.ts';
import type { PageMiddleware, PageState } from './page-context.ts';

// Crockford's alphabet: no I, L, O, U, so that it can be read out over the telephone.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Gives each request an id and logs it when it ends: the route's pattern, never the address, which may name a person. */
export function requestLog({ log }: { readonly log: Logger }): PageMiddleware {
  const watch = watchRequests({ log });
  return async (ctx, next) => {
    const routeOf = (): string => String(ctx.state.route ?? ctx['_matchedRoute'] ?? 'unmatched');
    ctx.state = namedState(watch(ctx.req, ctx.res, routeOf), log) as PageState;
    await next();
  };
}

/** Most requests log nothing themselves, and a logger of its own costs as much as a line. */
function namedState(requestId: string, log: Logger): Pick<PageState, 'requestId' | 'log'> {
  let named: Logger | undefined;
  return {
    requestId,
    get log() {
      named ??= log.child({ requestId });
      return named;
    },
  };
}

/** @returns the id that the answer and the log line bear. */
export type WatchRequest = (
  request: IncomingMessage,
  response: ServerResponse,
  routeOf: () => string,
  startedAt?: number,
) => string;

export function watchRequests({ log }: { readonly log: Logger }): WatchRequest {
  return (request, response, routeOf, startedAt = performance.now()) => {
    const requestId = newRequestId();
    response.setHeader('X-Request-Id', requestId);
    // On 'close', which a broken connection has too: it never "finishes".
    onClose(response, () => {
      log.info(
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

const ID_LENGTH = 10;
/** Drawn in bulk: to ask for ten bytes costs as much as for thousands. */
let random = randomBytes(0);
let used = 0;

/** 50 random bits as `K7M2Q-9XWTB`; the letter-free chance of twelve digits in a row does not exist at ten characters. */
function newRequestId(): string {
  if (used + ID_LENGTH > random.length) {
    random = randomBytes(400 * ID_LENGTH);
    used = 0;
  }
  let id = '';
  for (let at = 0; at < ID_LENGTH; at += 1) {
    if (at === 5) id += '-';
    id += ALPHABET[(random[used + at] as number) & 31];
  }
  used += ID_LENGTH;
  return id;
}
