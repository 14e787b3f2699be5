import { getPriority } from 'node:os';
import { expect, it } from 'vitest';
import { lowerPoolPriority } from '../../src/platform/pool-priority.ts';

it.runIf(process.platform === 'linux')('hashing stands back behind the event loop', async () => {
  const before = getPriority();
  expect(await lowerPoolPriority()).toBeGreaterThan(0);
  expect(getPriority()).toBe(before);
});
