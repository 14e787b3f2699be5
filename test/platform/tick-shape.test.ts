import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const MODULE = join(import.meta.dirname, '../../src/tick-shape.js');

/** In a process of its own: what it keeps is kept for good. */
async function outputOf(program: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    '--allow-natives-syntax',
    '--input-type=module',
    '--eval',
    `import { createHook } from 'node:async_hooks';
     const { keepTickShape } = await import(${JSON.stringify(MODULE)});
     ${program}`,
  ]);
  return stdout.trim().split('\n');
}

describe('The layout of what Node makes for each tick', () => {
  it('outlives a collection that finds no tick, since one of them is kept', async () => {
    const [before, after] = await outputOf(`
      const kept = keepTickShape();
      const next = () => new Promise((resolve) => {
        const hook = createHook({ init: (id, type, trigger, tick) => { if (type === 'TickObject') resolve(tick); } }).enable();
        process.nextTick(() => undefined);
        hook.disable();
      });
      console.log(%HaveSameMap(kept, await next()));
      await gc({ type: 'major', execution: 'async', flavor: 'last-resort' });
      console.log(%HaveSameMap(kept, await next()));
    `);
    expect([before, after]).toEqual(['true', 'true']);
  });

  it('is kept by one object, and nothing is watched any more', async () => {
    const [isOne] = await outputOf(`
      const kept = keepTickShape();
      await new Promise((resolve) => process.nextTick(resolve));
      console.log(keepTickShape() === kept && typeof kept.callback === 'function');
    `);
    expect(isOne).toBe('true');
  });
});
