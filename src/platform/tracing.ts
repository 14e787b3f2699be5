import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Context, Span } from '@opentelemetry/api';
import type { Db } from './database.ts';
import { watchStatements } from './statement-watch.ts';

/** Traces for an OpenTelemetry collector. Spans name routes, methods, statuses and the text of statements without their values: never an address, which may name a person. */
export type Tracing = {
  /** Answers the request within a span of its own; what is asked of the database meanwhile is a child of it. */
  during(request: IncomingMessage, response: ServerResponse, answer: () => void): void;
  /** Tells the route's pattern, known when the answer ends, and the request's id, unless a header that is set tells it. */
  readonly watch: (
    request: IncomingMessage,
    response: ServerResponse,
    routeOf: () => string,
    requestId?: string,
  ) => void;
  /** Sends what is left. */
  close(): Promise<void>;
};

export type TracingSettings = {
  /** The collector's address for traces by OTLP over HTTP, such as `http://collector:4318/v1/traces`. */
  readonly url: string;
  /** Of a hundred requests, how many are traced. */
  readonly samplePercent: number;
  /** Whether `traceparent` is believed: behind a proxy of one's own alone. */
  readonly trustParent: boolean;
};

/** What knex tells of each statement. */
type Statement = { readonly __knexQueryUid: string; readonly sql: string };

/** Loads OpenTelemetry only where traces are wanted: it costs a process some tens of milliseconds and megabytes. */
export async function startTracing(settings: TracingSettings, db: Db): Promise<Tracing> {
  const [{ SpanKind, SpanStatusCode, trace, ROOT_CONTEXT }, sdk, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const provider = new sdk.NodeTracerProvider({
    resource: resources.resourceFromAttributes({ 'service.name': 'dinhdanh', 'process.pid': process.pid }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(settings.samplePercent / 100) }),
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter({ url: settings.url, timeoutMillis: 5_000 }))],
  });
  const tracer = provider.getTracer('dinhdanh');
  // Ours, not the library's global one: two providers in one process do not meet.
  const current = new AsyncLocalStorage<Context>();
  const requests = new WeakMap<ServerResponse, { routeOf: () => string; requestId: string | undefined }>();

  const startStatement = (parent: Context, sql: string): Span => {
    const [verb = ''] = sql.trimStart().split(/\s/, 1);
    return tracer.startSpan(`db ${verb}`, { kind: SpanKind.CLIENT, attributes: { 'db.query.text': sql } }, parent);
  };
  const end = (span: Span, isFailed: boolean): void => {
    if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
  // Outside a traced request there is nothing for a statement to belong to.
  const stopWatching = watchStatements(() => {
    const parent = current.getStore();
    if (parent === undefined) return undefined;
    return (sql) => {
      const span = startStatement(parent, sql);
      return (isFailed) => end(span, isFailed);
    };
  });
  const statements = new Map<string, Span>();
  db.on('query', ({ __knexQueryUid: id, sql }: Statement) => {
    const parent = current.getStore();
    if (parent !== undefined) statements.set(id, startStatement(parent, sql));
  });
  const endStatement = (id: string, isFailed: boolean): void => {
    const span = statements.get(id);
    if (span === undefined) return;
    statements.delete(id);
    end(span, isFailed);
  };
  db.on('query-response', (_rows: unknown, { __knexQueryUid: id }: Statement) => endStatement(id, false));
  db.on('query-error', (_error: unknown, { __knexQueryUid: id }: Statement) => endStatement(id, true));

  /** @see W3C Trace Context, traceparent. */
  const parentOf = ({ headers }: IncomingMessage): Context => {
    const [, traceId, spanId, flags] = TRACE_PARENT.exec(String(headers['traceparent'])) ?? [];
    if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
    const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
    return trace.setSpanContext(ROOT_CONTEXT, parent);
  };

  return {
    during(request, response, answer) {
      const parent = settings.trustParent ? parentOf(request) : ROOT_CONTEXT;
      const method = request.method ?? '';
      const span = tracer.startSpan(
        method,
        { kind: SpanKind.SERVER, attributes: { 'http.request.method': method } },
        parent,
      );
      if (!span.isRecording()) return answer();
      response.once('close', () => {
        const told = requests.get(response);
        const route = told?.routeOf() ?? 'unmatched';
        span.updateName(`${method} ${route}`);
        span.setAttributes({
          'http.route': route,
          'http.response.status_code': response.statusCode,
          'dinhdanh.request_id': told?.requestId ?? String(response.getHeader('X-Request-Id') ?? ''),
        });
        if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      });
      current.run(trace.setSpan(parent, span), answer);
    },
    watch(_request, response, routeOf, requestId) {
      requests.set(response, { routeOf, requestId });
    },
    // A collector that is away must not hold up the end.
    async close() {
      stopWatching();
      const over = provider.shutdown().catch(() => undefined);
      await Promise.race([over, setTimeout(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

const CLOSE_MS = 2_000;
const TRACE_PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
