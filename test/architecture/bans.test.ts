import { describe, expect, it } from 'vitest';
import { listSourceFiles, type SourceFile } from './source-files.ts';

type Ban = {
  /** Read after "never": what the code must not do, and where it may. */
  what: string;
  pattern: RegExp;
  /** Paths where it is at home. */
  rooms: RegExp;
  /** Code that must be caught. */
  caught: readonly string[];
  /** Code that looks alike and is fine. */
  fine: readonly string[];
};

const STORES = /^(src\/.*-store\.ts$|src\/platform\/|src\/oidc\/adapters\/|migrations\/|test\/|bench\/)/;

/** What no linter rule here expresses. The other bans (process.env, Date.now, raw, default exports, …) are in .oxlintrc.json. */
const BANS: readonly Ban[] = [
  {
    what: 'asks the machine for the time outside the clock and the adapters',
    pattern: /\bnew Date\(\s*\)|\bDate\(\s*\)|\bDate\[/,
    rooms: /^(src\/platform\/clock\.ts$|src\/oidc\/adapters\/|test\/|bench\/)/,
    caught: ['const now = new Date();', 'const now = new Date(\n);', 'const now = Date();', `Date['now']()`],
    fine: ['new Date(row.granted_at)', 'const now = deps.clock();'],
  },
  {
    what: 'names a table outside stores, adapters and migrations',
    pattern:
      /\b(?:db|tx|trx|knex)\s*(?:<[^()]{0,200}>)?\(\s*['"`{]|\b(?:db|tx|trx|knex)\s*\.\s*(?:raw|schema|from|into|select|insert|with)\b/,
    rooms: STORES,
    caught: [
      `await db('accounts').where({ id })`,
      `tx<AccountRow>('accounts')`,
      'db.raw(text)',
      `tx\n.from('accounts')`,
    ],
    fine: [`findAccount(db, id)`, `inTransaction(deps.db, async (tx) => insertAccount(tx, row))`],
  },
  {
    what: 'writes SQL outside stores, adapters and migrations',
    pattern: /['"`]\s*(?:select\s[^'"`]+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|pragma\s)/i,
    rooms: STORES,
    caught: ['`select id from accounts`', `'INSERT INTO accounts values (1)'`, `"delete from accounts"`],
    fine: [`t('activation.update')`, `'Select your province'`],
  },
  {
    what: 'asks of PostgreSQL what one that is spread over machines has not, or has as a hot spot (docs/scale.md)',
    pattern:
      /\b(?:big)?increments\(|\b(?:big|small)?serial\s+(?:primary|not|unique)|\bpg_(?:try_)?advisory|\bnextval\(|\bcurrval\(|generated\s+(?:always|by\s+default)\s+as\s+identity|['"`]\s*(?:listen|unlisten|notify)\s+\w|\bpg_notify\(|create\s+(?:unlogged|(?:local\s+|global\s+)?temp(?:orary)?)\s|['"`]\s*set\s+(?:session|role|search_path|timezone|lock_timeout|statement_timeout|default_\w+)\b|\bset_config\(|\bdiscard\s+all\b|\bwith\s+hold\b|['"`\s](?:ctid|xmin|xmax)['"`\s]|\bcreate\s+(?:trigger|rule)\b|\block\s+table\b/i,
    // Landed before the rule; 0014 takes the sequences away again.
    rooms: /^(migrations\/(0008-counter-deltas|0010-residents|0012-adoption|0014-scattered-keys)\.ts$|test\/|bench\/)/,
    caught: [
      `table.bigIncrements('id')`,
      'create table t (id bigserial primary key)',
      'select pg_advisory_xact_lock(1)',
      "await tx.raw('listen activations')",
      'create temp table t (id text)',
      `await db.raw("set lock_timeout = '3s'")`,
      `await db.raw('set session characteristics as transaction read only')`,
      'select ctid from accounts',
      'lock table accounts in share mode',
    ],
    fine: [
      `await tx.raw("set local lock_timeout = '3s'")`,
      `await tx.raw('set transaction isolation level repeatable read')`,
      'server.listen(port)',
      `readonly serial: string;`,
      "`update shared_texts set text = 'x'`",
      '`select id from t for update skip locked`',
    ],
  },
  {
    what: 'is a barrel',
    pattern: /^export \* from/m,
    rooms: /^$/,
    caught: [`export * from './account.ts';`],
    fine: [`export { account } from './account.ts';`],
  },
  {
    what: 'silences a tool without saying why',
    pattern:
      /@ts-ignore|@ts-nocheck|@ts-expect-error\s*(?:\*\/|$)|(?:oxlint|eslint)-disable(?:-next-line|-line)?(?![^\n]*--\s*\S+\s+\S+)|biome-ignore(?![^\n]*:\s*\S+\s+\S+)/m,
    rooms: /^$/,
    caught: [
      '// @ts-expect-error',
      '// @ts-ignore it is fine',
      '// oxlint-disable-next-line no-console',
      '/* eslint-disable */',
      '// biome-ignore lint/style/noEnum',
    ],
    fine: [
      '// @ts-expect-error the types lag behind 9.13: upstream issue 1234',
      '// oxlint-disable-next-line no-console -- the banner is for a terminal',
      '// biome-ignore lint/style/noEnum: asked for by the driver',
    ],
  },
];

const NAMES_THAT_HIDE = /\/(utils?|helpers?|common|misc|shared|types|service|manager)(\.ts$|\/)/;

const sources = listSourceFiles(['src', 'views', 'migrations', 'bench', 'test']);

/** Line numbers, so that a failure reads like a compiler's message. */
function places(ban: Ban, files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => !ban.rooms.test(file.path))
    .flatMap(({ path, text }) => {
      const match = ban.pattern.exec(text);
      return match === null ? [] : [`${path}:${text.slice(0, match.index).split('\n').length} ${match[0].trim()}`];
    });
}

describe('bans that no linter expresses', () => {
  const named = BANS.map((ban) => [ban.what, ban] as const);
  it.each(named)('no file %s', (_what, ban) => {
    expect(places(ban, sources)).toEqual([]);
  });

  it.each(named)('a planted file that %s is caught', (_what, ban) => {
    const planted = (text: string): SourceFile => ({ path: 'src/activation/planted.ts', text });
    for (const text of ban.caught) expect(places(ban, [planted(text)]), text).toHaveLength(1);
    for (const text of ban.fine) expect(places(ban, [planted(text)]), text).toEqual([]);
  });

  it('no file has a name that hides what it holds', () => {
    expect(sources.map((file) => file.path).filter((path) => NAMES_THAT_HIDE.test(path))).toEqual([]);
  });

  it('each table is written in one store file; statistics may read what others write', () => {
    expect(tablesOfSeveralStores(sources)).toEqual([]);
    const twice = ['person', 'account'].map((one) => ({ path: `src/accounts/${one}-store.ts`, text: `db('persons')` }));
    expect(tablesOfSeveralStores(twice)).toEqual([
      'persons: src/accounts/person-store.ts, src/accounts/account-store.ts',
    ]);
  });
});

function tablesOfSeveralStores(files: readonly SourceFile[]): string[] {
  const storesOf = new Map<string, Set<string>>();
  for (const { path, text } of files) {
    if (!path.endsWith('-store.ts') || path.startsWith('src/statistics/')) continue;
    for (const [, table] of text.matchAll(/\b(?:db|tx|trx|knex)\s*(?:<[^()]{0,200}>)?\(\s*['"`](\w+)/g)) {
      if (table === undefined) continue;
      storesOf.set(table, (storesOf.get(table) ?? new Set()).add(path));
    }
  }
  return [...storesOf]
    .filter(([, stores]) => stores.size > 1)
    .map(([table, stores]) => `${table}: ${[...stores].join(', ')}`);
}
