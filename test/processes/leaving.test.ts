import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { report } from '../faults/support/measure.ts';
import { postgresUrl, redisUrl } from '../support/services.ts';
import { startLoad } from './support/client-pool.ts';
import { freePort, makeStores, type ProviderProcess, startProvider } from './support/provider-process.ts';

const SLOW = 120_000;
const POLL_MS = 50;

type Answer = { status: number | undefined; connection: string | undefined };

/** One request by a connection of its own, or by `agent`'s. */
function ask(port: number, path: string, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: agent ?? new Agent() }, (response) => {
      response.resume();
      response.on('end', () => {
        resolve({ status: response.statusCode, connection: response.headers.connection });
      });
    }).on('error', reject);
  });
}

/** A second signal would end it at once. */
async function codeAtEnd({ child }: ProviderProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

describe.skipIf(postgresUrl() === undefined || redisUrl() === undefined)('a process that is told to stop', () => {
  let stores: Awaited<ReturnType<typeof makeStores>>;
  let started: ProviderProcess[];
  beforeEach(async () => {
    stores = await makeStores(8);
    started = [];
  });
  afterEach(async () => {
    await Promise.all(started.map((one) => one.stop('SIGKILL')));
    await stores.discard();
  });

  const start = async (env: Record<string, string>): Promise<ProviderProcess> => {
    const provider = startProvider(stores.folder, { ...stores.env, ...env });
    started.push(provider);
    await provider.logged('provider.started');
    return provider;
  };

  it('is left by a balancer that asks /readyz before it takes no more connections, and no request fails', {
    timeout: SLOW,
  }, async () => {
    const ports = [await freePort(), await freePort()];
    const issuer = `http://localhost:${ports[0]}`;
    const startAt = (port: number | undefined): Promise<ProviderProcess> =>
      start({ PORT: String(port), ISSUER: issuer, DRAIN_SECONDS: '1' });
    const [one, two] = [await startAt(ports[0]), await startAt(ports[1])];

    const isIn = new Map(ports.map((port) => [port, true]));
    const over = new AbortController();
    const asking = ports.map(async (port) => {
      while (!over.signal.aborted) {
        const answer = await ask(port, '/readyz').catch(() => undefined);
        isIn.set(port, answer?.status === 200);
        await sleep(POLL_MS);
      }
    });
    const load = startLoad(ports, { clients: 8, issuer, isIn: (port) => isIn.get(port) === true });
    await sleep(500);
    for (const [process, port] of [
      [one, ports[0]],
      [two, ports[1]],
    ] as const) {
      expect(await process.stop()).toBe(0);
      await startAt(port);
      while (isIn.get(Number(port)) !== true) await sleep(POLL_MS);
    }
    await sleep(500);
    await load.stop();
    over.abort();
    await Promise.all(asking);

    expect(load.failures).toEqual([]);
    expect(load.flows).toBeGreaterThan(20);
    report('two processes replaced behind a balancer', { flows: load.flows, failed: load.failures.length });
  });

  it('says so at once, answers what comes for as long as it was told, and then takes no connection', {
    timeout: SLOW,
  }, async () => {
    const port = await freePort();
    const provider = await start({ PORT: String(port), ISSUER: `http://localhost:${port}`, DRAIN_SECONDS: '2' });
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await ask(port, '/readyz', kept)).toMatchObject({ status: 200 });

    const startedAt = performance.now();
    provider.child.kill('SIGTERM');
    while ((await ask(port, '/readyz')).status === 200) await sleep(1);
    const toldAfter = Math.round(performance.now() - startedAt);
    expect(toldAfter).toBeLessThan(1_000);
    while (performance.now() - startedAt < 1_500) {
      for (const path of ['/', '/activate', '/jwks', '/healthz'])
        expect(await ask(port, path)).toMatchObject({ status: 200 });
      expect(await ask(port, '/readyz', kept)).toMatchObject({ status: 503, connection: 'keep-alive' });
    }
    while ((await ask(port, '/healthz').catch(() => undefined)) !== undefined) await sleep(10);
    const refusedAfter = Math.round(performance.now() - startedAt);
    expect(refusedAfter).toBeGreaterThanOrEqual(1_990);
    // What was open is served once more, and told that it is the last time.
    expect(await ask(port, '/readyz', kept)).toMatchObject({ status: 503, connection: 'close' });
    expect(await codeAtEnd(provider)).toBe(0);
    report('stop with DRAIN_SECONDS=2', { '/readyz 503 after (ms)': toldAfter, 'refuses after (ms)': refusedAfter });
  });

  it('with workers: ready while they are replaced one by one, and leaving as a whole', {
    timeout: SLOW,
  }, async () => {
    const port = await freePort();
    const env = { WORKERS: '2', PORT: String(port), ISSUER: `http://localhost:${port}`, DRAIN_SECONDS: '1' };
    const primary = await start(env);

    const statuses = new Set<number | undefined>();
    const over = new AbortController();
    const kept = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
    const asking = [undefined, ...kept].map(async (agent) => {
      while (!over.signal.aborted) {
        statuses.add((await ask(port, '/readyz', agent).catch(() => undefined))?.status);
        await sleep(10);
      }
    });
    // While the second worker starts.
    primary.child.kill('SIGHUP');
    await primary.logged('workers.restarted');
    over.abort();
    await Promise.all(asking);
    expect([...statuses]).toEqual([200]);

    primary.child.kill('SIGTERM');
    await primary.logged('provider.stopping');
    await sleep(100);
    // Connections go to the workers in turn.
    for (let asked = 0; asked < 6; asked += 1) {
      expect(await ask(port, '/readyz')).toMatchObject({ status: 503 });
      expect(await ask(port, '/healthz')).toMatchObject({ status: 200 });
    }
    expect(await codeAtEnd(primary)).toBe(0);
  });
});
