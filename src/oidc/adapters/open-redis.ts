import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { type CircuitBreaker, createCircuitBreaker } from '../../platform/circuit-breaker.ts';
import type { Log } from '../../platform/log.ts';
import { parseRedisUrl } from '../../platform/redis-url.ts';
import { isStoreOutage } from '../../platform/store-outage.ts';
import { REDIS_COMMANDS, type RedisCommands } from './redis-commands.ts';

export type OpenRedis = { redis: RedisCommands; close(): Promise<void> };

/** How long a command may take, and how long nobody asks after `failures` in a row that did not. */
const PATIENCE = { commandMs: 1_000, failures: 5, restMs: 1_000, startMs: 5_000 };

/** Fails fast, and connects again by itself: nothing waits in memory for a server that is away. */
const COMMON = {
  commandTimeout: PATIENCE.commandMs,
  connectTimeout: 2_000,
  enableOfflineQueue: false,
  // What was under way when the connection broke fails at once. Sent again it might be done twice.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
} satisfies RedisOptions;
const waitBefore = (times: number): number => Math.min(1_000, 25 * 2 ** Math.min(times, 10));

/** One server, a master that Sentinels name, or a cluster: @see `parseRedisUrl`. Returns once it is ready, or, so that a process can start while Redis is away,
 *  after some seconds. */
export async function openRedis(url: string, log: Log): Promise<OpenRedis> {
  const client = connect(url);
  client.on('error', (error: unknown) => {
    log.error({ err: error }, 'redis.connection_lost');
  });
  const breaker = createCircuitBreaker({
    ...PATIENCE,
    isFailure: (error) => isStoreOutage(error) && !isReply(error),
    onChange: (isOpen) => {
      if (isOpen) log.error('redis.circuit_opened');
      else log.info('redis.circuit_closed');
    },
  });
  const isReady = new Promise((resolve) => client.once('ready', resolve));
  await Promise.race([isReady, sleep(PATIENCE.startMs, undefined, { ref: false })]);
  return {
    redis: guarded(client, breaker),
    async close() {
      await client.quit().catch(() => {
        client.disconnect();
      });
    },
  };
}

function connect(url: string): Redis | Cluster {
  const target = parseRedisUrl(url);
  if (target === undefined) throw new Error('REDIS_URL cannot be read');
  const { hosts, username, password, isTls } = target;
  const access = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(isTls ? { tls: {} } : {}),
  };
  const shared = { ...COMMON, ...access };
  const reconnect = { retryStrategy: waitBefore, enableAutoPipelining: true, db: target.db };
  switch (target.kind) {
    case 'single':
      return new Redis({ ...shared, ...reconnect, ...hosts[0] });
    case 'sentinel':
      return new Redis({
        ...shared,
        ...reconnect,
        sentinels: hosts,
        name: target.master,
        enableTLSForSentinelMode: isTls,
        sentinelRetryStrategy: waitBefore,
        // A connection to the old master would go on, read-only, after a switch.
        failoverDetector: true,
        reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
      });
    case 'cluster':
      return new Cluster(hosts, {
        enableAutoPipelining: true,
        enableOfflineQueue: false,
        clusterRetryStrategy: waitBefore,
        // Together some three seconds, in which a replica takes over.
        maxRedirections: 16,
        retryDelayOnFailover: 200,
        retryDelayOnClusterDown: 200,
        redisOptions: shared,
      });
  }
}

/** The store answered, if only to say no. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

function guarded(client: Redis | Cluster, breaker: CircuitBreaker): RedisCommands {
  type Command = (...args: unknown[]) => Promise<unknown>;
  const commands = REDIS_COMMANDS.map((name) => {
    const send = (client[name] as Command).bind(client);
    return [name, (...args: unknown[]) => breaker.run(() => send(...args))];
  });
  return Object.fromEntries(commands) as RedisCommands;
}
