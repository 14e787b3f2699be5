import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CruisedImports, cruiseImports } from './cruise-imports.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** [the rule that must object, the importing file, its import]. */
const FORBIDDEN: readonly (readonly [rule: string, file: string, code: string])[] = [
  ['1-domain-is-pure', 'src/domain/reads-a-file.ts', `import 'node:fs';`],
  ['1-domain-is-pure', 'src/domain/uses-a-package.ts', `import 'zod';`],
  ['1-domain-is-pure', 'src/domain/uses-platform-types.ts', `import type { Target } from '../platform/target.ts';`],
  ['2-platform-knows-nothing-of-ours', 'src/platform/knows-the-domain.ts', `import '../domain/target.ts';`],
  ['2-migrations-stand-alone', 'migrations/0001-uses-the-domain.ts', `import '../src/domain/target.ts';`],
  ['2-web-and-views-import-i18n-and-domain', 'src/web/reads-a-store.ts', `import '../accounts/target.ts';`],
  ['2-web-and-views-import-i18n-and-domain', 'views/reads-a-store.ts', `import '../src/accounts/target.ts';`],
  ['2-views-import-no-web', 'views/uses-web.ts', `import type { Target } from '../src/web/target.ts';`],
  ['2-web-and-views-import-types-of-domain', 'views/decides.ts', `import { target } from '../src/domain/target.ts';`],
  ['2-i18n-imports-i18n', 'src/i18n/uses-web.ts', `import '../web/target.ts';`],
  ['3-records-import-domain-and-platform', 'src/accounts/uses-a-feature.ts', `import '../activation/target.ts';`],
  ['3-audit-imports-domain-and-platform', 'src/audit/uses-records.ts', `import '../accounts/target.ts';`],
  ['4-features-are-strangers', 'src/activation/uses-sign-in.ts', `import type { Target } from '../sign-in/target.ts';`],
  ['4-features-are-strangers', 'src/a-new-feature/uses-activation.ts', `import '../activation/target.ts';`],
  ['4-features-are-strangers', 'src/activation/uses-the-provider.ts', `import '../oidc/target.ts';`],
  ['4-features-import-types-of-platform', 'src/activation/opens.ts', `import { target } from '../platform/target.ts';`],
  ['4-oidc-imports-no-feature', 'src/oidc/uses-a-feature.ts', `import '../activation/target.ts';`],
  ['5-oidc-provider-only-in-oidc', 'src/sign-in/provider.ts', `import type { Provider } from 'oidc-provider';`],
  ['5-knex-only-in-platform', 'src/accounts/person-store.ts', `import type { Knex } from 'knex';`],
  ['5-drivers-only-in-platform-and-adapters', 'src/oidc/sqlite.ts', `import 'better-sqlite3';`],
  ['5-koa-only-in-web-and-routes', 'src/activation/confirm.ts', `import type { Context } from 'koa';`],
  ['5-koa-only-in-web-and-routes', 'src/activation/router.ts', `import Router from '@koa/router';`],
  ['6-demo-is-an-outsider', 'src/demo/looks-inside.ts', `import '../domain/target.ts';`],
  ['6-nobody-imports-the-demo', 'src/sandbox/uses-the-demo.ts', `import '../demo/target.ts';`],
  ['6-nobody-imports-tests', 'src/cli/uses-a-test.ts', `import '../../test/support/target.ts';`],
  ['6-no-cycles', 'src/domain/there.ts', `import './and-back.ts';`],
  [
    '7-only-entries-import-the-composition-root',
    'src/activation/config.ts',
    `import type { Target } from '../config.ts';`,
  ],
  ['resolvable', 'src/domain/of-nothing.ts', `import './nowhere.ts';`],
];

/** What the rules must let through: a rule that forbids everything would pass the list above too. */
const ALLOWED: readonly (readonly [file: string, code: string])[] = [
  ['src/activation/allowed.ts', `import type { Target } from '../platform/target.ts';`],
  ['src/activation/allowed-domain.ts', `import { target } from '../domain/target.ts';`],
  ['src/activation/routes.ts', `import type { Context } from 'koa';\nimport { target } from '../accounts/target.ts';`],
  ['src/platform/allowed.ts', `import type { Knex } from 'knex';\nimport { target } from './target.ts';`],
  ['src/oidc/adapters/allowed.ts', `import 'better-sqlite3';\nimport type { Redis } from 'ioredis';`],
  ['src/oidc/allowed.ts', `import { Provider } from 'oidc-provider';`],
  ['src/web/allowed.ts', `import Koa from 'koa';\nimport type { Target } from '../domain/target.ts';`],
  ['src/assemble.ts', `import './activation/target.ts';\nimport './oidc/target.ts';\nimport './config.ts';`],
];

const TARGETS = [
  ...['domain', 'platform', 'accounts', 'web', 'activation', 'sign-in', 'oidc', 'demo'].map(
    (one) => `src/${one}/target.ts`,
  ),
  'src/config.ts',
  'test/support/target.ts',
];

describe('who may import whom', () => {
  const directory = mkdtempSync(join(tmpdir(), 'dinhdanh-imports-'));
  let cruised: CruisedImports;

  beforeAll(async () => {
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    const write = (file: string, text: string): void => {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      writeFileSync(join(directory, file), `${text}\n`);
    };
    write('tsconfig.json', JSON.stringify({ extends: join(ROOT, 'tsconfig.json') }));
    for (const file of TARGETS) write(file, 'export type Target = 1;\nexport const target = 1;');
    for (const [, file, code] of FORBIDDEN) write(file, code);
    for (const [file, code] of ALLOWED) write(file, code);
    write('src/domain/and-back.ts', `import './there.ts';`);
    cruised = await cruiseImports(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each(FORBIDDEN)('%s objects to %s', (rule, file) => {
    // A cycle is told once, by whichever of its files was read first.
    const broken = cruised.violations.filter((one) => one.from === file || one.to === file).map((one) => one.rule);
    expect(broken).toContain(rule);
  });

  it.each(ALLOWED)('nothing objects to %s', (file) => {
    expect(cruised.violations.filter((one) => one.from === file)).toEqual([]);
  });

  it('reads every source file', () => {
    expect(cruised.missed).toEqual([]);
    for (const [, file] of FORBIDDEN) expect(cruised.modules).toContain(file);
  });
});
