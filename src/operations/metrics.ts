import cluster from 'node:cluster';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { CountOutcome } from '../platform/outcomes.ts';
import { onClose } from '../web/on-close.ts';
import type { PageMiddleware } from '../web/page-context.ts';
import { countRequests } from './request-figures.ts';

export type Metrics = {
  /** Tells the tracer, when there is one, what the request's route will be, and its id unless a header that is set tells it. */
  name: TellRoute;
  /** By method, route pattern and status: never by address, which may name a person. */
  count: (request: IncomingMessage, route: string, status: number, seconds: number) => void;
  /** Counts and times every request of the pages when it ends. */
  middleware: PageMiddleware;
  countOutcome: CountOutcome;
  text(): Promise<{ contentType: string; body: string }>;
};

const LAG_P99 = 'dinhdanh_nodejs_eventloop_lag_p99_seconds';

type TellRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  routeOf: () => string,
  requestId?: string,
) => void;

/** `isShared`: not to be added up, because every process reads the same number or only the highest one matters. */
export type GaugeSource = { help: string; isShared?: true } & (
  | { read(): Promise<number> | number }
  /** One number for each of a few values of the labels; those it does not name are not shown. */
  | {
      labels: readonly string[];
      readEach(): Promise<readonly Sample[]>;
    }
);

/** Prometheus metrics of this process, which a worker's primary adds up. `gauges` are read when they are asked for; `alsoWatch` is told of the same requests. */
export function createMetrics(gauges: Record<string, GaugeSource>, alsoWatch?: TellRoute): Metrics {
  const registry = new Registry();
  if (cluster.isWorker) {
    AggregatorRegistry.setRegistries([registry]);
    // Its constructor is what answers the primary.
    new AggregatorRegistry();
  }
  collectDefaultMetrics({ register: registry, prefix: 'dinhdanh_' });
  // Of workers the library takes the average, in which the one that stands still would be lost.
  Object.assign(registry.getSingleMetric(LAG_P99) ?? {}, { aggregator: 'max' });
  const requests = countRequests(registry);
  const outcomes = new Counter({
    name: 'dinhdanh_flow_outcomes_total',
    help: 'How steps of activations, sign-ins, recoveries and of the protocol ended',
    labelNames: ['flow', 'outcome'],
    registers: [registry],
  });
  for (const [name, gauge] of Object.entries(gauges)) {
    new Gauge({
      name: `dinhdanh_${name}`,
      help: gauge.help,
      aggregator: gauge.isShared === true ? 'max' : 'sum',
      registers: [registry],
      labelNames: 'labels' in gauge ? gauge.labels : [],
      async collect() {
        // What cannot be read now, because a store is away, is not shown; all else is.
        const samples = await read(gauge).catch(() => []);
        this.reset();
        // Without labels the library shows a 0 of its own after a reset.
        if (samples.length === 0 && !('labels' in gauge && gauge.labels.length > 0)) this.remove();
        for (const { labels, value } of samples) this.set(labels, value);
      },
    });
  }
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
    countOutcome: (flow, outcome) => outcomes.inc({ flow, outcome }),
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

type Sample = { labels: Readonly<Record<string, string>>; value: number };

async function read(gauge: GaugeSource): Promise<readonly Sample[]> {
  return 'read' in gauge ? [{ labels: {}, value: await gauge.read() }] : gauge.readEach();
}

/** Of all workers, for their primary. */
export function workersMetrics(): () => Promise<{ contentType: string; body: string }> {
  const registry = new AggregatorRegistry();
  return async () => ({ contentType: registry.contentType, body: await registry.clusterMetrics() });
}

const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);
