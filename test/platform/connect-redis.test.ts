import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { connectRedis, untilReady } from '../../src/platform/connect-redis.ts';
import { redisUrl } from '../support/services.ts';

/** Of Redis. */
const BUSY_FOR = `local function now() local t = redis.call('time') return t[1] * 1000000 + t[2] end
local over = now() + 50000
while now() < over do end
return 'done'`;

describe.skipIf(redisUrl() === undefined)('a command to Redis', () => {
  it('is not given up for a process that was busy itself, when the answer is there', async () => {
    const redis = connectRedis(redisUrl() as string);
    try {
      await untilReady(redis, 20_000);
      const asked = redis.eval(BUSY_FOR, 0);
      await sleep(5);
      // What stalls from here on ends right before the timers.
      await nextTurn();
      const until = performance.now() + 1_200;
      while (performance.now() < until);
      expect(await asked).toBe('done');
    } finally {
      redis.disconnect();
    }
  });
});
