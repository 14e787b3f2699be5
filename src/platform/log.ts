import { type Logger, pino } from 'pino';

export type Log = Logger;

/** Field names whose value never reaches a log line, at the top and one level deep (pino redacts by path, not by name). */
const SENSITIVE = [
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
];

/** Structured log on standard output (or `destination`): events, not sentences; personal data is redacted by key. */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options = {
    level,
    base: null,
    redact: { paths: SENSITIVE.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
    serializers: { err: describeError },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
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
