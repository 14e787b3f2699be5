/**
 * Who may import whom. docs/architecture.md explains the rules; test/architecture/import-rules.test.ts plants a violation of each.
 * A path with `.test(...)`-like names is a regular expression over paths from the project's root.
 */

/** Everything in src/ that is not a feature. A folder that is not listed here is one, and a stranger to all other features. */
const NOT_FEATURES = 'domain|accounts|audit|oidc|web|platform|i18n|cli|demo';
const FEATURE = `^src/(?!(?:${NOT_FEATURES})/)([^/]+)/`;
const OURS = '^(src|views|migrations|test|bench)/';
const ENTRIES = '^src/(cli/|main\\.ts$|assemble\\.ts$)';

/** What a feature may call in platform, beside its types: functions that hold no resource, or that take the caller's `db` or `tx` first. */
const PLATFORM_FUNCTIONS = '^src/platform/(bulk-rows|clock|database|fair-queue|ids|outbox|prepared-queries)\\.ts$';

const typesOnly = { dependencyTypesNot: ['type-only'] };

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: '1-domain-is-pure',
      comment: 'domain imports domain: no package, no node:, no clock, no I/O.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: '2-platform-knows-nothing-of-ours',
      comment: 'platform is the outside world without a word of our domain; of ours it sees migrations alone.',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: OURS, pathNot: '^(src/platform|migrations)/' },
    },
    {
      name: '2-migrations-stand-alone',
      comment: 'A migration keeps meaning what it meant: it imports no code that moves on.',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: OURS, pathNot: '^migrations/' },
    },
    {
      name: '2-web-and-views-import-i18n-and-domain',
      severity: 'error',
      from: { path: '^(src/web|views)/' },
      to: { path: OURS, pathNot: '^(src/web|src/i18n|src/domain|views)/' },
    },
    {
      name: '2-views-import-no-web',
      comment: 'web renders through views, never the other way round.',
      severity: 'error',
      from: { path: '^views/' },
      to: { path: '^src/web/' },
    },
    {
      name: '2-web-and-views-import-types-of-domain',
      comment: 'Pages get models that are ready to print. (Refusal is the exception: a page is made of it.)',
      severity: 'error',
      from: { path: '^(src/web|views)/' },
      to: { path: '^src/domain/', pathNot: '^src/domain/refusal\\.ts$', ...typesOnly },
    },
    {
      name: '2-i18n-imports-i18n',
      severity: 'error',
      from: { path: '^src/i18n/' },
      to: { path: OURS, pathNot: '^src/i18n/' },
    },
    {
      name: '3-records-import-domain-and-platform',
      comment: 'accounts also append to the audit trail, in the transaction of the change itself.',
      severity: 'error',
      from: { path: '^src/accounts/' },
      to: { path: OURS, pathNot: '^src/(accounts|audit|domain|platform)/' },
    },
    {
      name: '3-audit-imports-domain-and-platform',
      severity: 'error',
      from: { path: '^src/audit/' },
      to: { path: OURS, pathNot: '^src/(audit|domain|platform)/' },
    },
    {
      name: '4-features-are-strangers',
      comment: 'A feature that needs another names a function type in its Deps, and assemble.ts passes the function.',
      severity: 'error',
      from: { path: FEATURE },
      to: { path: OURS, pathNot: '^(src/($1|domain|accounts|audit|web|i18n|platform)|views)/|^src/oidc/gateway\\.ts$' },
    },
    {
      name: '4-features-import-types-of-platform',
      severity: 'error',
      from: { path: FEATURE },
      to: { path: '^src/(platform/|oidc/gateway\\.ts$)', pathNot: PLATFORM_FUNCTIONS, ...typesOnly },
    },
    {
      name: '4-oidc-imports-no-feature',
      severity: 'error',
      from: { path: '^src/oidc/' },
      to: { path: OURS, pathNot: '^(src/(oidc|domain|accounts|audit|web|i18n|platform)|views)/' },
    },
    {
      name: '5-oidc-provider-only-in-oidc',
      severity: 'error',
      from: { path: '^(src|views|migrations)/', pathNot: ['^src/oidc/', ENTRIES] },
      to: { path: 'node_modules/(@types/)?oidc-provider/' },
    },
    {
      name: '5-knex-only-in-platform',
      severity: 'error',
      from: { path: '^(src|views)/', pathNot: ['^src/platform/', ENTRIES] },
      to: { path: 'node_modules/knex/' },
    },
    {
      name: '5-drivers-only-in-platform-and-adapters',
      comment:
        "The provider's adapters are the hot path: they speak the driver, which costs a half to a third of the query builder.",
      severity: 'error',
      from: { path: '^(src|views|migrations)/', pathNot: ['^src/(platform|oidc/adapters)/', ENTRIES] },
      to: { path: 'node_modules/(@types/)?(better-sqlite3|pg|ioredis)/' },
    },
    {
      name: '5-koa-only-in-web-and-routes',
      severity: 'error',
      from: {
        path: '^(src|views|migrations)/',
        pathNot: ['^src/(web|demo)/', '^src/[^/]+/routes\\.ts$', '^src/server\\.ts$', ENTRIES],
      },
      to: { path: 'node_modules/(@types/)?(koa|@koa/|koa-|koa__)' },
    },
    {
      name: '6-demo-is-an-outsider',
      comment: 'The demo relying parties meet us over HTTP only; of ours they see what renders a page.',
      severity: 'error',
      from: { path: '^src/demo/' },
      to: { path: OURS, pathNot: '^(src/demo|src/i18n|views)/' },
    },
    {
      name: '6-nobody-imports-the-demo',
      severity: 'error',
      from: { path: OURS, pathNot: ['^src/demo/', ENTRIES, '^test/'] },
      to: { path: '^src/demo/' },
    },
    {
      name: '6-nobody-imports-tests',
      comment: 'Benchmarks may find their servers as the tests do.',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^test/' },
    },
    {
      name: '6-no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: '7-only-entries-import-the-composition-root',
      comment:
        'Config and the assembled app are handed out by assemble.ts; a folder that reached for them would see everything.',
      severity: 'error',
      from: { path: '^(src/[^/]+/|views/|migrations/)', pathNot: ENTRIES },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'resolvable',
      comment: 'An import that cannot be resolved cannot be judged either.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/architecture/faults/' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Type-only imports count: they are half of the rules.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
