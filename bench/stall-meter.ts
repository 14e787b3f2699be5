/** Notices when the machine takes a core away: a process pinned to it that goes before all others there and wakes each millisecond, so that what comes late to it is late for
 *  everybody. Told anything, it tells the stalls since it was asked last. */
import { setImmediate } from 'node:timers/promises';
import { monotonicOffsetMs } from './monotonic.ts';

/** By the clock that all processes share, in milliseconds. */
export type Stall = readonly [from: number, to: number];

const WAIT_MS = 1;
/** Less is a wake-up's own jitter. */
const LEAST_MS = 1;
const WAITS_BETWEEN_MESSAGES = 20;

const never = new Int32Array(new SharedArrayBuffer(4));
let stalls: Stall[] = [];
process.on('message', () => {
  process.send?.(stalls);
  stalls = [];
});
process.on('disconnect', () => process.exit(0));
for (;;) {
  for (let count = 0; count < WAITS_BETWEEN_MESSAGES; count += 1) {
    const due = performance.now() + WAIT_MS;
    Atomics.wait(never, 0, 0, WAIT_MS);
    const woken = performance.now();
    if (woken - due >= LEAST_MS) stalls.push([due + monotonicOffsetMs, woken + monotonicOffsetMs]);
  }
  await setImmediate();
}
