import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createCircuitBreaker } from '../../src/platform/circuit-breaker.ts';
import { isStoreOutage, StoreUnavailable } from '../../src/platform/store-outage.ts';

const REST_MS = 50;
const away = () => Promise.reject(new Error('Command timed out'));
const there = () => Promise.resolve('here');

it('asks nobody after some failures in a row, tries once after a rest, and closes when that goes well', async () => {
  const changes: boolean[] = [];
  let asked = 0;
  const breaker = createCircuitBreaker({
    failures: 3,
    restMs: REST_MS,
    isFailure: isStoreOutage,
    onChange: (isOpen) => changes.push(isOpen),
  });
  const ask = (work: () => Promise<string>): Promise<string> =>
    breaker.run(() => {
      asked += 1;
      return work();
    });
  const settle = async (works: (() => Promise<string>)[]): Promise<string[]> =>
    (await Promise.allSettled(works.map(ask))).map((one) =>
      one.status === 'fulfilled' ? one.value : one.reason instanceof StoreUnavailable ? 'not asked' : 'failed',
    );

  expect(await settle([away, away])).toEqual(['failed', 'failed']);
  // An answer between them: they were not in a row.
  expect(await settle([there])).toEqual(['here']);
  expect(await settle([away, away, away])).toEqual(['failed', 'failed', 'failed']);
  expect(changes).toEqual([true]);
  expect(await settle([there, there])).toEqual(['not asked', 'not asked']);
  expect(asked).toBe(6);

  await sleep(REST_MS + 5);
  expect(await settle([away, there])).toEqual(['failed', 'not asked']);
  expect(await settle([there])).toEqual(['not asked']);
  await sleep(REST_MS + 5);
  expect(await settle([there])).toEqual(['here']);
  expect(await settle([there, there])).toEqual(['here', 'here']);
  expect(changes).toEqual([true, false]);
});

it('takes an answer that says no for an answer', async () => {
  const breaker = createCircuitBreaker({ failures: 1, restMs: REST_MS, isFailure: isStoreOutage });
  const refuse = () => Promise.reject(new Error('WRONGTYPE'));
  await expect(breaker.run(refuse)).rejects.toThrow('WRONGTYPE');
  await expect(breaker.run(there)).resolves.toBe('here');
});
