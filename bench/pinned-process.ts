import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** A child process on given cores, with what it has used so far. */
export type PinnedProcess = {
  child: ChildProcess;
  /** CPU of all its threads and of the processes it started, in milliseconds. */
  cpuMs(): number;
  /** Of it what its event loop took, and what the threads of libuv's pool did, which hash; without the processes it started. */
  partsMs(): { loop: number; pool: number };
  /** Of it and of the processes it started, itself first: a primary and its workers. */
  residentMibs(): number[];
  /** Puts its process number `index`, in that order, with all its threads on other cores. */
  move(index: number, cores: readonly number[]): void;
  stop(): Promise<void>;
};

export const canPin = works('taskset', '--version');
/** Whether a process may go before all others of its core, whatever they do. */
export const canGoFirst = works('chrt', '--fifo', '1', 'true');

function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export type ProcessOptions = {
  /** Of node and after it: flags, the file, its arguments. */
  args: string[];
  /** Instead of node. */
  command?: string;
  cores: readonly number[];
  env?: Record<string, string>;
  cwd?: string;
  /** Where its standard output goes; errors are shown. */
  logFile?: string;
};

export function startPinned(options: ProcessOptions): PinnedProcess {
  const { args, command = process.execPath, cores, env = {}, cwd, logFile } = options;
  const [file, ...rest] = canPin ? ['taskset', '-c', cores.join(','), command, ...args] : [command, ...args];
  const child = spawn(file, rest, {
    env: { ...inherited(), ...env },
    ...(cwd === undefined ? {} : { cwd }),
    // Straight into the file: through a pipe this process would do part of the server's work.
    stdio: ['ignore', logFile === undefined ? 'inherit' : openSync(logFile, 'a'), 'inherit', 'ipc'],
  });
  const { pid } = child;
  return {
    child,
    cpuMs: () => sum(family(pid ?? 0).map(cpuOf)),
    partsMs: () => ({ loop: runTimeOf(`/proc/${pid}/task/${pid}/schedstat`), pool: poolMsOf(pid ?? 0) }),
    residentMibs: () => family(pid ?? 0).map(residentMib),
    move(index, to) {
      const moved = String(family(pid ?? 0)[index]);
      if (canPin) execFileSync('taskset', ['-acp', to.join(','), moved], { stdio: 'ignore' });
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await gone;
      clearTimeout(late);
    },
  };
}

/** Nothing of the caller's environment may change what is measured. */
function inherited(): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }) };
}

/** A process and all that come of it. */
function family(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(family)];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function residentMib(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
}

/** Of all its threads, in milliseconds. */
export function cpuOf(pid: number): number {
  // Nanoseconds a thread has run, first field. @see Documentation/scheduler/sched-stats.rst
  const threads = readdirSync(`/proc/${pid}/task`);
  return sum(threads.map((thread) => runTimeOf(`/proc/${pid}/task/${thread}/schedstat`)));
}

function poolMsOf(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  const pool = readdirSync(tasks).filter((thread) =>
    readFileSync(`${tasks}/${thread}/comm`, 'utf8').startsWith('libuv'),
  );
  return sum(pool.map((thread) => runTimeOf(`${tasks}/${thread}/schedstat`)));
}

function runTimeOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    // The thread ended between the two looks.
    return 0;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
