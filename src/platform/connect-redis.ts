import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, Command, Redis, type RedisOptions } from 'ioredis';
import { parseRedisUrl } from './redis-url.ts';

/** Fails fast, and connects again by itself: nothing waits in memory for a server that is away. */
const COMMON = {
  commandTimeout: 1_000,
  connectTimeout: 2_000,
  enableOfflineQueue: false,
  // What was under way when the connection broke fails at once. Sent again it might be done twice.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
} satisfies RedisOptions;
/** A process that was busy itself for longer than that reads what came meanwhile, and only then gives up: the library's own timer comes before the sockets in a turn of the event
 *  loop, so that a stall of ours counted as a silence of Redis, and cost a code that was being redeemed. @see node_modules/ioredis/built/Command.js, `setTimeout` */
Command.prototype.setTimeout = function giveUpAfter(ms) {
  const command = this as unknown as Timed;
  command._commandTimeoutTimer ??= setTimeout(() => {
    setImmediate(() => {
      if (!command.isSettled) command.reject(new Error('Command timed out'));
    });
  }, ms);
};

/** What the library keeps to itself; it clears the timer when the answer comes. */
type Timed = { _commandTimeoutTimer?: NodeJS.Timeout; isSettled: boolean; reject(error: Error): void };

const waitBefore = (times: number): number => Math.min(1_000, 25 * 2 ** Math.min(times, 10));

/** One server, a master that Sentinels name, or a cluster: @see `parseRedisUrl`. */
export function connectRedis(url: string): Redis | Cluster {
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

/** Waits until it can be asked, but not for ever: a process can start while Redis is away. */
export async function untilReady(client: Redis | Cluster, mostMs: number): Promise<void> {
  const isReady = new Promise((resolve) => client.once('ready', resolve));
  await Promise.race([isReady, sleep(mostMs, undefined, { ref: false })]);
}
