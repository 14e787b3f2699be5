import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export type Ran = { code: number | null; out: string; err: string };

/** A folder of its own for the command line: data/, keys/ and .env lie there. */
export type CliFolder = {
  path: string;
  run(args: readonly string[], options?: { input?: string; env?: Record<string, string> }): Promise<Ran>;
  /** The answer of a command with --json. */
  json<T>(args: readonly string[], options?: { input?: string }): Promise<T>;
  start(args: readonly string[]): ChildProcess;
  remove(): void;
};

export function makeCliFolder(): CliFolder {
  const path = mkdtempSync(join(tmpdir(), 'dinhdanh-cli-'));
  const env = { PATH: process.env['PATH'], HOME: path, LOG_LEVEL: 'silent', PORT: '0', SYNTHETIC_PEOPLE: '0' };
  const start = (args: readonly string[], more: Record<string, string> = {}): ChildProcess =>
    spawn(process.execPath, [MAIN, ...args], { cwd: path, env: { ...env, ...more }, stdio: 'pipe' });
  const run: CliFolder['run'] = (args, options = {}) =>
    new Promise((resolve, reject) => {
      const child = start(args, options.env);
      const text = { out: '', err: '' };
      child.stdout?.on('data', (piece: Buffer) => (text.out += piece.toString()));
      child.stderr?.on('data', (piece: Buffer) => (text.err += piece.toString()));
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, ...text }));
      child.stdin?.end(options.input ?? '');
    });
  return {
    path,
    run,
    start: (args) => start(args),
    async json<T>(args: readonly string[], options = {}) {
      const ran = await run([...args, '--json'], options);
      try {
        return JSON.parse(ran.out) as T;
      } catch {
        throw new Error(`no JSON from ${args.join(' ')}: ${ran.err}`);
      }
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
