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
  return async (ctx, next) => {
    const { req: request, res: response } = ctx;
    const startedAt = performance.now();
    const requestId = newRequestId();
    response.setHeader('X-Request-Id', requestId);
    // On 'close', which a broken connection has too: it never "finishes".
    onClose(response, () => {
      const route = String(ctx.state.route ?? ctx['_matchedRoute'] ?? 'unmatched');
      logRequest(log, { request, response, requestId, route, elapsedMs: performance.now() - startedAt });
    });
    ctx.state = namedState(requestId, log) as PageState;
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

export function logRequest(
  log: Logger,
  {
    request,
    response,
    requestId,
    route,
    elapsedMs,
  }: {
    request: IncomingMessage;
    response: ServerResponse;
    requestId: string;
    route: string;
    elapsedMs: number;
  },
): void {
  log.info(
    {
      requestId,
      method: request.method,
      route,
      status: response.statusCode,
      isComplete: response.writableFinished,
      durationMs: Math.round(elapsedMs),
    },
    'http.request',
  );
}

const ID_LENGTH = 10;
/** Drawn in bulk: to ask for ten bytes costs as much as for thousands. */
let random = randomBytes(0);
let used = 0;

/** 50 random bits as `K7M2Q-9XWTB`; the letter-free chance of twelve digits in a row does not exist at ten characters. */
export function newRequestId(): string {
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
