/** What keeps a server from its core: the machine itself, which takes it away from everybody, and whoever else runs on it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { canGoFirst, canPin, cpuOf } from './pinned-process.ts';
import type { Stall } from './stall-meter.ts';

export type StallMeters = {
  /** Those on any of the cores since it was asked last; undefined where no process may go first. */
  read(): Promise<Stall[] | undefined>;
  stop(): void;
};

export function startStallMeters(cores: readonly number[]): StallMeters {
  const file = new URL('stall-meter.ts', import.meta.url).pathname;
  // Before a generator that goes first, too. With one thread alone, as such a generator.
  const startOn = (core: number): ChildProcess =>
    spawn('taskset', ['-c', String(core), 'chrt', '--fifo', '2', process.execPath, '--single-threaded', file], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  const meters = canPin && canGoFirst ? cores.map(startOn) : [];
  const readOne = async (meter: ChildProcess): Promise<Stall[]> => {
    const answer = once(meter, 'message') as Promise<[Stall[]]>;
    meter.send('read');
    return (await answer)[0];
  };
  return {
    read: async () => (meters.length === 0 ? undefined : (await Promise.all(meters.map(readOne))).flat()),
    stop() {
      for (const meter of meters) meter.disconnect();
    },
  };
}

/** So long before and after a stall flows may still feel it. */
const AROUND_MS = 50;

/** @param dueMs by the clock of the stalls. */
export function isNearStall(stalls: readonly Stall[], dueMs: number): boolean {
  return stalls.some(([from, to]) => from < dueMs + AROUND_MS && to > dueMs - AROUND_MS);
}

/** Milliseconds since the start of each. */
export type CoreUse = {
  /** That the event loop of the server stood in line for a core, behind its own helpers or others. */
  waited: number;
  /** That its core worked for others than the server. */
  others: number;
};

/** Of a server on a core of its own. */
export function coreUseOf(pid: number, core: number): CoreUse {
  // @see Documentation/scheduler/sched-stats.rst
  const [, waited = '0'] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
  return { waited: Number(waited) / 1e6, others: busyMs(core) - cpuOf(pid) };
}

/** In hundredths of a second. @see https://man7.org/linux/man-pages/man5/proc_stat.5.html */
function busyMs(core: number): number {
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(' ').map(Number);
  return (user + nice + system + irq + softirq + steal) * 10;
}
