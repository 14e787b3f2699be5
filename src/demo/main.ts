import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { type DemoConfig, readDemoConfig } from './config.ts';
import { createDemoApp } from './create-demo-app.ts';
import { type DemoService, SERVICES } from './service-definitions.ts';

type Problem = { key: string; problem: string; remedy: string };
type Started = { server: Server; address: string };

/** The three relying parties, in a process of their own beside the provider, whose child it is: they end together. */
async function main(): Promise<void> {
  const config = readDemoConfig();
  const log = pino({ level: config.logLevel, base: { program: 'demo' } });
  const problems: Problem[] = [];
  const started: Started[] = [];
  const stop = (): void => {
    for (const { server } of started) server.closeAllConnections();
    process.exit(process.exitCode ?? 0);
  };
  // From the first moment: a provider that ends while they start does not leave them behind.
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, stop);
  if (process.send !== undefined && !process.connected) return stop();
  for (const service of SERVICES) {
    try {
      started.push(await listen(service, config));
    } catch (error) {
      problems.push(explain(service, config, error));
    }
  }
  if (problems.length > 0) return await refuse(problems, started);

  for (const [index, service] of SERVICES.entries()) {
    const { server, address } = started[index] ?? {};
    if (server === undefined || address === undefined) continue;
    const app = await createDemoApp(service, {
      issuer: config.issuer,
      baseUrl: address,
      folder: config.folder,
      log,
    });
    server.on('request', app satisfies RequestListener);
  }
  const addresses = started.map(({ address }) => address);
  log.info({ addresses }, 'demo.started');
  await tell({ addresses });
}

/** Listens before it can answer, so that a taken port is known before anything else is done. */
async function listen({ id }: DemoService, { host, ports }: DemoConfig): Promise<Started> {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16_384 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(ports[id], host, resolve);
  });
  return { server, address: `http://localhost:${(server.address() as AddressInfo).port}` };
}

function explain({ id, portKey }: DemoService, { ports }: DemoConfig, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
  const problem =
    code === 'EADDRINUSE'
      ? `port ${ports[id]} is taken by another program`
      : `port ${ports[id]} needs rights this user lacks`;
  return {
    key: portKey,
    problem,
    remedy: `stop it, set ${portKey} to a free port, or start without the demo services: DEMO=false`,
  };
}

async function refuse(problems: readonly Problem[], started: readonly Started[]): Promise<void> {
  for (const { server } of started) server.close();
  process.exitCode = 1;
  if (process.send === undefined) {
    for (const { key, problem, remedy } of problems) process.stderr.write(`${key}: ${problem}\n    → ${remedy}\n`);
    return;
  }
  await tell({ problems });
  if (process.connected) process.disconnect();
}

/** Nobody hears it where the provider has ended meanwhile. */
function tell(message: { addresses: readonly string[] } | { problems: readonly Problem[] }): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else
      process.send(message, undefined, undefined, () => {
        resolve();
      });
  });
}

await main();
