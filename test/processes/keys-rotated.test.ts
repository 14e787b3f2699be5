import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { report } from '../faults/support/measure.ts';
import { startService } from '../faults/support/verifying-service.ts';
import { postgresUrl, redisUrl } from '../support/services.ts';
import { freePort, makeStores, type ProviderProcess, startProvider } from './support/provider-process.ts';

const CLI = join(import.meta.dirname, '../../bin/dinhdanh.js');
const SERVICES = 6;

let stores: Awaited<ReturnType<typeof makeStores>>;
let primary: ProviderProcess | undefined;
beforeEach(async () => {
  stores = await makeStores(7);
});
afterEach(async () => {
  await primary?.stop();
  await stores.discard();
});

it.skipIf(postgresUrl() === undefined || redisUrl() === undefined)(
  'signing keys are rotated twice under two workers and their load, by the command: no token is refused, no request fails',
  { timeout: 150_000 },
  async () => {
    const port = await freePort();
    const issuer = `http://localhost:${port}`;
    const env = { ...stores.env, WORKERS: '2', PORT: String(port), ISSUER: issuer, WAITING_ROOM: 'off' };
    const cluster = startProvider(stores.folder, env);
    primary = cluster;
    const logged = (message: string, times: number, after = 0): Promise<void> => seen(cluster, message, times, after);
    await logged('worker.ready', 2);

    // An hour is how long services may keep the JWKS; the next keys are made older than that.
    const keysFile = join(stores.folder, 'keys/signing.jwks');
    const rotate = (): void => {
      const aged = JSON.parse(readFileSync(keysFile, 'utf8')) as { keys: { created_at: string }[] };
      for (const key of aged.keys) key.created_at = new Date(Date.parse(key.created_at) - 7_200_000).toISOString();
      writeFileSync(keysFile, JSON.stringify(aged));
      execFileSync(process.execPath, [CLI, 'keys', 'rotate'], {
        cwd: stores.folder,
        env: { PATH: process.env['PATH'], ...env },
      });
    };
    const startAll = () => Promise.all(Array.from({ length: SERVICES }, () => startService(issuer, [port])));
    let services = await startAll();
    const kids = new Map<string, number>();
    const failures: string[] = [];
    const over = new AbortController();
    const visitors = services.map(async (_, at) => {
      while (!over.signal.aborted) {
        try {
          const kid = (await services[at]?.()) ?? '';
          kids.set(kid, (kids.get(kid) ?? 0) + 1);
        } catch (error) {
          failures.push(String(error));
        }
      }
    });
    for (let round = 0; round < 2; round += 1) {
      await sleep(1_000);
      const before = cluster.lines.length;
      rotate();
      // Each worker in its own time: for a while they sign with different keys.
      await logged('keys.reloaded', 2, before);
      await sleep(1_000);
      // Within the hour services read the JWKS anew.
      services = await startAll();
    }
    await sleep(1_000);
    over.abort();
    await Promise.all(visitors);

    expect(failures).toEqual([]);
    expect(kids.size).toBe(3);
    expect(Math.min(...kids.values())).toBeGreaterThan(5);
    const signIns = [...kids.values()].reduce((sum, count) => sum + count, 0);
    report('keys rotated twice, two workers', { 'sign-ins verified': signIns, refused: failures.length });
  },
);

async function seen({ lines }: ProviderProcess, message: string, times: number, after: number): Promise<void> {
  while (lines.slice(after).filter(({ msg }) => msg === message).length < times) await sleep(20);
}
