import { createInterface } from 'node:readline/promises';

/** Prints data as JSON or as text on standard output; everything else a command says goes to standard error. */
export function printTo(isJson: boolean): (data: unknown, text: string) => void {
  return (data, text) => void process.stdout.write(`${isJson ? JSON.stringify(data, null, 2) : text}\n`);
}

/** Rows of text in columns as wide as their widest cell. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, cell.length);
    });
  }
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One line from standard input; a person at a terminal is asked for it on standard error. Numbers of people come this way: what stands on the
 *  command line is seen by everybody on the machine and kept in the shell's history. */
export async function readLine(question: string): Promise<string> {
  const isTerminal = process.stdin.isTTY;
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: isTerminal });
  try {
    if (isTerminal) return await lines.question(`${question}: `);
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
  }
}

/** A line on standard error that is written over on a terminal, and now and then a line of its own elsewhere. */
export function createProgressLine(): { show(text: string): void; end(): void } {
  const isTerminal = process.stderr.isTTY;
  const leastMillis = isTerminal ? 200 : 5_000;
  let shownAt = 0;
  return {
    show(text) {
      const now = performance.now();
      if (shownAt !== 0 && now - shownAt < leastMillis) return;
      shownAt = now;
      process.stderr.write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
    },
    end() {
      if (isTerminal && shownAt !== 0) process.stderr.write('\r\u001b[K');
    },
  };
}
