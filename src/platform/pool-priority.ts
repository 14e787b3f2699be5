import { readdir, readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';

const TASKS = '/proc/self/task';
/** A third of the event loop's share of a core that both want. */
const NICE = 5;

/** Lets the threads of libuv's pool, which hash, stand back behind the event loop where they have to share a core with it: a hash takes milliseconds anyway, a token or
 *  a waiting page should not wait for it. On Linux, where a thread has a priority of its own; elsewhere nothing. @returns how many. */
export async function lowerPoolPriority(): Promise<number> {
  if (process.platform !== 'linux') return 0;
  let lowered = 0;
  // Reading this has started the pool.
  for (const thread of await readdir(TASKS)) {
    // It may have ended meanwhile.
    const name = await readFile(`${TASKS}/${thread}/comm`, 'utf8').catch(() => '');
    if (!name.startsWith('libuv-worker')) continue;
    if (lower(Number(thread))) lowered += 1;
  }
  return lowered;
}

/** Where the system forbids it, it stays as it was. @returns whether it was lowered. */
function lower(thread: number): boolean {
  try {
    setPriority(thread, NICE);
    return true;
  } catch {
    return false;
  }
}
