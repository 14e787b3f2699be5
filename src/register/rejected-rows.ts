import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { RowProblem } from './person-record.ts';

/** The list of refused rows beside the file they came from: line, field, reason; one line a reason, and no value of anybody's. */
export type RejectedRows = {
  readonly file: string;
  add(line: number, problems: readonly RowProblem[]): void;
  /** Puts what was added into the file. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

/** Through no link: the folder may be one in which others can put one while the file is read. */
const ANEW = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

/** Takes away the list of an earlier run; the file comes back with the first refused row. */
export async function createRejectedRows(file: string): Promise<RejectedRows> {
  await rm(file, { force: true });
  let waiting: { line: number; text: string }[] = [];
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const text = waiting.toSorted((a, b) => a.line - b.line).map((one) => one.text);
    waiting = [];
    if (handle === undefined) {
      handle = await open(file, ANEW, 0o600);
      await handle.write('line,field,reason\n');
    }
    await handle.write(text.join(''));
  };
  return {
    file,
    add(line, problems) {
      waiting.push(...problems.map(({ field, reason }) => ({ line, text: `${line},${field},${reason}\n` })));
    },
    flush,
    async close() {
      await flush();
      await handle?.close();
    },
  };
}
