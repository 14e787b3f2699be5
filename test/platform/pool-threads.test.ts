import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { describe, expect, it } from 'vitest';
import { CoresRefused, keepPoolOn, lowerPoolPriority } from '../../src/platform/pool-threads.ts';

const TASKS = '/proc/self/task';
const threadsNamed = (...names: string[]): string[] =>
  readdirSync(TASKS).filter((thread) => names.includes(readFileSync(`${TASKS}/${thread}/comm`, 'utf8').trim()));
const pool = (): string[] => threadsNamed('libuv-worker');
const coresOf = (thread: string | number): string =>
  /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync(`${TASKS}/${thread}/status`, 'utf8'))?.[1] ?? '';

describe.runIf(process.platform === 'linux')('the threads that hash', () => {
  it('stand back behind the event loop, whatever priority that has', async () => {
    const before = getPriority();
    const lowered = await lowerPoolPriority();
    // Those of the engine, too, which compile and collect garbage.
    const helpers = threadsNamed('libuv-worker', 'V8Worker');
    expect(lowered).toBe(helpers.length);
    expect(lowered).toBeGreaterThan(pool().length);
    expect(getPriority()).toBe(before);
    for (const thread of helpers) expect(getPriority(Number(thread))).toBe(Math.min(before + 5, 19));
  });

  it('are kept on the cores that are named, and the event loop on all of its own', async () => {
    const before = coresOf(process.pid);
    // The last one that this process may use, wherever the tests run.
    const last = before.split(/[-,]/).at(-1) ?? '';
    await keepPoolOn(last);
    expect(pool().map(coresOf)).toEqual(pool().map(() => last));
    expect(coresOf(process.pid)).toBe(before);
  });

  it('refuse cores that the machine has not', async () => {
    await expect(keepPoolOn('4095')).rejects.toThrow(CoresRefused);
  });
});
