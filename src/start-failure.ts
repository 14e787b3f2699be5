import { SealedWithOtherKeys } from './accounts/person-store.ts';
import type { ConfigProblem } from './config-keys.ts';
import { SigningKeysUnusable } from './oidc/signing-keys.ts';
import { isStoreOutage } from './platform/store-outage.ts';

const AWAY: ConfigProblem = {
  key: 'DATABASE_URL',
  problem: 'the database does not answer',
  remedy: 'start it, or check its host and port; a service manager that starts the provider again needs nothing else',
};

const OTHER_KEYS: ConfigProblem = {
  key: 'DATA_KEYS, INDEX_KEYS',
  problem: 'the people in DATABASE_URL were sealed with other keys, so nobody could be found or read',
  remedy:
    'give the keys they were sealed with; in a sandbox bring back keys/secrets.json, or start over with npm run reset',
};

/** What the system refused at start, told by the key that mends it. @returns undefined for what is a fault of ours. */
export function explainStartFailure(error: unknown): ConfigProblem | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof SigningKeysUnusable) return { key: 'KEYS_FOLDER', problem: error.problem, remedy: error.remedy };
  if (error instanceof SealedWithOtherKeys) return OTHER_KEYS;
  // Redis may be away at the start, so it is the database. Told by the driver's own words, some of its errors have no code.
  if (!('code' in error)) return isStoreOutage(error) ? AWAY : undefined;
  const port = 'port' in error ? String(error.port) : '';
  switch (error.code) {
    case 'EADDRINUSE':
      return {
        key: 'PORT',
        problem: `port ${port} is taken by another program`,
        remedy: 'stop it, or set PORT (and ISSUER with it) to a free port',
      };
    case 'EADDRNOTAVAIL':
      return {
        key: 'HOST',
        problem: 'this machine has no such address',
        remedy: 'set HOST to 127.0.0.1, 0.0.0.0 or an address of this machine',
      };
    case 'CORES_REFUSED':
      return {
        key: 'HASHING_CORES',
        problem: 'the threads that hash cannot be kept on these cores',
        remedy: 'name cores that this process may use, on Linux with util-linux (taskset); elsewhere leave it out',
      };
    case 'EACCES':
      return port === ''
        ? {
            key: 'DATABASE_URL',
            problem: 'its folder cannot be written',
            remedy: 'make the folder writable for this user, or point DATABASE_URL elsewhere',
          }
        : { key: 'PORT', problem: `port ${port} needs rights this user lacks`, remedy: 'use a port above 1023' };
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'EPERM':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
    case 'SQLITE_READONLY_DIRECTORY':
      return {
        key: 'DATABASE_URL',
        problem: `its file cannot be opened for writing (${error.code})`,
        remedy: 'make the folder and file writable for this user, or point DATABASE_URL elsewhere',
      };
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return {
        key: 'DATABASE_URL',
        problem: 'the file is not a SQLite database, or it is damaged',
        remedy: 'restore a backup, or in the sandbox start over with npm run reset',
      };
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case '28P01':
    case '3D000':
      return {
        key: 'DATABASE_URL',
        problem: `the database does not let us in (${error.code})`,
        remedy: 'check its host, port, user, password and database name',
      };
    default:
      return isStoreOutage(error) ? AWAY : undefined;
  }
}
