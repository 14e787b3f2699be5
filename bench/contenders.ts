import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type Config, loadConfig } from '../src/config.ts';
import { createTestDatabase, postgresUrl, redisUrl } from '../test/support/services.ts';
import type { Target } from './generator.ts';
import { freePort, type PinnedProcess, startPinned } from './pinned-process.ts';
import { fillRegister, type People } from './register.ts';

/** A server under test. */
export type Contender = {
  name: string;
  process: PinnedProcess;
  target: Target;
  /** From the start of the process to its first discovery answer, on data that is there. */
  coldStartMs: number;
  stop(): Promise<void>;
};

export type ContenderOptions = {
  cores: readonly number[];
  /** Node's, for every server alike. */
  nodeFlags: string[];
  visitors: number;
  smsGatewayUrl: string;
};

/** What of ours differs from its defaults, and why. Shown with the result. */
export const OUR_SETTINGS: Readonly<Record<string, { value: string; why: string }>> = {
  DEMO: { value: 'false', why: 'no demo processes beside the server' },
  SIGN_IN_TRIES_PER_ADDRESS: { value: '1000000', why: 'all visitors of the generator have one address' },
  SECRET_REQUESTS: { value: '2000', why: 'all visitors of the generator have one address' },
  SECRET_REQUESTS_PER_ADDRESS: { value: '2000', why: 'all visitors of the generator have one address' },
  WAITING_ROOM: { value: 'off', why: 'a closed loop is overload by intention; bench/surge.ts measures it' },
  ATTEMPTS_PER_ADDRESS_PER_HOUR: { value: '1000000', why: 'all visitors of the generator have one address' },
};

/** Sign-in without the price of hashing, as the floor has none; the full one is measured apart. */
const CHEAP_HASH = { ARGON2_MEMORY_KIB: '8', ARGON2_TIME_COST: '1' };

const ROOT = new URL('..', import.meta.url).pathname;

/** oidc-provider alone. */
export async function startFloor(kind: 'floor' | 'default', options: ContenderOptions): Promise<Contender> {
  const port = await freePort();
  const { process, coldStartMs } = await startServer(port, {
    args: [...options.nodeFlags, join(ROOT, 'bench/floor-server.ts')],
    cores: options.cores,
    env: { FLOOR_KIND: kind, PORT: String(port), NODE_ENV: 'production' },
    logFile: '/dev/null',
  });
  const people = Array.from({ length: options.visitors }, (_, index) => ({
    citizenId: `visitor-${index}`,
    phone: '',
    password: 'x',
  }));
  const target = { name: kind, issuer: `http://localhost:${port}`, people, pending: [] };
  return { name: kind, process, target, coldStartMs, stop: () => process.stop() };
}

export type OurOptions = {
  name: string;
  env?: Record<string, string>;
  hash: 'cheap' | 'real';
  pending?: number;
  cores?: readonly number[];
};

/** What it runs on, for those who look into its stores. */
export type OurContender = Contender & { config: Config };

/** Ours as `npm start` runs it, on data of its own. */
export async function startOurs(ours: OurOptions, options: ContenderOptions): Promise<OurContender> {
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-bench-'));
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const env = {
    ISSUER: issuer,
    PORT: String(port),
    SMS_GATEWAY_URL: options.smsGatewayUrl,
    SMS_GATEWAY_TOKEN: 'bench-gateway-token',
    ...Object.fromEntries(Object.entries(OUR_SETTINGS).map(([key, { value }]) => [key, value])),
    ...(ours.hash === 'cheap' ? CHEAP_HASH : {}),
    ...ours.env,
  };
  const loaded = loadConfig({ folder, env });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ key, problem }) => `${key} ${problem}`).join('; '));
  const wanted = { people: options.visitors, pending: ours.pending ?? 0 };
  const logFile = join(folder, 'server.log');
  const people: People = await fillRegister(loaded.config, wanted);
  const { process, coldStartMs } = await startServer(port, {
    args: [...options.nodeFlags, join(ROOT, 'src/start.js')],
    cores: ours.cores ?? options.cores,
    env,
    cwd: folder,
    logFile,
  });
  await untilAllServe(logFile, loaded.config.workers);
  return {
    name: ours.name,
    config: loaded.config,
    process,
    target: { name: ours.name, issuer, ...people },
    coldStartMs,
    async stop() {
      await process.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One of WORKERS answers before the others are there. */
async function untilAllServe(logFile: string, processes: number): Promise<void> {
  while (readFileSync(logFile, 'utf8').split('"provider.started"').length <= processes) await sleep(20);
}

/** What sets servers on the same services apart from others of the same run. */
export type ServiceVariant = {
  hash?: OurOptions['hash'];
  suffix?: string;
  env?: Record<string, string>;
  redisDatabase?: number;
  only?: 'postgres' | 'redis+postgres';
};

/** With TEST_DATABASE_URL and TEST_REDIS_URL: the other stores, each in a database of its own. */
export async function startServices(options: ContenderOptions, variant: ServiceVariant = {}): Promise<OurContender[]> {
  const { hash = 'cheap', suffix = '', redisDatabase = 0, only } = variant;
  const server = postgresUrl();
  if (server === undefined) return [];
  const started: OurContender[] = [];
  for (const [store, redis] of [
    ['postgres', undefined],
    ['redis+postgres', redisOf(redisDatabase)],
  ] as const) {
    if ((store !== 'postgres' && redis === undefined) || (only ?? store) !== store) continue;
    const name = store + suffix;
    const database = await createTestDatabase(server);
    const env = { ...variant.env, DATABASE_URL: database.url, ...(redis === undefined ? {} : { REDIS_URL: redis }) };
    const contender = await startOurs({ name, env, hash }, options);
    started.push({
      ...contender,
      async stop() {
        await contender.stop();
        await database.drop();
        if (redis !== undefined) await forget(redis);
      },
    });
  }
  return started;
}

function redisOf(number: number): string | undefined {
  const server = redisUrl();
  if (server === undefined || number === 0) return server;
  const url = new URL(server);
  url.pathname = `/${number}`;
  return url.href;
}

/** What the provider's keys begin with in Redis: nothing else of that server is touched. */
async function forget(url: string): Promise<void> {
  const redis = new Redis(url);
  for await (const keys of redis.scanStream({ match: 'dinhdanh:*', count: 1000 }) as AsyncIterable<string[]>)
    if (keys.length > 0) await redis.unlink(keys);
  await redis.quit();
}

async function startServer(
  port: number,
  options: Parameters<typeof startPinned>[0],
): Promise<{ process: PinnedProcess; coldStartMs: number }> {
  const begun = performance.now();
  const started = startPinned(options);
  for (;;) {
    if (started.child.exitCode !== null)
      throw new Error(`${options.args.join(' ')} ended with ${started.child.exitCode}`);
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/.well-known/openid-configuration`);
      await answer.arrayBuffer();
      if (answer.ok) return { process: started, coldStartMs: performance.now() - begun };
    } catch {
      // Not listening yet.
    }
    await sleep(5);
  }
}
