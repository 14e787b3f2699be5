import { expect, it } from 'vitest';
import type { PageContext, PageHandler } from '../../src/web/page-context.ts';
import { room } from '../../src/web/room.ts';

it('A room is opened once, by who comes first, and again only where that failed', async () => {
  let tries = 0;
  const shown: string[] = [];
  const { show } = room<{ show: PageHandler }>(async () => {
    tries += 1;
    await Promise.resolve();
    if (tries === 1) throw new Error('a file could not be read');
    return { show: (ctx) => void shown.push(ctx.path) };
  });
  const come = async (path: string): Promise<void> => show({ path } as PageContext);
  expect(tries).toBe(0);
  await expect(come('/first')).rejects.toThrow('a file');
  await Promise.all([come('/second'), come('/third')]);
  expect([tries, shown]).toEqual([2, ['/second', '/third']]);
});
