import type { RequestListener } from 'node:http';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { assembleApp } from './assemble.ts';
import type { Config } from './config.ts';
import { listen, type StopWait } from './platform/http-server.ts';
import { keepPoolOn, lowerPoolPriority } from './platform/pool-threads.ts';
import { pulseOf } from './platform/postgres-register.ts';
import { programsBeforePages } from './programs.ts';

/** `leaveMs`: from now on /readyz sends balancers elsewhere, and for so long all goes on as before. Undefined where another process already listens on the same port. */
export type ServingStop = StopWait & { leaveMs: number | undefined };
export type Serving = { port: number; log: App['log']; stop: (wait: ServingStop) => Promise<void> };
type App = Awaited<ReturnType<typeof assembleApp>>;

/** What most of the pages' modules are: loaded in one piece they would keep programs waiting for all of them. */
const PIECES: readonly (() => Promise<unknown>)[] = [
  () => import('./i18n/translator.ts'),
  () => import('./web/pipeline.ts'),
  () => import('./sign-in/routes.ts'),
  () => import('./activation/routes.ts'),
  () => import('./my-account/routes.ts'),
  () => import('./recovery/routes.ts'),
];

/** One process that serves: assembles, listens, keeps time. A worker leaves the sandbox's people and the metrics' port to its primary.
 *  Programs are answered as soon as the protocol stands; who asks for a page, or whether all is ready, waits until the pages, which are most of the program, are loaded. */
export async function serve(config: Config, worker?: { isLeading: () => boolean }): Promise<Serving> {
  const app = await assembleApp(config);
  await lowerPoolPriority();
  if (config.hashingCores !== undefined) await keepPoolOn(config.hashingCores);
  let isLeaving = false;
  const whole = Promise.withResolvers<RequestListener>();
  let answer = programsBeforePages(app, whole.promise);
  const server = await listen((request, response) => answer(request, response), {
    host: config.host,
    port: config.port,
    ...tlsOf(config),
  });
  if (config.isSandbox && worker === undefined) {
    const { fillSandbox } = await import('./fill-sandbox.ts');
    app.log.info(await fillSandbox(app), 'sandbox.filled');
  }
  for (const load of [...PIECES, () => app.metrics.open()]) {
    await load();
    // Whoever has asked meanwhile is answered.
    await setImmediate();
  }
  const { createMetricsServer, createServer } = await import('./server.ts');
  const { startTimers } = await import('./timers.ts');
  answer = createServer(app, () => isLeaving);
  whole.resolve(answer);
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
