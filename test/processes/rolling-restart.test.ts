import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postgresUrl, redisUrl } from '../support/services.ts';
import { startLoad } from './support/client-pool.ts';
import { freePort, makeStores, type ProviderProcess, startProvider } from './support/provider-process.ts';

const SLOW = 120_000;

describe.skipIf(postgresUrl() === undefined || redisUrl() === undefined)(
  'several processes on PostgreSQL and Redis',
  () => {
    let stores: Awaited<ReturnType<typeof makeStores>>;
    let started: ProviderProcess[];
    beforeEach(async () => {
      stores = await makeStores(9);
      started = [];
    });
    afterEach(async () => {
      await Promise.all(started.map((one) => one.stop('SIGKILL')));
      await stores.discard();
    });

    const start = async (env: Record<string, string>, readyMessage: string): Promise<ProviderProcess> => {
      const provider = startProvider(stores.folder, { ...stores.env, ...env });
      started.push(provider);
      await provider.logged(readyMessage);
      return provider;
    };

    it('restarts the workers one by one under load, and no request fails', { timeout: SLOW }, async () => {
      const port = await freePort();
      const issuer = `http://localhost:${port}`;
      const metricsPort = await freePort();
      const env = { WORKERS: '2', PORT: String(port), ISSUER: issuer, METRICS_PORT: String(metricsPort) };
      const primary = await start(env, 'worker.ready');
      await primary.logged('worker.ready', primary.lines.findIndex(({ msg }) => msg === 'worker.ready') + 1);
      const before = primary.lines.filter(({ msg }) => msg === 'worker.ready').map(({ pid }) => pid);

      const load = startLoad([port], { clients: 8, issuer });
      await sleep(500);
      primary.child.kill('SIGHUP');
      await primary.logged('workers.restarted');
      await sleep(500);
      await load.stop();

      expect(load.failures).toEqual([]);
      expect(load.flows).toBeGreaterThan(20);
      const ready = primary.lines.filter(({ msg }) => msg === 'worker.ready').map(({ pid }) => pid);
      expect(ready).toHaveLength(4);
      expect(new Set([...ready, ...before]).size).toBe(4);

      // The primary adds the figures of its workers up.
      const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      expect(metrics).toMatch(/dinhdanh_http_requests_total\{method="POST",route="\/token",status="200"\} \d+/);
      expect(await primary.stop()).toBe(0);
    });

    it('replaces a worker that died', { timeout: SLOW }, async () => {
      const port = await freePort();
      const issuer = `http://localhost:${port}`;
      const primary = await start({ WORKERS: '2', PORT: String(port), ISSUER: issuer }, 'worker.ready');
      const { pid } = await primary.logged('worker.ready');
      await primary.logged('worker.ready', primary.lines.findIndex(({ msg }) => msg === 'worker.ready') + 1);
      const seen = primary.lines.length;
      process.kill(Number(pid), 'SIGKILL');
      expect(await primary.logged('worker.died', seen)).toMatchObject({ signal: 'SIGKILL' });
      await primary.logged('worker.ready', seen);
      expect((await fetch(`${issuer}/readyz`)).status).toBe(200);
      expect(await primary.stop()).toBe(0);
    });

    it('restarts two independent processes under load, and no request fails', { timeout: SLOW }, async () => {
      const ports = [await freePort(), await freePort()];
      const issuer = `http://localhost:${ports[0]}`;
      const startAt = (port: number | undefined): Promise<ProviderProcess> =>
        start({ PORT: String(port), ISSUER: issuer }, 'provider.started');
      const [one, two] = [await startAt(ports[0]), await startAt(ports[1])];

      const load = startLoad(
        ports.map((port) => port),
        { clients: 8, issuer },
      );
      await sleep(500);
      expect(await one.stop()).toBe(0);
      await startAt(ports[0]);
      expect(await two.stop()).toBe(0);
      await startAt(ports[1]);
      await sleep(500);
      await load.stop();

      expect(load.failures).toEqual([]);
      expect(load.flows).toBeGreaterThan(20);
    });

    it('refuses several workers on the embedded SQLite, and says why', { timeout: SLOW }, async () => {
      const provider = startProvider(stores.folder, { WORKERS: '2', ARGON2_CONCURRENCY: 'none' });
      await expect(provider.logged('worker.ready')).rejects.toThrow(/ARGON2_CONCURRENCY[\s\S]*WORKERS.*one writer/);
    });
  },
);
