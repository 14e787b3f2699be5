import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** What is imported with its module, not later by `import()` and not for its types alone. */
const IMPORT = /^(?:import|export)\s(?!type\s)(?:([^;']*?)\sfrom\s)?'([^']+)'/gm;

function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(IMPORT)].flatMap(([, names, from = '']) =>
    names !== undefined && isOfTypes(names) ? [] : [from.startsWith('.') ? join(dirname(file), from) : from],
  );
}

function isOfTypes(names: string): boolean {
  const list = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1]?.split(',');
  return list?.every((name) => name.trim() === '' || name.trim().startsWith('type ')) ?? false;
}

/** Modules of ours by path and packages by name, all that come with `entry`. */
function loadedWith(entry: string): string[] {
  const loaded = new Set([entry]);
  for (const one of loaded)
    if (/\.(ts|js)$/.test(one)) for (const next of importsOf(one)) if (!next.startsWith('node:')) loaded.add(next);
  return [...loaded].toSorted();
}

describe('A start', () => {
  const first = loadedWith('src/main.ts');

  it('has the protocol before its first answer', () => {
    expect(first).toEqual(expect.arrayContaining(['src/serve.ts', 'src/oidc/create-oidc.ts', 'oidc-provider', 'knex']));
  });

  it.each([
    ['pages and their texts', /^(views|src\/i18n)\//],
    ['the features that citizens and officials see', /^src\/(activation|my-account|recovery|developers|register)\//],
    ['the statistics, but for its tokens and gauges', /^src\/statistics\/(?!stores\/api-token-store|rate-gauges)/],
    ['migrations that have run', /^migrations\/(?!index\.ts$)/],
    ['the table of addresses, the clockwork, the workers', /^src\/(server|timers|workers|fill-sandbox)\.ts$/],
    [
      'drivers and libraries that it may never need',
      /^(pg|ioredis|prom-client|@opentelemetry\/.*|@formatjs\/.*|echarts|write-excel-file.*|zod-openapi|csv-.*|croner|otplib|uqr|hono\/.*|koa-compress|@koa\/.*)$/,
    ],
  ])('has not loaded %s before its first answer', (_, late) => {
    expect(first.filter((one) => late.test(one))).toEqual([]);
  });

  it.each([
    [
      'statistics but what stands before them',
      /^src\/statistics\/(?!open\/|stores\/(open-version|api-token)-store|roles|viewer)/,
    ],
    ['the sandbox and the pages of developers', /^(src|views)\/(sandbox|developers)\//],
    ['libraries of those rooms', /^(echarts|write-excel-file.*|zod-openapi|csv-.*)$/],
  ])('has not loaded %s before somebody comes', (_, late) => {
    expect(loadedWith('src/server.ts').filter((one) => late.test(one))).toEqual([]);
  });
});
