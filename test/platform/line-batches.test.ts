import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';

const MODULE = new URL('../../src/platform/line-batches.ts', import.meta.url).href;

/** A process that writes so many lines to its standard output, and then does `then`. */
function writer(lines: number, then: string): ReturnType<typeof spawn> {
  const program = `import { lineBatches } from '${MODULE}';
    const output = lineBatches(1);
    for (let at = 0; at < ${lines}; at += 1) output.write('line ' + at + '\\n');
    ${then}`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function readAll(child: ReturnType<typeof spawn>): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, 'close');
  return text;
}

const expected = (lines: number): string => Array.from({ length: lines }, (_, at) => `line ${at}\n`).join('');

describe('Lines that travel together', () => {
  it.each([
    ['comes to its end', ''],
    ['is ended', 'process.exit(0);'],
    ['breaks', "throw new Error('broken');"],
    ['is ended after a while', 'setTimeout(() => process.exit(0), 150);'],
  ])('are all there, in order, when the process %s', async (_, then) => {
    for (const lines of [1, 3, 20_000]) expect(await readAll(writer(lines, then))).toBe(expected(lines));
  });

  it('wait for whoever reads slowly', async () => {
    const child = writer(200_000, '');
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    expect(await readAll(child)).toBe(expected(200_000));
  });

  it('leave while the process goes on', async () => {
    const child = writer(2, 'setInterval(() => undefined, 1_000);');
    const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    expect(chunk.toString()).toBe(expected(2));
    child.kill();
  });

  it('are missed by nobody, and stop nothing, when nobody reads any more', async () => {
    const child = writer(20_000, "setTimeout(() => process.stderr.write('goes on'), 300);");
    child.stdout?.destroy();
    const [chunk] = (await once(child.stderr as NodeJS.ReadableStream, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('goes on');
    expect((await once(child, 'exit'))[0]).toBe(0);
  });
});
