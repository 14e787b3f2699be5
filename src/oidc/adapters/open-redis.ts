import type { Cluster, Redis } from 'ioredis';
import { type CircuitBreaker, createCircuitBreaker } from '../../platform/circuit-breaker.ts';
import { connectRedis, untilReady } from '../../platform/connect-redis.ts';
import type { Log } from '../../platform/log.ts';
import { isStoreOutage } from '../../platform/store-outage.ts';
import { REDIS_COMMANDS, type RedisCommands } from './redis-commands.ts';

export type OpenRedis = { redis: RedisCommands; isCircuitOpen: () => boolean; close(): Promise<void> };

/** How often in a row it may fail, and how long nobody asks it then. */
const PATIENCE = { failures: 5, restMs: 1_000, startMs: 5_000 };

/** Returns once it is ready, or, so that a process can start while Redis is away, after some seconds. */
export async function openRedis(url: string, log: Log): Promise<OpenRedis> {
  const client = connectRedis(url);
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
  await untilReady(client, PATIENCE.startMs);
  return {
    redis: guarded(client, breaker),
    isCircuitOpen: breaker.isOpen,
    async close() {
      await client.quit().catch(() => {
        client.disconnect();
      });
    },
  };
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
