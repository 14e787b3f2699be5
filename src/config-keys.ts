import { z } from 'zod';
import { parseRedisUrl } from './platform/redis-url.ts';

/** A setting that cannot be used: its key, what is wrong with it (never its value) and what to do. */
export type ConfigProblem = { key: string; problem: string; remedy: string };

const flag = z.enum(['true', 'false'], { error: 'must be true or false' }).transform((text) => text === 'true');
const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: 'must be a whole number' })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error: `must be between ${least} and ${most}` });
/** `auto` is for the program to find out. */
const wholeOrAuto = (least: number, most: number) =>
  z.union([z.literal('auto'), whole(least, most)], { error: `must be auto, or between ${least} and ${most}` });
const address = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });

const issuer = address.refine((text) => !text.endsWith('/') && !/[?#]/.test(text), {
  error: 'must have no trailing slash, query or fragment',
});

/** Every key: its reader, its default as the environment would give it, and the name under which the code finds it. `.env.example` is held against this table by a test. */
const KEYS = {
  NODE_ENV: {
    as: 'nodeEnv',
    read: z.enum(['development', 'production', 'test'], { error: 'must be development, production or test' }),
    otherwise: 'development',
  },
  ISSUER: { as: 'issuer', read: issuer, otherwise: 'http://localhost:3000' },
  HOST: { as: 'host', read: z.string(), otherwise: '127.0.0.1' },
  PORT: { as: 'port', read: whole(0, 65_535), otherwise: '3000' },
  TRUST_PROXY: { as: 'trustProxy', read: flag, otherwise: 'false' },
  TLS_CERT: { as: 'tlsCert', read: z.string(), otherwise: undefined },
  TLS_KEY: { as: 'tlsKey', read: z.string(), otherwise: undefined },
  SANDBOX: { as: 'isSandbox', read: flag, otherwise: 'true' },
  DEMO: { as: 'isDemo', read: flag, otherwise: 'true' },
  DEMO_IHANOI_PORT: { as: 'demoIhanoiPort', read: whole(0, 65_535), otherwise: '3001' },
  DEMO_HEALTH_PORT: { as: 'demoHealthPort', read: whole(0, 65_535), otherwise: '3002' },
  DEMO_JUDICIAL_PORT: { as: 'demoJudicialPort', read: whole(0, 65_535), otherwise: '3003' },
  SYNTHETIC_PEOPLE: { as: 'syntheticPeople', read: whole(0, 1_000_000), otherwise: '5000' },
  DATABASE_URL: { as: 'databaseUrl', read: z.string(), otherwise: 'sqlite:./data/dinhdanh.db' },
  DATABASE_POOL: { as: 'databasePool', read: whole(1, 1_000), otherwise: '10' },
  DATABASE_STATEMENT_TIMEOUT_MS: { as: 'databaseStatementTimeoutMs', read: whole(100, 600_000), otherwise: '15000' },
  SQLITE_SYNCHRONOUS: {
    as: 'sqliteSynchronous',
    read: z.enum(['NORMAL', 'FULL'], { error: 'must be NORMAL or FULL' }),
    otherwise: 'NORMAL',
  },
  REDIS_URL: {
    as: 'redisUrl',
    read: z.string().refine((text) => parseRedisUrl(text) !== undefined, {
      error: 'must be redis://…, redis+sentinel://…/<master> or redis+cluster://…',
    }),
    otherwise: undefined,
  },
  KEYS_FOLDER: { as: 'keysFolder', read: z.string(), otherwise: './keys' },
  DATA_KEYS: { as: 'dataKeys', read: z.string(), otherwise: undefined },
  INDEX_KEYS: { as: 'indexKeys', read: z.string(), otherwise: undefined },
  COOKIE_KEYS: { as: 'cookieKeys', read: z.string(), otherwise: undefined },
  PASSWORD_PEPPER: { as: 'passwordPepper', read: z.string(), otherwise: undefined },
  ARGON2_MEMORY_KIB: { as: 'argon2MemoryKib', read: whole(8, 1_048_576), otherwise: '19456' },
  ARGON2_TIME_COST: { as: 'argon2TimeCost', read: whole(1, 20), otherwise: '2' },
  ARGON2_PARALLELISM: { as: 'argon2Parallelism', read: whole(1, 16), otherwise: '1' },
  ARGON2_CONCURRENCY: { as: 'argon2Concurrency', read: wholeOrAuto(1, 64), otherwise: 'auto' },
  HASHING_CORES: {
    as: 'hashingCores',
    read: z.string().regex(/^\d+(-\d+)?(,\d+(-\d+)?)*$/, { error: 'must be a list of cores such as 1-3,6' }),
    otherwise: undefined,
  },
  SECRET_REQUESTS: { as: 'secretRequests', read: whole(2, 100_000), otherwise: '200' },
  SECRET_REQUESTS_PER_ADDRESS: { as: 'secretRequestsPerAddress', read: whole(1, 100_000), otherwise: '20' },
  PKCE_REQUIRED: {
    as: 'pkceRequired',
    read: z.enum(['always', 'public-clients'], { error: 'must be always or public-clients' }),
    otherwise: 'always',
  },
  ALLOW_PRIVATE_FETCH: { as: 'allowPrivateFetch', read: flag, otherwise: undefined },
  SMS_GATEWAY_URL: { as: 'smsGatewayUrl', read: address, otherwise: undefined },
  SMS_GATEWAY_TOKEN: {
    as: 'smsGatewayToken',
    read: z.string().min(16, { error: 'must have at least 16 characters' }),
    otherwise: undefined,
  },
  CODE_LIFETIME_SECONDS: { as: 'codeLifetimeSeconds', read: whole(30, 3_600), otherwise: '180' },
  CODE_TRIES: { as: 'codeTries', read: whole(1, 10), otherwise: '5' },
  CODES_PER_PHONE_PER_DAY: { as: 'codesPerPhonePerDay', read: whole(1, 1_000), otherwise: '20' },
  ATTEMPT_LIFETIME_SECONDS: { as: 'attemptLifetimeSeconds', read: whole(60, 86_400), otherwise: '1800' },
  ATTEMPTS_PER_ACCOUNT_PER_HOUR: { as: 'attemptsPerAccountPerHour', read: whole(1, 1_000), otherwise: '10' },
  ATTEMPTS_PER_ADDRESS_PER_HOUR: { as: 'attemptsPerAddressPerHour', read: whole(1, 1_000_000), otherwise: '300' },
  SIGN_IN_TRIES: { as: 'signInTries', read: whole(1, 100), otherwise: '5' },
  SIGN_IN_WINDOW_SECONDS: { as: 'signInWindowSeconds', read: whole(60, 86_400), otherwise: '900' },
  SIGN_IN_TRIES_PER_ADDRESS: { as: 'signInTriesPerAddress', read: whole(1, 1_000_000), otherwise: '100' },
  OPEN_DATA_PER_ADDRESS_PER_MINUTE: {
    as: 'openDataPerAddressPerMinute',
    read: whole(1, 1_000_000),
    otherwise: '600',
  },
  PUBLIC_STATISTICS_SECONDS: { as: 'publicStatisticsSeconds', read: whole(0, 3_600), otherwise: '60' },
  PUBLIC_STATISTICS_PERCENT: { as: 'publicStatisticsPercent', read: whole(1, 100), otherwise: '25' },
  SESSION_SECONDS: { as: 'sessionSeconds', read: whole(60, 2_592_000), otherwise: '43200' },
  REFRESH_TOKEN_DAYS: { as: 'refreshTokenDays', read: whole(1, 365), otherwise: '30' },
  HOTLINE: {
    as: 'hotline',
    read: z.string().regex(/^\+?[\d ().-]{3,20}$/, { error: 'must be a telephone number' }),
    otherwise: '1900 0000',
  },
  USE_HISTORY_YEARS: { as: 'useHistoryYears', read: whole(1, 100), otherwise: '5' },
  WORKERS: { as: 'workers', read: wholeOrAuto(1, 256), otherwise: '1' },
  WAITING_ROOM: {
    as: 'waitingRoom',
    read: z.enum(['auto', 'off'], { error: 'must be auto or off' }),
    otherwise: 'auto',
  },
  SURGE_HASHES: { as: 'surgeHashes', read: whole(1, 100_000), otherwise: '30' },
  SURGE_PAGES: { as: 'surgePages', read: whole(1, 100_000), otherwise: '100' },
  SURGE_LAG_MS: { as: 'surgeLagMs', read: whole(1, 10_000), otherwise: '50' },
  SURGE_CODES_SECONDS: { as: 'surgeCodesSeconds', read: whole(1, 3_600), otherwise: '20' },
  SURGE_PROGRAMS: { as: 'surgePrograms', read: whole(1, 1_000_000), otherwise: '1000' },
  DRAIN_SECONDS: { as: 'drainSeconds', read: whole(0, 600), otherwise: '0' },
  STOP_SECONDS: { as: 'stopSeconds', read: whole(1, 600), otherwise: '10' },
  METRICS_PORT: { as: 'metricsPort', read: whole(0, 65_535), otherwise: undefined },
  TRACES_URL: { as: 'tracesUrl', read: address, otherwise: undefined },
  TRACES_SAMPLE_PERCENT: { as: 'tracesSamplePercent', read: whole(0, 100), otherwise: '10' },
  LOG_LEVEL: {
    as: 'logLevel',
    read: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be trace, debug, info, warn, error, fatal or silent',
    }),
    otherwise: 'info',
  },
} as const;

type Keys = typeof KEYS;
type Optional<K extends keyof Keys> = Keys[K]['otherwise'] extends undefined ? undefined : never;
type Parsed = { [K in keyof Keys as Keys[K]['as']]: z.output<Keys[K]['read']> | Optional<K> };
/** The parsed keys; `allowPrivateFetch` follows SANDBOX unless it is set. */
export type ConfigValues = Omit<Parsed, 'allowPrivateFetch'> & { allowPrivateFetch: boolean };

export const CONFIG_KEYS: ReadonlySet<string> = new Set(Object.keys(KEYS));
export const CONFIG_DEFAULTS: Readonly<Record<string, string | undefined>> = Object.fromEntries(
  Object.entries(KEYS).map(([key, { otherwise }]) => [key, otherwise]),
);

/** Parses every key; a broken one is reported and stands at its default, so that all problems come at once. In production SANDBOX and DEMO are off unless set. */
export function readKeys(env: Record<string, string>): { values: ConfigValues; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const isProduction = env['NODE_ENV'] === 'production';
  const values: Record<string, unknown> = {};
  for (const [key, { as, read, otherwise }] of Object.entries(KEYS)) {
    const fallback = isProduction && OFF_IN_PRODUCTION.has(key) ? 'false' : otherwise;
    const text = env[key] ?? fallback;
    if (text === undefined) continue;
    const parsed = read.safeParse(text);
    if (parsed.success) {
      values[as] = parsed.data;
      continue;
    }
    const hint = fallback === undefined ? '' : ` (default ${fallback})`;
    problems.push({ key, problem: messageOf(parsed.error), remedy: `see ${key} in .env.example${hint}` });
    if (fallback !== undefined) values[as] = read.parse(fallback);
  }
  values['allowPrivateFetch'] ??= values['isSandbox'] === true;
  return { values: values as ConfigValues, problems };
}

const OFF_IN_PRODUCTION: ReadonlySet<string> = new Set(['SANDBOX', 'DEMO']);

function messageOf(error: z.ZodError): string {
  return error.issues[0]?.message ?? 'cannot be read';
}
