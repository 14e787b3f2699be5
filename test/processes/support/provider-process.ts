import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createTestDatabase, postgresUrl, redisUrl } from '../../support/services.ts';

const START = join(import.meta.dirname, '../../../src/start.js');

export type ProviderProcess = {
  child: ChildProcess;
  /** Every log line so far. */
  lines: Record<string, unknown>[];
  /** Waits for a log line with this message, from the `after`th line on. */
  logged(message: string, after?: number): Promise<Record<string, unknown>>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

/** A PostgreSQL database and a folder of this test's own; a Redis database that no other file of tests uses, of which only our keys are touched. */
export async function makeStores(
  redisDatabase: number,
): Promise<{ env: Record<string, string>; folder: string; discard(): Promise<void> }> {
  const database = await createTestDatabase(postgresUrl() as string);
  const redis = new URL(redisUrl() as string);
  redis.pathname = `/${redisDatabase}`;
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-processes-'));
  return {
    env: { DATABASE_URL: database.url, REDIS_URL: redis.href },
    folder,
    async discard() {
      await database.drop();
      const client = new Redis(redis.href);
      for await (const keys of client.scanStream({ match: 'dinhdanh:*', count: 500 }) as AsyncIterable<string[]>)
        if (keys.length > 0) await client.unlink(keys);
      await client.quit();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `npm start` in a folder of its own. */
export function startProvider(folder: string, env: Record<string, string>): ProviderProcess {
  const child = spawn(process.execPath, ['--max-semi-space-size=16', START], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      DEMO: 'false',
      SYNTHETIC_PEOPLE: '0',
      ARGON2_MEMORY_KIB: '8',
      ARGON2_TIME_COST: '1',
      LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Record<string, unknown>[] = [];
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts.filter((one) => one.startsWith('{')))
      lines.push(JSON.parse(line) as Record<string, unknown>);
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return {
    child,
    lines,
    async logged(message, after = 0) {
      for (;;) {
        const found = lines.slice(after).find(({ msg }) => msg === message);
        if (found !== undefined) return found;
        const end = child.exitCode ?? child.signalCode;
        if (end !== null) throw new Error(`it ended with ${end} instead: ${errors}`);
        await sleep(20);
      }
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const gone = once(child, 'exit');
      child.kill(signal);
      const [code] = (await gone) as [number | null];
      return code;
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
