import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { getPriority, setPriority } from 'node:os';
import { promisify } from 'node:util';

const TASKS = '/proc/self/task';
/** A third of the event loop's share of a core that both want. */
const STAND_BACK = 5;
const LEAST_PRIORITY = 19;

/** libuv's pool, which hashes. */
const HASHING = ['libuv-worker'];
/** V8's, which compiles what is often run and helps to collect garbage. */
const ENGINE = ['V8Worker'];

/** libuv's own number, two of which stay for files and names however many hash. */
const USUAL_POOL = 4;
const NOT_HASHING = 2;

/** As many threads as hashes at once need. Before the pool has begun; who has set UV_THREADPOOL_SIZE knows better.
 *  @see https://docs.libuv.org/en/v1.x/threadpool.html */
export function sizePool(hashesAtOnce: number): void {
  // oxlint-disable-next-line no-restricted-properties -- libuv's own, which it reads when its pool begins
  process.env['UV_THREADPOOL_SIZE'] ??= String(Math.max(USUAL_POOL, hashesAtOnce + NOT_HASHING));
}

/** Lets the threads that hash stand back behind the event loop where they have to share a core with it: a hash takes milliseconds anyway, and a token or a waiting page should not
 *  wait for it. On Linux, where a thread has a priority of its own; elsewhere nothing. @returns how many. */
export function lowerPoolPriority(): Promise<number> {
  return lowerThreads(HASHING);
}

const COMPILED_MS = 30_000;

/** The engine's threads stand back as well, once they have compiled what is often run: until then all that is asked costs up to three times as much, and the sooner they are done the better.
 *  @returns how not to. */
export function lowerEngineSoon(): () => void {
  // Without files to look with it stays as it was.
  const timer = setTimeout(() => void lowerEnginePriority().catch(() => undefined), COMPILED_MS).unref();
  return () => clearTimeout(timer);
}

export function lowerEnginePriority(): Promise<number> {
  return lowerThreads(ENGINE);
}

async function lowerThreads(names: readonly string[]): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const behind = Math.min(getPriority() + STAND_BACK, LEAST_PRIORITY);
  return (await threadsNamed(names)).filter((thread) => lower(thread, behind)).length;
}

/** Where the system forbids it, it stays as it was. @returns whether it was lowered. */
function lower(thread: number, priority: number): boolean {
  try {
    setPriority(thread, priority);
    return true;
  } catch {
    return false;
  }
}

/** Keeps the threads of libuv's pool on some cores, so that what they hash is never where the event loop may be alone. By util-linux's `taskset`, since Node cannot.
 *  @param cores as `taskset` takes them: `1-3,6`.  @throws CoresRefused where the system cannot or will not. */
export async function keepPoolOn(cores: string): Promise<void> {
  try {
    for (const thread of await threadsNamed(HASHING))
      await promisify(execFile)('taskset', ['-pc', cores, String(thread)]);
  } catch (cause) {
    throw new CoresRefused('the threads that hash cannot be kept on these cores', { cause });
  }
}

export class CoresRefused extends Error {
  readonly code = 'CORES_REFUSED';
}

async function threadsNamed(names: readonly string[]): Promise<number[]> {
  const found: number[] = [];
  // Reading this has started the pool.
  for (const thread of await readdir(TASKS)) {
    // It may have ended meanwhile.
    const name = await readFile(`${TASKS}/${thread}/comm`, 'utf8').catch(() => '');
    if (names.includes(name.trim())) found.push(Number(thread));
  }
  return found;
}
