import cluster from 'node:cluster';
import { AggregatorRegistry, collectDefaultMetrics, Gauge, type Metric, Registry } from 'prom-client';
import type { PlainMetric } from './request-figures.ts';

export type ShowText = () => Promise<{ contentType: string; body: string }>;

/** `isShared`: not to be added up, because every process reads the same number or only the highest one matters. */
export type GaugeSource = { help: string; isShared?: true } & (
  | { read(): Promise<number> | number }
  /** One number for each of a few values of the labels; those it does not name are not shown. */
  | {
      labels: readonly string[];
      readEach(): Promise<readonly Sample[]>;
    }
);

type Sample = { labels: Readonly<Record<string, string>>; value: number };

const LAG_P99 = 'dinhdanh_nodejs_eventloop_lag_p99_seconds';

/** All figures of this process as Prometheus reads them, those of the process itself among them; a worker's primary adds them up. */
export function exposeFigures(figures: readonly PlainMetric[], gauges: Record<string, GaugeSource>): ShowText {
  const registry = new Registry();
  if (cluster.isWorker) {
    AggregatorRegistry.setRegistries([registry]);
    // Its constructor is what answers the primary.
    new AggregatorRegistry();
  }
  collectDefaultMetrics({ register: registry, prefix: 'dinhdanh_' });
  // Of workers the library takes the average, in which the one that stands still would be lost.
  Object.assign(registry.getSingleMetric(LAG_P99) ?? {}, { aggregator: 'max' });
  for (const metric of figures) registry.registerMetric(metric as unknown as Metric);
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
  return async () => ({ contentType: registry.contentType, body: await registry.metrics() });
}

async function read(gauge: GaugeSource): Promise<readonly Sample[]> {
  return 'read' in gauge ? [{ labels: {}, value: await gauge.read() }] : gauge.readEach();
}

/** Of all workers, for their primary. */
export function workersMetrics(): ShowText {
  const registry = new AggregatorRegistry();
  return async () => ({ contentType: registry.contentType, body: await registry.clusterMetrics() });
}
