import { setTimeout as sleep } from 'node:timers/promises';
import { assembleApp } from './assemble.ts';
import type { Config } from './config.ts';
import { fillSandbox } from './fill-sandbox.ts';
import { listen, type StopWait } from './platform/http-server.ts';
import { keepPoolOn, lowerPoolPriority } from './platform/pool-threads.ts';
import { pulseOf } from './platform/postgres-register.ts';
import { createMetricsServer, createServer } from './server.ts';
import { startTimers } from './timers.ts';

/** `leaveMs`: from now on /readyz sends balancers elsewhere, and for so long all goes on as before. Undefined where another process already listens on the same port. */
export type ServingStop = StopWait & { leaveMs: number | undefined };
export type Serving = { port: number; log: App['log']; stop: (wait: ServingStop) => Promise<void> };
type App = Awaited<ReturnType<typeof assembleApp>>;

/** One process that serves: assembles, listens, keeps time. A worker leaves the sandbox's people and the metrics' port to its primary. */
export async function serve(config: Config, worker?: { isLeading: () => boolean }): Promise<Serving> {
  const app = await assembleApp(config);
  await lowerPoolPriority();
  if (config.hashingCores !== undefined) await keepPoolOn(config.hashingCores);
  if (config.isSandbox && worker === undefined) app.log.info(await fillSandbox(app), 'sandbox.filled');
  let isLeaving = false;
  const server = await listen(
    createServer(app, () => isLeaving),
    { host: config.host, port: config.port, ...tlsOf(config) },
  );
  // A port of their own (METRICS_PORT), which no proxy leads to.
  const metricsServer =
    config.metricsPort === undefined || worker !== undefined
      ? undefined
      : await listen(createMetricsServer(app.metrics), { host: config.host, port: config.metricsPort });
  // Only now: what a start costs is no crowd.
  if (config.waitingRoom === 'auto') app.waitingRoom.start();
  pulseOf(app.db)?.start((isOpen) => {
    if (isOpen) app.log.error('postgres.circuit_opened');
    else app.log.info('postgres.circuit_closed');
  });
  const stopTimers = startTimers(app, worker?.isLeading);
  app.log.info({ issuer: config.issuer, port: server.port, sandbox: config.isSandbox }, 'provider.started');
  return {
    port: server.port,
    log: app.log,
    async stop(wait) {
      isLeaving = wait.leaveMs !== undefined;
      if (wait.leaveMs !== undefined) await sleep(wait.leaveMs);
      await server.close(wait);
      await metricsServer?.close({ idleMs: 0, graceMs: 0 });
      await stopTimers();
      await app.close();
    },
  };
}

function tlsOf(config: Config): { tls?: { certFile: string; keyFile: string } } {
  return config.tlsCert === undefined || config.tlsKey === undefined
    ? {}
    : { tls: { certFile: config.tlsCert, keyFile: config.tlsKey } };
}
