import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const FAULTS = join(import.meta.dirname, 'faults');

type Diagnostic = { filename: string; code: string };

/** oxlint exits 1 when it finds something; what it found is on stdout all the same. */
async function lint(cwd: string, ...options: readonly string[]): Promise<Diagnostic[]> {
  const oxlint = join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const run = promisify(execFile)(process.execPath, [oxlint, '-f', 'json', ...options], { cwd });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  return (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics;
}

/** One file in faults/ each, with nothing else wrong in it, and the rule that must find it. */
const CAUGHT_BY: Readonly<Record<string, string>> = {
  'async-for-each': 'no-misused-promises',
  'next-without-await': 'no-floating-promises',
  'non-exhaustive-switch': 'switch-exhaustiveness-check',
  'promise-as-condition': 'no-misused-promises',
  'promise-in-a-template': 'restrict-template-expressions',
  'promise-returned-inside-try': 'return-await',
  'unawaited-knex-builder': 'no-floating-promises',
  'unawaited-own-function': 'no-floating-promises',
  'unawaited-provider-call': 'no-floating-promises',
};

describe('the faults that cost most on this stack', () => {
  let diagnostics: Diagnostic[];
  beforeAll(async () => {
    diagnostics = await lint(ROOT, '-c', join(FAULTS, 'planted.oxlintrc.json'), '--type-aware', FAULTS);
  });

  it.each(Object.entries(CAUGHT_BY))('%s is caught by %s', (fault, rule) => {
    const codes = diagnostics.filter((one) => basename(one.filename, '.ts') === fault).map((one) => one.code);
    expect(codes).toContain(`typescript(${rule})`);
  });

  it('leaves no planted file unjudged', () => {
    const planted = readdirSync(FAULTS).filter((file) => file.endsWith('.ts'));
    expect(planted.toSorted()).toEqual(Object.keys(CAUGHT_BY).map((fault) => `${fault}.ts`));
  });
});

const branches = Array.from({ length: 13 }, (_, n) => `  if (n === ${n}) return ${n};`).join('\n');

/** [the rule that must object, the file, its code]; the same code is fine in the room after it, if there is one. */
const BANNED: readonly (readonly [rule: string, file: string, code: string, room?: string])[] = [
  ['no-restricted-properties', 'src/web/environment.ts', 'export const port = process.env;', 'src/config.ts'],
  [
    'no-restricted-imports',
    'src/web/environment-import.ts',
    `import { env } from 'node:process';\nexport const all = env;`,
  ],
  [
    'no-restricted-properties',
    'src/web/time.ts',
    'export const now = (): number => Date.now();',
    'src/platform/clock.ts',
  ],
  ['no-restricted-properties', 'src/web/chance.ts', 'export const code = Math.random();'],
  ['no-restricted-imports', 'views/unescaped.ts', `export { raw } from 'hono/html';`, 'views/trusted-svg.ts'],
  ['no-restricted-imports', 'views/unescaped-too.ts', `import { raw } from 'hono/html';\nexport const it = raw;`],
  ['no-default-export', 'src/web/default.ts', 'export default 1;'],
  ['no-console', 'src/web/prints.ts', `console.log('hello');`, 'src/cli/main.ts'],
  ['no-explicit-any', 'src/web/anything.ts', 'export const body: any = 1;'],
  ['max-lines', 'src/web/long.ts', 'export {};\n'.repeat(401)],
  ['max-params', 'src/web/many.ts', 'export const f = (a: 1, b: 1, c: 1, d: 1, e: 1): number => a + b + c + d + e;'],
  ['complexity', 'src/web/winding.ts', `export function f(n: number): number {\n${branches}\n  return -1;\n}`],
];

describe('bans and budgets', () => {
  const directory = mkdtempSync(join(tmpdir(), 'dinhdanh-lint-'));
  let diagnostics: Diagnostic[];

  beforeAll(async () => {
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    for (const file of ['.oxlintrc.json', 'tsconfig.json']) copyFileSync(join(ROOT, file), join(directory, file));
    for (const [, file, code, room] of BANNED) {
      for (const path of room === undefined ? [file] : [file, room]) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), `${code}\n`);
      }
    }
    diagnostics = await lint(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const rulesBrokenBy = (file: string): string[] =>
    diagnostics.filter((one) => one.filename === file).map((one) => one.code.replace(/^.*\((.*)\)$/, '$1'));

  const faults = BANNED.map(([rule, file]) => ({ rule, file }));
  it.each(faults)('$rule objects to $file', ({ rule, file }) => {
    expect(rulesBrokenBy(file)).toContain(rule);
  });

  const rooms = BANNED.flatMap(([rule, , , room]) => (room === undefined ? [] : [{ rule, room }]));
  it.each(rooms)('$rule lets $room do it', ({ rule, room }) => {
    expect(rulesBrokenBy(room)).not.toContain(rule);
  });
});
