import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import { onClose } from './on-close.ts';
import { logRequest, newRequestId } from './request-log.ts';

export type WatchDeps = {
  readonly log: Logger;
  readonly metrics: {
    name: (request: IncomingMessage, response: ServerResponse, routeOf: () => string, requestId: string) => void;
    count: (request: IncomingMessage, route: string, status: number, seconds: number) => void;
  };
};

/** For what is answered ahead of the pages' machinery: logs and counts the answer when it has ended. @returns the request's id, which the answer is to bear. */
export function watchAnswer(
  { log, metrics }: WatchDeps,
  request: IncomingMessage,
  response: ServerResponse,
  { route, startedAt }: { route: string; startedAt: number },
): string {
  const requestId = newRequestId();
  metrics.name(request, response, () => route, requestId);
  onClose(response, () => {
    const elapsedMs = performance.now() - startedAt;
    logRequest(log, { request, response, requestId, route, elapsedMs });
    metrics.count(request, route, response.statusCode, elapsedMs / 1000);
  });
  return requestId;
}
