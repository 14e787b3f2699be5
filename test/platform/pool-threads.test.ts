import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { describe, expect, it } from 'vitest';
import { CoresRefused, keepPoolOn, lowerEnginePriority, lowerPoolPriority } from '../../src/platform/pool-threads.ts';

const TASKS = '/proc/self/task';
const threadsNamed = (...names: string[]): string[] =>
  readdirSync(TASKS).filter((thread) => names.includes(readFileSync(`${TASKS}/${thread}/comm`, 'utf8').trim()));
const pool = (): string[] => threadsNamed('libuv-worker');
const coresOf = (thread: string | number): string =>
  /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync(`${TASKS}/${thread}/status`, 'utf8'))?.[1] ?? '';

describe.runIf(process.platform === 'linux')('the threads that hash', () => {
  it('stand back behind the event loop, whatever priority that has, and those of the engine when they are told', async () => {
    const before = getPriority();
    const behind = Math.min(before + 5, 19);
    const engine = threadsNamed('V8Worker');
    const ofEngine = engine.map((thread) => getPriority(Number(thread)));
    expect(await lowerPoolPriority()).toBe(pool().length);
    expect(pool().length).toBeGreaterThan(0);
    for (const thread of pool()) expect(getPriority(Number(thread))).toBe(behind);
    expect(engine.map((thread) => getPriority(Number(thread)))).toEqual(ofEngine);
    expect(await lowerEnginePriority()).toBe(engine.length);
    expect(engine.length).toBeGreaterThan(0);
    for (const thread of engine) expect(getPriority(Number(thread))).toBe(behind);
    expect(getPriority()).toBe(before);
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
