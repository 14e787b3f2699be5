import { assembleApp } from './assemble.ts';
import type { Config } from './config.ts';
import { fillSandbox } from './fill-sandbox.ts';
import { listen, type StopWait } from './platform/http-server.ts';
import { createMetricsServer, createServer } from './server.ts';
import { startTimers } from './timers.ts';

export type Serving = { port: number; log: App['log']; stop: (wait: StopWait) => Promise<void> };
type App = Awaited<ReturnType<typeof assembleApp>>;

/** One process that serves: assembles, listens, keeps time. A worker leaves the sandbox's people and the metrics' port to its primary. */
export async function serve(config: Config, worker?: { isLeading: () => boolean }): Promise<Serving> {
  const app = await assembleApp(config);
  if (config.isSandbox && worker === undefined) app.log.info(await fillSandbox(app), 'sandbox.filled');
  const server = await listen(createServer(app), { host: config.host, port: config.port, ...tlsOf(config) });
  // A port of their own (METRICS_PORT), which no proxy leads to.
  const metricsServer =
    config.metricsPort === undefined || worker !== undefined
      ? undefined
      : await listen(createMetricsServer(app.metrics), { host: config.host, port: config.metricsPort });
  // Only now: what a start costs is no crowd.
  if (config.waitingRoom === 'auto') app.waitingRoom.start();
  const stopTimers = startTimers(app, worker?.isLeading);
  app.log.info({ issuer: config.issuer, port: server.port, sandbox: config.isSandbox }, 'provider.started');
  return {
    port: server.port,
    log: app.log,
    async stop(wait) {
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
