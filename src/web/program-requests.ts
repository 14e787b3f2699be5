import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import { watchRequests } from './request-log.ts';
import { programHeaders } from './security-headers.ts';

/** An address that programs call. `answer` ends the response; what it throws is a fault of ours. With `prepare` it is an address of people's, some of whom are answered
 *  without a page: by what it gives, which does not fail. */
export type ProgramEndpoint = { route: string } & (
  | { answer(request: IncomingMessage, response: ServerResponse): Promise<void> | void; prepare?: never }
  | { prepare(request: IncomingMessage): Promise<((response: ServerResponse) => void) | undefined>; answer?: never }
);

export type ProgramRequestsDeps = {
  readonly log: Logger;
  readonly issuer: string;
  /** @returns false when there are more programs already than can be served. */
  readonly admitsProgram: (response: ServerResponse) => boolean;
  /** While people wait in line, those who are signed in come by the pages too, where it is counted how often one comes. */
  readonly isCrowded: () => boolean;
  readonly metrics: {
    watch: (request: IncomingMessage, response: ServerResponse, routeOf: () => string, startedAt?: number) => void;
  };
};

/** Answers programs without what only a page needs (language, forgery token, nonce, compression): that costs more than many an answer.
 *  Request id, log line, metrics and security headers they have like all others. `otherwise` is called when the request is a page's, and nothing was done. */
export function programRequests(
  deps: ProgramRequestsDeps,
  endpointAt: (path: string) => ProgramEndpoint | undefined,
): (request: IncomingMessage, response: ServerResponse, otherwise: () => void) => void {
  const watch = watchRequests(deps);
  const setHeaders = programHeaders(deps);
  const begin = (endpoint: ProgramEndpoint, request: IncomingMessage, response: ServerResponse, at: number): void => {
    const routeOf = (): string => endpoint.route;
    deps.metrics.watch(request, response, routeOf, at);
    watch(request, response, routeOf, at);
    setHeaders(response);
  };
  const failed = (response: ServerResponse, error: unknown): void => {
    deps.log.error({ err: error }, 'http.unexpected_error');
    if (!response.headersSent) response.writeHead(500);
    response.end();
  };
  return (request, response, otherwise) => {
    const { url = '' } = request;
    const queryAt = url.indexOf('?');
    const endpoint = endpointAt(queryAt === -1 ? url : url.slice(0, queryAt));
    // A NUL is refused in one place, with the broken addresses of the pages.
    if (endpoint === undefined || url.includes('%00')) return otherwise();
    const startedAt = performance.now();
    if (endpoint.prepare !== undefined) {
      if (deps.isCrowded()) return otherwise();
      const tellApart = async (): Promise<void> => {
        const send = await endpoint.prepare(request);
        if (send === undefined) return otherwise();
        begin(endpoint, request, response, startedAt);
        send(response);
      };
      tellApart().catch((error: unknown) => failed(response, error));
      return;
    }
    begin(endpoint, request, response, startedAt);
    if (!deps.admitsProgram(response)) return turnAway(response);
    answer(endpoint, request, response).catch((error: unknown) => failed(response, error));
  };
}

/** The error of OAuth 2.0 for it (RFC 6749, 4.1.2.1), with the status and the header that every HTTP client knows. */
function turnAway(response: ServerResponse): void {
  response.writeHead(503, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', 'Retry-After': '2' });
  response.end(JSON.stringify({ error: 'temporarily_unavailable', error_description: 'too many requests at once' }));
}

async function answer(
  endpoint: Extract<ProgramEndpoint, { prepare?: never }>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await endpoint.answer(request, response);
}
