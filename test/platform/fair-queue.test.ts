import { describe, expect, it } from 'vitest';
import { createFairQueue } from '../../src/platform/fair-queue.ts';

const limits = { concurrency: 1, mostInside: 8, mostInsideEach: 3 };

describe('a queue in which no one stands in everybody else’s way', () => {
  it('lets those who wait take turns, however much one of them asks for', async () => {
    const queue = createFairQueue(limits);
    const order: string[] = [];
    const ask = (who: string): Promise<void> =>
      queue.run(who, async () => {
        order.push(who);
      });
    await Promise.all(['flood', 'flood', 'flood', 'flood', 'citizen', 'neighbour', 'citizen'].map(ask));
    expect(order).toEqual(['flood', 'flood', 'citizen', 'neighbour', 'flood', 'citizen', 'flood']);
    expect(queue.waiting()).toBe(0);
  });

  it('runs no more at once than it was told', async () => {
    const queue = createFairQueue({ ...limits, concurrency: 3 });
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => queue.run(`address ${index % 4}`, work)));
    expect(most).toBe(3);
  });

  it('lets in a few of each address, and keeps half of its places for addresses that have none', () => {
    const queue = createFairQueue(limits);
    const enter = (who: string, times: number): number =>
      Array.from({ length: times }, () => queue.enter(who)).filter((leave) => leave !== undefined).length;
    expect([enter('flood', 10), enter('flood too', 10)]).toEqual([3, 1]);
    expect(['a', 'b', 'c', 'd', 'e'].map((who) => enter(who, 2))).toEqual([1, 1, 1, 1, 0]);
  });

  it('gives a place back once, whoever says it twice', () => {
    const queue = createFairQueue({ ...limits, mostInsideEach: 1 });
    const leave = queue.enter('a');
    expect(queue.enter('a')).toBeUndefined();
    leave?.();
    leave?.();
    const [first, second] = [queue.enter('a'), queue.enter('a')];
    expect([first === undefined, second === undefined]).toEqual([false, true]);
  });
});
