import { write, writeSync } from 'node:fs';

/** Lines wait so long for others to travel with. */
const FLUSH_MS = 50;
/** Characters; fewer when the time is up. */
const BATCH = 32_768;
const BUSY_MS = 20;

/** Writes lines to a file many at a time, in order, and the last of them when the process ends of itself. pino's own destination can wait for many as well, but then
 *  measures all that waits anew with each line, which costs four times what it costs to make one.
 *  @see node_modules/sonic-boom/index.js `write`: Buffer.byteLength of the last piece */
export function lineBatches(file: number): { write(line: string): void } {
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  let isWriting = false;
  let isBroken = false;

  const send = (bytes: Buffer): void => {
    write(file, bytes, (error, written) => {
      // Nobody reads any more, and there is nowhere to say so.
      isBroken = error !== null && !isBusy(error);
      const left = error === null ? bytes.subarray(written) : bytes;
      if (error !== null && !isBroken) setTimeout(send, BUSY_MS, left);
      else if (left.length > 0 && !isBroken) send(left);
      else {
        isWriting = false;
        if (waiting.length >= BATCH) passOn();
        else if (waiting !== '') passOnSoon();
      }
    });
  };
  const passOn = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (isWriting || waiting === '') return;
    const lines = Buffer.from(waiting);
    waiting = '';
    isWriting = !isBroken;
    if (isWriting) send(lines);
  };
  const passOnSoon = (): void => {
    timer ??= setTimeout(passOn, FLUSH_MS).unref();
  };
  process.on('beforeExit', passOn);
  process.on('exit', () => {
    if (!isBroken) writeNow(file, waiting);
  });
  return {
    write(line) {
      waiting += line;
      if (waiting.length >= BATCH) passOn();
      else passOnSoon();
    },
  };
}

/** Before the process is gone. */
function writeNow(file: number, text: string): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let left = Buffer.from(text); left.length > 0; )
    try {
      left = left.subarray(writeSync(file, left));
    } catch (error) {
      if (!isBusy(error)) return;
      Atomics.wait(clock, 0, 0, BUSY_MS);
    }
}

/** A pipe that is full. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
