import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { givePerson } from '../support/people.ts';

type SentSpan = {
  name: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: Record<string, unknown> }[];
};

let collector: Server | undefined;
let app: TestApp | undefined;
let bodies: string[] = [];
afterEach(() => {
  collector?.close();
  [collector, app, bodies] = [undefined, undefined, []];
});

/** An OpenTelemetry collector as far as it takes traces. */
async function startCollector(): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
  });
  collector = server;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
}

function sentSpans(): SentSpan[] {
  type Sent = { resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[] };
  return bodies.flatMap((body) =>
    (JSON.parse(body) as Sent).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
}

it('sends a span for each request with its statements, and nobody in it', async () => {
  app = await startTestApp({ env: { TRACES_URL: await startCollector(), TRACES_SAMPLE_PERCENT: '100' } });
  const person = await givePerson(app.app, {});
  const browser = app.browser();
  await browser.get('/activate');
  await browser.post('/activate', { citizen_id: person.citizenId, phone_number: person.phone });
  await browser.get(`/statistics?q=${person.citizenId}`);
  await browser.get('/.well-known/openid-configuration');
  await app.close();

  const spans = sentSpans();
  const names = spans.map(({ name }) => name);
  for (const name of ['GET /activate', 'POST /activate', 'GET /statistics']) expect(names).toContain(name);
  const request = spans.find(({ name }) => name === 'POST /activate');
  const statements = spans.filter(({ parentSpanId }) => parentSpanId === request?.spanId);
  const texts = statements.flatMap(({ attributes }) =>
    attributes.flatMap(({ key, value }) => (key === 'db.query.text' ? [String(value['stringValue'])] : [])),
  );
  // By the query builder, and prepared on the driver.
  for (const part of [/insert into .?activation/, /insert into .?outbox/, /from persons/])
    expect(texts.join('\n')).toMatch(part);
  for (const { name } of statements) expect(name).toMatch(/^db [a-z]+$/i);
  expect(request?.attributes.find(({ key }) => key === 'dinhdanh.request_id')?.value['stringValue']).toMatch(
    /^\w{5}-\w{5}$/,
  );
  const sent = bodies.join('\n');
  for (const secret of [person.citizenId, person.phone, person.phone.slice(-9)]) expect(sent).not.toContain(secret);
});

it('believes no parent that a stranger names', async () => {
  app = await startTestApp({ env: { TRACES_URL: await startCollector(), TRACES_SAMPLE_PERCENT: '100' } });
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  await app.browser().get('/', { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
  await app.close();
  expect(sentSpans().length).toBeGreaterThan(0);
  expect(bodies.join('\n')).not.toContain(traceId);
});

it('goes on with the trace of its own proxy', async () => {
  const env = { TRACES_URL: await startCollector(), TRACES_SAMPLE_PERCENT: '0', TRUST_PROXY: 'true' };
  app = await startTestApp({ env });
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  await app.browser().get('/', { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
  await app.browser().get('/', { traceparent: 'nonsense' });
  await app.close();
  expect(bodies.join('\n')).toContain(traceId);
  expect(sentSpans().filter(({ name }) => name.startsWith('GET'))).toHaveLength(1);
});

it('hangs no more on an answer than Node takes for usual', async () => {
  app = await startTestApp({ env: { TRACES_URL: await startCollector(), TRACES_SAMPLE_PERCENT: '100' } });
  const warnings: string[] = [];
  const heard = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', heard);
  for (const path of ['/', '/activate', '/statistics']) await app.browser().get(path);
  await app.close();
  process.off('warning', heard);
  expect(warnings).toEqual([]);
});

it('serves while the collector is away', async () => {
  app = await startTestApp({ env: { TRACES_URL: 'http://127.0.0.1:9/v1/traces', TRACES_SAMPLE_PERCENT: '100' } });
  expect((await app.browser().get('/')).status).toBe(200);
  await app.close();
});
