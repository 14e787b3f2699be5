import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { CountOutcome } from '../platform/outcomes.ts';
import { onClose } from '../web/on-close.ts';
import type { PageMiddleware } from '../web/page-context.ts';
import { countOutcomes } from './outcome-figures.ts';
import type { GaugeSource, ShowText } from './prometheus.ts';
import { countRequests } from './request-figures.ts';

export type Metrics = {
  /** Tells the tracer, when there is one, what the request's route will be, and its id unless a header that is set tells it. */
  name: TellRoute;
  /** By method, route pattern and status: never by address, which may name a person. */
  count: (request: IncomingMessage, route: string, status: number, seconds: number) => void;
  /** Counts and times every request of the pages when it ends. */
  middleware: PageMiddleware;
  countOutcome: CountOutcome;
  /** Loads the library, which counts of the process itself (memory, collections, event loop) from then on. */
  open(): Promise<void>;
  text: ShowText;
};

type TellRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  routeOf: () => string,
  requestId?: string,
) => void;

/** Prometheus metrics of this process, which a worker's primary adds up. `gauges` are read when they are asked for; `alsoWatch` is told of the same requests. */
export function createMetrics(gauges: Record<string, GaugeSource>, alsoWatch?: TellRoute): Metrics {
  const requests = countRequests();
  const outcomes = countOutcomes();
  let exposition: Promise<ShowText> | undefined;
  // Not needed to count: a start has its hundred modules after the first answers.
  const open = async (): Promise<ShowText> => {
    const { exposeFigures } = await import('./prometheus.ts');
    return exposeFigures([...requests.metrics, outcomes.metric], gauges);
  };
  const opened = (): Promise<ShowText> => (exposition ??= open());
  const name: TellRoute = alsoWatch ?? (() => undefined);
  const count: Metrics['count'] = ({ method = '' }, route, status, seconds) => {
    requests.count(KNOWN_METHODS.has(method) ? method : 'other', route, status);
    requests.time(route, seconds);
  };
  return {
    name,
    count,
    middleware: async (ctx, next) => {
      const { req: request, res: response } = ctx;
      const startedAt = performance.now();
      const routeOf = (): string => String(ctx.state.route ?? ctx['_matchedRoute'] ?? 'unmatched');
      name(request, response, routeOf);
      onClose(response, () => {
        count(request, routeOf(), response.statusCode, (performance.now() - startedAt) / 1000);
      });
      await next();
    },
    countOutcome: outcomes.count,
    open: async () => {
      await opened();
    },
    text: async () => (await opened())(),
  };
}

const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);
