import cluster, { type Worker } from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { assembleRegister } from './assemble-register.ts';
import type { Config } from './config.ts';
import { fillSandbox } from './fill-sandbox.ts';
import { workersMetrics } from './operations/prometheus.ts';
import { listen } from './platform/http-server.ts';
import { createLog, type Log } from './platform/log.ts';
import { createMetricsServer } from './server.ts';
import { type FromWorker, type ToWorker, WorkerDidNotStart } from './worker-messages.ts';

export type Workers = { port: number; log: Log; restart(): Promise<void>; stop(): Promise<void> };

const BACK_OFF_MS = { first: 100, most: 30_000 };
/** Who has lived so long did not die of its start. */
const GROWN_UP_MS = 60_000;
/** Past the worker's own hard limit it hangs. */
const HANGING_MS = 5_000;

/** WORKERS processes on one port, which this one looks after: it starts them, replaces those that die, tells one of them to keep the system's time, and
 *  restarts them one by one. It serves nothing itself, but the metrics of all. @throws WorkerDidNotStart */
export async function startWorkers(config: Config): Promise<Workers> {
  const log = createLog(config.logLevel);
  await prepare(config, log);
  let isStopping = false;
  let restarting: Promise<void> | undefined;
  const ready = new Set<Worker>();
  const leaving = new WeakSet<Worker>();
  let leader: Worker | undefined;
  let backOffMs = BACK_OFF_MS.first;

  const lead = (): void => {
    if (leader !== undefined && ready.has(leader)) return;
    [leader] = ready;
    if (leader !== undefined) tell(leader, { kind: 'lead' });
  };
  const replace = async (): Promise<void> => {
    await sleep(backOffMs);
    backOffMs = Math.min(BACK_OFF_MS.most, backOffMs * 2);
    if (isStopping) return;
    await startOne().catch(() => {
      replaceSoon();
    });
  };
  const replaceSoon = (): void => {
    replace().catch((error: unknown) => {
      log.error({ err: error }, 'worker.not_replaced');
    });
  };
  const startOne = async (): Promise<FromWorker> => {
    const worker = cluster.fork();
    const startedAt = performance.now();
    const told = await new Promise<FromWorker>((resolve, reject) => {
      worker.once('exit', (code) => {
        reject(new WorkerDidNotStart(`exit ${code}`));
      });
      worker.on('message', (message: Partial<FromWorker>) => {
        if (message.kind === 'ready') resolve(message as FromWorker);
      });
    });
    ready.add(worker);
    log.info({ worker: worker.id, pid: worker.process.pid }, 'worker.ready');
    worker.once('exit', (code, signal) => {
      ready.delete(worker);
      if (!isStopping) lead();
      if (isStopping || leaving.has(worker)) return;
      log.error({ worker: worker.id, exitCode: code, signal, backOffMs }, 'worker.died');
      if (performance.now() - startedAt > GROWN_UP_MS) backOffMs = BACK_OFF_MS.first;
      replaceSoon();
    });
    lead();
    return told;
  };
  const stopOne = async (worker: Worker): Promise<void> => {
    if (worker.isDead()) return;
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    leaving.add(worker);
    ready.delete(worker);
    if (!isStopping) lead();
    tell(worker, { kind: 'stop', isReplaced: !isStopping });
    const mostSeconds = config.drainSeconds + config.stopSeconds;
    const hanging = setTimeout(() => worker.process.kill('SIGKILL'), mostSeconds * 1_000 + HANGING_MS);
    await gone;
    clearTimeout(hanging);
  };
  const restartAll = async (): Promise<void> => {
    const before = [...ready];
    log.info({ workers: before.length }, 'workers.restarting');
    for (const old of before) {
      await startOne();
      await stopOne(old);
    }
    log.info({ workers: ready.size }, 'workers.restarted');
  };

  const first = await startOne();
  // One after the other: outside of production each brings the schema up to date, which takes one at a time.
  for (let count = 1; count < config.workers; count += 1) await startOne();
  const metricsServer =
    config.metricsPort === undefined
      ? undefined
      : await listen(createMetricsServer({ text: workersMetrics() }), { host: config.host, port: config.metricsPort });
  return {
    port: first.port,
    log,
    restart() {
      restarting ??= restartAll()
        // The old ones go on: a version that does not start takes nothing down.
        .catch((error: unknown) => log.error({ err: error }, 'workers.restart_failed'))
        .finally(() => {
          restarting = undefined;
        });
      return restarting;
    },
    async stop() {
      isStopping = true;
      const all = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
      await Promise.all(all.map(stopOne));
      await metricsServer?.close({ idleMs: 0, graceMs: 0 });
    },
  };
}

function tell(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message);
}

/** What is done once for all of them. */
async function prepare(config: Config, log: Log): Promise<void> {
  if (!config.isSandbox) return;
  const register = await assembleRegister(config, { log });
  log.info(await fillSandbox(register), 'sandbox.filled');
  await register.close();
}
