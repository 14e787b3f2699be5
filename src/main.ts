import { type App, assembleApp } from './assemble.ts';
import { SchemaIsOld } from './assemble-register.ts';
import { type Config, loadConfig } from './config.ts';
import type { ConfigProblem } from './config-keys.ts';
import { DemoRefused, startDemoProcess } from './demo-process.ts';
import { fillSandbox } from './fill-sandbox.ts';
import { type Listening, listen } from './platform/http-server.ts';
import { PERSONAS } from './sandbox/personas.ts';
import { createMetricsServer, createServer } from './server.ts';
import { startBanner } from './start-banner.ts';
import { explainStartFailure } from './start-failure.ts';
import { startTimers } from './timers.ts';

/** config → assemble → listen; timers; a graceful stop on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const loaded = loadConfig();
  if (!loaded.ok) return refuse(loaded.problems);
  const { config } = loaded;
  const app = await assembleApp(config);
  // Before the long work, so that a taken port is told at once. They find the provider when they first need it.
  const demo = config.isDemo && config.isSandbox ? await startDemoProcess(config, app.log) : undefined;
  if (config.isSandbox) app.log.info(await fillSandbox(app), 'sandbox.filled');
  const server = await listen(createServer(app), { host: config.host, port: config.port, ...tlsOf(config) });
  const metricsServer = await listenForMetrics(app);
  const stopTimers = startTimers(app);
  if (config.isSandbox)
    process.stdout.write(
      startBanner(
        config,
        PERSONAS.map((persona) => persona.key),
      ),
    );
  app.log.info({ issuer: config.issuer, port: server.port, sandbox: config.isSandbox }, 'provider.started');
  onStopSignal(async () => {
    await demo?.stop();
    await server.close();
    await metricsServer?.close(0);
    await stopTimers();
    await app.close();
  }, app);
}

/** Metrics on a port of their own (METRICS_PORT), which no proxy leads to. */
async function listenForMetrics(app: App): Promise<Listening | undefined> {
  if (app.config.metricsPort === undefined) return undefined;
  return listen(createMetricsServer(app), { host: app.config.host, port: app.config.metricsPort });
}

function tlsOf(config: Config): { tls?: { certFile: string; keyFile: string } } {
  return config.tlsCert === undefined || config.tlsKey === undefined
    ? {}
    : { tls: { certFile: config.tlsCert, keyFile: config.tlsKey } };
}

function onStopSignal(stop: () => Promise<void>, app: App): void {
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      app.log.info({ signal }, 'provider.stopping');
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

function refuse(problems: readonly ConfigProblem[]): void {
  process.stderr.write(
    `Định danh cannot start: ${problems.length === 1 ? 'one setting is' : `${problems.length} settings are`} wrong.\n`,
  );
  for (const { key, problem, remedy } of problems) process.stderr.write(`  ${key}: ${problem}\n      → ${remedy}\n`);
  process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  if (error instanceof DemoRefused) {
    refuse(error.problems);
    process.exit(1);
  }
  const known = explainStartFailure(error);
  if (known === undefined && !(error instanceof SchemaIsOld)) throw error;
  refuse([
    known ?? {
      key: 'DATABASE_URL',
      problem: 'the schema is older than this version',
      remedy: 'run npx dinhdanh migrate',
    },
  ]);
  process.exit(1);
}
