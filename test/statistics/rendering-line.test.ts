import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { renderingLine } from '../../src/statistics/open/rendering-line.ts';

it('lets in so many of one address and so many of all, and each again when one is done', async () => {
  const line = renderingLine(100);
  const letIn = (address: string, times: number) => Array.from({ length: times }, () => line.enter(address));
  const own = letIn('a', 40);
  expect(own.filter((place) => place !== undefined)).toHaveLength(30);
  const others = Array.from({ length: 40 }, (_, index) => line.enter(`b${index}`));
  expect(others.filter((place) => place !== undefined)).toHaveLength(30);
  await own[0]?.(() => Promise.resolve());
  expect(line.enter('c')).toBeDefined();
  expect(line.enter('d')).toBeUndefined();
});

it('writes one at a time, addresses taking turns', async () => {
  const line = renderingLine(100);
  const done: string[] = [];
  let inside = 0;
  const write = (name: string) => async () => {
    inside += 1;
    expect(inside).toBe(1);
    await sleep(1);
    inside -= 1;
    done.push(name);
  };
  const each = ['a1', 'a2', 'a3', 'b1'].map(async (name) => line.enter(name.slice(0, 1))?.(write(name)));
  await Promise.all(each);
  expect(done).toEqual(['a1', 'a2', 'b1', 'a3']);
});

it('goes on after a failure', async () => {
  const line = renderingLine(100);
  await expect(line.enter('a')?.(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(line.enter('a')?.(() => Promise.resolve('yes'))).resolves.toBe('yes');
});

it('takes no more than its share of the time, but for what it has saved', async () => {
  const line = renderingLine(10);
  const startedAt = performance.now();
  let usedMs = 0;
  const work = async (): Promise<void> => {
    const from = performance.now();
    await sleep(400);
    usedMs += performance.now() - from;
  };
  // Two seconds are saved: a tenth of twenty.
  for (let times = 0; times < 6; times += 1) await line.enter('a')?.(work);
  await line.enter('a')?.(() => Promise.resolve());
  expect(performance.now() - startedAt).toBeGreaterThan((usedMs - 2_000) / 0.1 - 50);
}, 30_000);
