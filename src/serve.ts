import type { RequestListener } from 'node:http';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { assembleApp } from './assemble.ts';
import type { Config } from './config.ts';
import { type Listening, listen, type StopWait } from './platform/http-server.ts';
import { keepPoolOn, lowerEngineSoon, lowerPoolPriority } from './platform/pool-threads.ts';
import { pulseOf } from './platform/postgres-register.ts';
import { programsBeforePages } from './programs.ts';

/** `leaveMs`: from now on /readyz sends balancers elsewhere, and for so long all goes on as before. Undefined where another process already listens on the same port. */
export type ServingStop = StopWait & { leaveMs: number | undefined };
export type Serving = { port: number; log: App['log']; stop: (wait: ServingStop) => Promise<void> };
type App = Awaited<ReturnType<typeof assembleApp>>;

/** One process that serves: assembles, listens, keeps time. A worker leaves the sandbox's people and the metrics' port to its primary.
 *  Programs are answered as soon as the protocol stands; who asks for a page, or whether all is ready, waits for the pages, which are most of the program. A worker listens when
 *  they are there: others of its kind serve meanwhile. */
export async function serve(config: Config, worker?: { isLeading: () => boolean }): Promise<Serving> {
  const app = await assembleApp(config);
  await lowerPoolPriority();
  if (config.hashingCores !== undefined) await keepPoolOn(config.hashingCores);
  let isLeaving = false;
  const whole = Promise.withResolvers<RequestListener>();
  let answer = programsBeforePages(app, whole.promise);
  const open = (): Promise<Listening> =>
    listen((request, response) => answer(request, response), {
      host: config.host,
      port: config.port,
      ...tlsOf(config),
    });
  const early = worker === undefined ? await open() : undefined;
  if (config.isSandbox && worker === undefined) {
    const { fillSandbox } = await import('./fill-sandbox.ts');
    app.log.info(await fillSandbox(app), 'sandbox.filled');
  }
  const { createMetricsServer, createServer, startTimers } = await loadRest(app);
  answer = createServer(app, () => isLeaving);
  whole.resolve(answer);
  const server = early ?? (await open());
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
  const leaveEngine = lowerEngineSoon();
  app.log.info({ issuer: config.issuer, port: server.port, sandbox: config.isSandbox }, 'provider.started');
  return {
    port: server.port,
    log: app.log,
    async stop(wait) {
      leaveEngine();
      isLeaving = wait.leaveMs !== undefined;
      if (wait.leaveMs !== undefined) await sleep(wait.leaveMs);
      await server.close(wait);
      await metricsServer?.close({ idleMs: 0, graceMs: 0 });
      await stopTimers();
      await app.close();
    },
  };
}

/** In pieces: loaded in one, the pages would keep those programs waiting that ask meanwhile. */
async function loadRest(app: App) {
  for (const load of [
    () => import('./i18n/translator.ts'),
    () => import('./web/pipeline.ts'),
    () => import('./sign-in/routes.ts'),
    () => import('./activation/routes.ts'),
    () => import('./my-account/routes.ts'),
    () => import('./recovery/routes.ts'),
    () => app.metrics.open(),
  ]) {
    await load();
    await setImmediate();
  }
  return { ...(await import('./server.ts')), ...(await import('./timers.ts')) };
}

function tlsOf(config: Config): { tls?: { certFile: string; keyFile: string } } {
  return config.tlsCert === undefined || config.tlsKey === undefined
    ? {}
    : { tls: { certFile: config.tlsCert, keyFile: config.tlsKey } };
}
