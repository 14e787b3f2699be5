import { type Logger, type LoggerOptions, pino } from 'pino';
import { lineBatches } from './line-batches.ts';

export type Log = Logger;

/** Field names whose value never reaches a log line, at the top and one level deep. pino's own redaction looks for every path in every line, which costs more than
 *  all the rest of it; here each field is looked up by its name. */
const SENSITIVE: ReadonlySet<string> = new Set([
  'citizenId',
  'citizen_id',
  'phone',
  'phoneNumber',
  'phone_number',
  'fullName',
  'full_name',
  'name',
  'birthDate',
  'birth_date',
  'password',
  'passcode',
  'code',
  'answer',
  'answer_1',
  'answer_2',
  'secret',
  'client_secret',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'authorization',
  'cookie',
  'url',
  'query',
  'body',
]);

/** Structured log on standard output (or `destination`): events, not sentences; personal data is redacted by key. Lines leave in order, a moment after they were
 *  written and at the latest when the process ends of itself, so that no request waits for a pipe or a disk. */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    formatters: { log: redacted, bindings: redacted },
    serializers: { err: describeError },
  };
  return pino(options, destination ?? lineBatches(STANDARD_OUTPUT));
}

const STANDARD_OUTPUT = 1;
const CENSOR = '[redacted]';

function redacted(fields: Record<string, unknown>): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    if (SENSITIVE.has(key)) clean[key] = CENSOR;
    else clean[key] = isPlainObject(value) ? withoutSensitive(value) : value;
  }
  return clean;
}

function withoutSensitive(fields: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(fields);
  return Object.fromEntries(entries.map(([key, value]) => [key, SENSITIVE.has(key) ? CENSOR : value]));
}

/** Not an Error, a Date or the like, which say themselves how they are written. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** An error without what a driver may have put into its message: database drivers quote values, so only name, code and our own stack frames stay. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { kind: typeof error };
  const code = 'code' in error ? String(error.code) : undefined;
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 8);
  return { type: error.name, ...(code === undefined ? {} : { errno: code }), stack: frames.map((line) => line.trim()) };
}
