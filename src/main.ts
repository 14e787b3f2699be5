import cluster from 'node:cluster';
import { SchemaIsOld } from './assemble-register.ts';
import { type Config, loadConfig } from './config.ts';
import type { ConfigProblem } from './config-keys.ts';
import { type DemoProcess, DemoRefused, startDemoProcess } from './demo-process.ts';
import { createLog, type Log } from './platform/log.ts';
import { sizePool } from './platform/pool-threads.ts';
import { PERSONAS } from './sandbox/personas.ts';
import { type ServingStop, serve } from './serve.ts';
import { startBanner } from './start-banner.ts';
import { explainStartFailure } from './start-failure.ts';
import { type FromWorker, type ToWorker, WorkerDidNotStart } from './worker-messages.ts';

/** config → one process that serves, or a primary with WORKERS of them; a graceful stop on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const loaded = loadConfig();
  if (!loaded.ok) return refuse(loaded.problems);
  const { config } = loaded;
  sizePool(config.argon2Concurrency);
  if (cluster.isWorker) return serveAsWorker(config);
  // At the same time as the long work, so that a taken port is told at once. They find the provider when they first need it.
  const demo =
    config.isDemo && config.isSandbox
      ? startDemoProcess(config, createLog(config.logLevel))
      : Promise.resolve(undefined);
  await Promise.all([demo, config.workers > 1 ? serveByWorkers(config, demo) : serveAlone(config, demo)]);
  if (config.isSandbox)
    process.stdout.write(
      startBanner(
        config,
        PERSONAS.map((persona) => persona.key),
      ),
    );
}

type Demo = Promise<DemoProcess | undefined>;

async function serveAlone(config: Config, demo: Demo): Promise<void> {
  const { log, stop } = await serve(config);
  onStopSignal(log, async (signal) => {
    await Promise.all([demo.then((started) => started?.stop()), stop(stopWait(config, signal))]);
  });
}

/** SIGHUP restarts the workers one by one. */
async function serveByWorkers(config: Config, demo: Demo): Promise<void> {
  const starting = import('./workers.ts').then(({ startWorkers }) => startWorkers(config));
  // From the first moment: unheard it would end the process. One that comes while they start is for those that run old code by then.
  process.on('SIGHUP', () => void starting.then((started) => started.restart()).catch(() => undefined));
  const workers = await starting;
  onStopSignal(workers.log, async () => {
    await Promise.all([demo.then((started) => started?.stop()), workers.stop()]);
  });
}

/** Stops when its primary says so, or at a signal of its own: a terminal's Ctrl-C and a service manager reach every process. */
async function serveAsWorker(config: Config): Promise<void> {
  let isLeading = false;
  let stop = (_wait: ServingStop): void => process.exit(0);
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'lead') isLeading = true;
    const wait = stopWait(config, 'SIGTERM');
    // Of one worker a balancer knows nothing: its port is the primary's, and the next worker is there.
    if (message.kind === 'stop') stop(message.isReplaced ? { ...wait, leaveMs: undefined } : wait);
  });
  const serving = await serve(config, { isLeading: () => isLeading });
  let isStopping = false;
  stop = (wait): void => {
    if (isStopping) return;
    isStopping = true;
    exitAfter(serving.stop(wait));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      stop(stopWait(config, signal));
    });
  process.on('SIGHUP', () => undefined);
  const ready: FromWorker = { kind: 'ready', port: serving.port };
  process.send?.(ready);
}

/** Who presses Ctrl-C does not wait for browsers that keep a connection open. */
function stopWait({ drainSeconds, stopSeconds }: Config, signal: NodeJS.Signals): ServingStop {
  const graceMs = stopSeconds * 1_000;
  if (signal === 'SIGINT') return { leaveMs: 0, graceMs, idleMs: 0 };
  return { leaveMs: drainSeconds * 1_000, graceMs, idleMs: Math.min(2_500, graceMs / 4) };
}

function onStopSignal(log: Log, stop: (signal: NodeJS.Signals) => Promise<void>): void {
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      log.info({ signal }, 'provider.stopping');
      exitAfter(stop(signal));
    });
  }
}

function exitAfter(stopped: Promise<void>): void {
  stopped.then(
    () => process.exit(0),
    () => process.exit(1),
  );
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
  if (error instanceof WorkerDidNotStart) process.exit(1);
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
