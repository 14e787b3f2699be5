/** Requests as they end, in plain numbers: the library's own counter and histogram look every label up by a text made of all of them, at each request. */
export type RequestFigures = {
  count(method: string, route: string, status: number): void;
  time(route: string, seconds: number): void;
  metrics: readonly PlainMetric[];
};

/** What the library asks of a metric. */
export type PlainMetric = Head & { aggregator: 'sum'; get(): Promise<Head & { aggregator: 'sum'; values: Value[] }> };
type Head = { name: string; help: string; type: 'counter' | 'histogram' };

export function plainMetric(head: Head, values: () => Value[]): PlainMetric {
  return { ...head, aggregator: 'sum', get: () => Promise.resolve({ ...head, aggregator: 'sum', values: values() }) };
}

const COUNTER = 'dinhdanh_http_requests_total';
const HISTOGRAM = 'dinhdanh_http_request_seconds';
/** Upper bounds in seconds. */
const BUCKETS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

/** How many fell into each bucket, and beyond the last. */
type Times = { buckets: number[]; sum: number };
type Value = { labels: Record<string, string | number>; value: number; metricName?: string };

/** Routes are patterns, so there are few of them. */
export function countRequests(): RequestFigures {
  const counts = new Map<string, Map<string, Map<number, number>>>();
  const times = new Map<string, Times>();
  return {
    count(method, route, status) {
      const byMethod = within(counts, route, () => new Map<string, Map<number, number>>());
      const byStatus = within(byMethod, method, () => new Map<number, number>());
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
    },
    time(route, seconds) {
      const known = within(times, route, () => ({
        buckets: Array.from({ length: BUCKETS.length + 1 }, () => 0),
        sum: 0,
      }));
      let at = 0;
      while (at < BUCKETS.length && seconds > (BUCKETS[at] as number)) at += 1;
      known.buckets[at] = (known.buckets[at] ?? 0) + 1;
      known.sum += seconds;
    },
    metrics: [
      plainMetric({ name: COUNTER, help: 'Requests answered', type: 'counter' }, () =>
        [...counts].flatMap(([route, byMethod]) =>
          [...byMethod].flatMap(([method, byStatus]) =>
            [...byStatus].map(([status, value]) => ({ labels: { method, route, status }, value })),
          ),
        ),
      ),
      plainMetric({ name: HISTOGRAM, help: 'Time to answer', type: 'histogram' }, () =>
        [...times].flatMap(([route, known]) => histogramOf(route, known)),
      ),
    ],
  };
}

function within<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Each bucket counts what is at or below its bound. */
function histogramOf(route: string, { buckets, sum }: Times): Value[] {
  let below = 0;
  const cumulative = buckets.map((count, at): Value => {
    below += count;
    return { labels: { le: BUCKETS[at] ?? '+Inf', route }, value: below, metricName: `${HISTOGRAM}_bucket` };
  });
  return [
    ...cumulative,
    { labels: { route }, value: sum, metricName: `${HISTOGRAM}_sum` },
    { labels: { route }, value: below, metricName: `${HISTOGRAM}_count` },
  ];
}
