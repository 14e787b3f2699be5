import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { CONFIG_KEYS, type ConfigProblem, type ConfigValues, readKeys } from './config-keys.ts';
import { parseEnvFile } from './platform/env-file.ts';
import { type KeyRing, parseKeyRing } from './platform/key-ring.ts';
import { readOrMakeSandboxSecrets } from './platform/secret-file.ts';

/** Everything the provider can be told, frozen. Made by `loadConfig` alone; nothing else reads the environment. */
export type Config = Readonly<
  Omit<
    ConfigValues,
    | 'databaseUrl'
    | 'databasePool'
    | 'databaseStatementTimeoutMs'
    | 'dataKeys'
    | 'indexKeys'
    | 'cookieKeys'
    | 'passwordPepper'
    | 'workers'
    | 'argon2Concurrency'
  > & {
    /** Processes that serve. */
    workers: number;
    /** Hashes at once in each of them. */
    argon2Concurrency: number;
    isSecure: boolean;
    isProduction: boolean;
    database:
      | { kind: 'sqlite'; file: string; protocolFile: string }
      | { kind: 'postgres'; url: string; poolSize: number; statementTimeoutMs: number };
    secrets: { dataKeys: KeyRing; indexKeys: KeyRing; cookieKeys: string[]; passwordPepper: string };
  }
>;

const SECRET_KEYS = ['DATA_KEYS', 'INDEX_KEYS', 'COOKIE_KEYS', 'PASSWORD_PEPPER'] as const;

/** Reads the environment over `.env` in `folder` and reports every problem at once, each with its key and what to do.
 *  The sandbox makes missing secrets in KEYS_FOLDER; production is given them. */
export function loadConfig(
  options: { env?: Record<string, string | undefined>; folder?: string } = {},
): { ok: true; config: Config } | { ok: false; problems: ConfigProblem[] } {
  const folder = options.folder ?? process.cwd();
  const problems: ConfigProblem[] = [];
  const env = { ...readEnvFile(folder, problems), ...withoutBlank(options.env ?? process.env) };
  const read = readKeys(env);
  problems.push(...read.problems);
  const values = read.values;

  const isProduction = values.nodeEnv === 'production';
  const secrets = readSecrets(env, values, folder, problems);
  const database = readDatabase(values, folder, problems);
  if (isProduction) problems.push(...productionProblems(values, env));
  problems.push(...contradictions(values));
  if (problems.length > 0 || secrets === undefined || database === undefined) return { ok: false, problems };

  const { databaseUrl: _u, databasePool: _n, databaseStatementTimeoutMs: _t, ...others } = values;
  const { dataKeys: _d, indexKeys: _i, cookieKeys: _c, passwordPepper: _p, ...rest } = others;
  const config: Config = Object.freeze({
    ...rest,
    ...coresOf(values),
    keysFolder: resolve(folder, values.keysFolder),
    isProduction,
    isSecure: values.issuer.startsWith('https:'),
    database,
    secrets,
  });
  return { ok: true, config };
}

/** How the cores are shared out: one is left to tokens, whatever else is hashed, or all that HASHING_CORES does not name. */
function coresOf(values: ConfigValues): Pick<Config, 'workers' | 'argon2Concurrency'> {
  const { workers, argon2Concurrency, hashingCores } = values;
  const cores = availableParallelism();
  const processes = workers === 'auto' ? cores : workers;
  const forHashing = hashingCores === undefined ? cores - 1 : countCores(hashingCores);
  const share = Math.max(1, Math.floor(forHashing / processes));
  return { workers: processes, argon2Concurrency: argon2Concurrency === 'auto' ? share : argon2Concurrency };
}

/** Of a list such as `1-3,6`. */
function countCores(list: string): number {
  const ranges = list.split(',').map((range) => range.split('-').map(Number));
  return ranges.reduce((sum, [first = 0, last = first]) => sum + Math.max(0, last - first + 1), 0);
}

function readEnvFile(folder: string, problems: ConfigProblem[]): Record<string, string> {
  const file = join(folder, '.env');
  if (!existsSync(file)) return {};
  const parsed = parseEnvFile(readFileSync(file, 'utf8'));
  for (const { line, text } of parsed.problems) {
    problems.push({
      key: `.env line ${line}`,
      problem: `"${text}…" is not KEY=value`,
      remedy: 'write KEY=value, quote a value that holds # or spaces, or start the line with #',
    });
  }
  for (const key of Object.keys(parsed.values)) {
    if (!CONFIG_KEYS.has(key))
      problems.push({
        key,
        problem: 'is in .env, but there is no such key',
        remedy: 'see .env.example for every key; remove or correct it',
      });
  }
  return parsed.values;
}

function withoutBlank(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

function readSecrets(
  env: Record<string, string>,
  values: ConfigValues,
  folder: string,
  problems: ConfigProblem[],
): Config['secrets'] | undefined {
  const isGiven = SECRET_KEYS.every((key) => env[key] !== undefined);
  if (isGiven) return parseSecrets(env, problems);
  if (values.nodeEnv === 'production' || !values.isSandbox) {
    for (const key of SECRET_KEYS.filter((one) => env[one] === undefined)) {
      problems.push({
        key,
        problem: 'is not set',
        remedy: key.endsWith('_KEYS') && key !== 'COOKIE_KEYS' ? RING_REMEDY : TEXT_REMEDY,
      });
    }
    return undefined;
  }
  const made = readOrMakeSandboxSecrets(resolve(folder, values.keysFolder));
  if (made.ok) {
    const found: ConfigProblem[] = [];
    const secrets = parseSecrets({ ...made.secrets, ...env }, found);
    problems.push(...found.filter(({ key }) => env[key] !== undefined));
    if (found.some(({ key }) => env[key] === undefined)) problems.push(SECRETS_DAMAGED);
    return secrets;
  }
  if (made.problem === 'damaged') {
    problems.push(SECRETS_DAMAGED);
    return undefined;
  }
  const remedy = 'make the folder writable for this user, or point KEYS_FOLDER elsewhere';
  const problem = `secrets.json in it cannot be read or made (${made.problem})`;
  problems.push({ key: 'KEYS_FOLDER', problem, remedy });
  return undefined;
}

const SECRETS_DAMAGED: ConfigProblem = {
  key: 'KEYS_FOLDER',
  problem: 'secrets.json in it is damaged, and what was sealed with it cannot be read without it',
  remedy: 'bring it back from a copy, or delete it and start over with npm run reset',
};
const RING_REMEDY = 'give a ring, newest first: k2:<base64 of 32 random bytes>,k1:<the older key>';
const TEXT_REMEDY = 'give at least 32 random characters (openssl rand -base64 48)';

function parseSecrets(source: Record<string, string>, problems: ConfigProblem[]): Config['secrets'] | undefined {
  const ring = (key: 'DATA_KEYS' | 'INDEX_KEYS'): KeyRing | undefined => {
    const parsed = parseKeyRing(source[key] ?? '');
    if (parsed.ok) return parsed.ring;
    problems.push({ key, problem: parsed.problem, remedy: RING_REMEDY });
    return undefined;
  };
  const texts = (key: 'COOKIE_KEYS' | 'PASSWORD_PEPPER', values: string[]): string[] => {
    const isWeak = values.some((value) => value.length < 32 || new Set(value).size < 12);
    if (isWeak) problems.push({ key, problem: 'is too short or not random', remedy: TEXT_REMEDY });
    return values;
  };
  const dataKeys = ring('DATA_KEYS');
  const indexKeys = ring('INDEX_KEYS');
  const cookieKeys = texts(
    'COOKIE_KEYS',
    (source['COOKIE_KEYS'] ?? '').split(',').map((key) => key.trim()),
  );
  const [passwordPepper = ''] = texts('PASSWORD_PEPPER', [source['PASSWORD_PEPPER'] ?? '']);
  if (dataKeys === undefined || indexKeys === undefined) return undefined;
  return { dataKeys, indexKeys, cookieKeys, passwordPepper };
}

function readDatabase(values: ConfigValues, folder: string, problems: ConfigProblem[]): Config['database'] | undefined {
  const { databaseUrl: url, databasePool: poolSize, databaseStatementTimeoutMs: statementTimeoutMs } = values;
  if (/^postgres(ql)?:\/\//.test(url)) return { kind: 'postgres', url, poolSize, statementTimeoutMs };
  const match = /^sqlite:(.+)$/.exec(url);
  if (match?.[1] !== undefined && match[1] !== ':memory:') {
    const file = resolve(folder, match[1]);
    return { kind: 'sqlite', file, protocolFile: file.replace(/(\.db)?$/, '-protocol.db') };
  }
  problems.push({
    key: 'DATABASE_URL',
    problem: 'must be sqlite:<file> or postgres://…',
    remedy: 'use sqlite:./data/dinhdanh.db or a PostgreSQL address; nothing is kept in memory only',
  });
  return undefined;
}

type ProductionRule = ConfigProblem & { isBroken: (values: ConfigValues, env: Record<string, string>) => boolean };

/** What a sandbox may leave open and production may not. */
const PRODUCTION_RULES: readonly ProductionRule[] = [
  {
    key: 'ISSUER',
    problem: 'must be https in production',
    remedy: 'set ISSUER=https://<your host>',
    isBroken: ({ issuer }) => !issuer.startsWith('https://'),
  },
  {
    key: 'ISSUER',
    problem: 'is a loopback address',
    remedy: 'set the address under which citizens and relying parties reach the provider',
    isBroken: ({ issuer }) => /^https?:\/\/(localhost|127\.|\[::1\])/.test(issuer),
  },
  {
    key: 'HOTLINE',
    problem: 'is not set',
    remedy: 'give the number that citizens call: a late activation goes through it',
    isBroken: (_, env) => env['HOTLINE'] === undefined,
  },
  {
    key: 'SANDBOX',
    problem: 'is on',
    remedy: 'set SANDBOX=false: personas, their secrets and silent sign-in must not exist in production',
    isBroken: ({ isSandbox }) => isSandbox,
  },
  { key: 'DEMO', problem: 'is on', remedy: 'set DEMO=false', isBroken: ({ isDemo }) => isDemo },
  {
    key: 'ALLOW_PRIVATE_FETCH',
    problem: 'is on',
    remedy: 'set ALLOW_PRIVATE_FETCH=false: it lets clients make the provider call inside addresses',
    isBroken: ({ allowPrivateFetch }) => allowPrivateFetch,
  },
  {
    key: 'SMS_GATEWAY_URL',
    problem: 'is not set',
    remedy: 'give the https address of an SMS gateway: without it no code reaches a citizen',
    isBroken: ({ smsGatewayUrl }) => smsGatewayUrl === undefined,
  },
  {
    key: 'SMS_GATEWAY_URL',
    problem: 'must be https in production',
    remedy: 'give an https address',
    isBroken: ({ smsGatewayUrl }) => smsGatewayUrl !== undefined && !smsGatewayUrl.startsWith('https://'),
  },
  {
    key: 'DATABASE_URL',
    problem: 'is not set',
    remedy: 'say where the register lies: postgres://… or sqlite:/var/lib/dinhdanh/dinhdanh.db',
    isBroken: (_, env) => env['DATABASE_URL'] === undefined,
  },
  {
    key: 'ARGON2_MEMORY_KIB',
    problem: 'is below the OWASP minimum',
    remedy: 'use at least 19456',
    isBroken: ({ argon2MemoryKib }) => argon2MemoryKib < 19_456,
  },
  {
    key: 'TLS_CERT',
    problem: 'no TLS: neither TLS_CERT and TLS_KEY nor TRUST_PROXY=true',
    remedy: 'end TLS at one trusted proxy (TRUST_PROXY=true) or give both files',
    isBroken: ({ trustProxy, tlsCert }) => !trustProxy && tlsCert === undefined,
  },
];

function productionProblems(values: ConfigValues, env: Record<string, string>): ConfigProblem[] {
  const broken = PRODUCTION_RULES.filter(({ isBroken }) => isBroken(values, env));
  return broken.map(({ key, problem, remedy }) => ({ key, problem, remedy }));
}

function contradictions(values: ConfigValues): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if ((values.tlsCert === undefined) !== (values.tlsKey === undefined))
    problems.push({ key: 'TLS_KEY', problem: 'TLS_CERT and TLS_KEY go together', remedy: 'give both files or none' });
  if (coresOf(values).workers > 1 && values.databaseUrl.startsWith('sqlite:'))
    problems.push({
      key: 'WORKERS',
      problem: 'is more than one process, and DATABASE_URL is SQLite, which has one writer: two are slower than one',
      remedy: 'set WORKERS=1, or a postgres:// DATABASE_URL (and REDIS_URL)',
    });
  if (values.smsGatewayUrl !== undefined && values.smsGatewayToken === undefined)
    problems.push({
      key: 'SMS_GATEWAY_TOKEN',
      problem: 'is not set',
      remedy: 'give the bearer token of the SMS gateway',
    });
  if (!values.isSandbox && values.smsGatewayUrl === undefined && values.nodeEnv !== 'production')
    problems.push({
      key: 'SMS_GATEWAY_URL',
      problem: 'is not set and the sandbox is off',
      remedy: 'give an SMS gateway, or SANDBOX=true for the inbox',
    });
  return problems;
}
