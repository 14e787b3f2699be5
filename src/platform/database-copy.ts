import { spawn } from 'node:child_process';
import Sqlite from 'better-sqlite3';

/** Copies a SQLite database as it is at one moment, beside a running writer, which waits for nothing. The copy is compact and has no write-ahead log. */
export function copySqlite(from: string, to: string): void {
  const db = new Sqlite(from, { readonly: true, fileMustExist: true });
  try {
    db.prepare('vacuum into ?').run(to);
  } finally {
    db.close();
  }
}

/** @returns what is wrong with the file; undefined when nothing is. */
export function findSqliteDamage(file: string): string | undefined {
  let db: Sqlite.Database | undefined;
  try {
    db = new Sqlite(file, { readonly: true, fileMustExist: true });
    const [row] = db.pragma('integrity_check(1)') as { integrity_check: string }[];
    return row?.integrity_check === 'ok' ? undefined : 'the integrity check failed';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be opened';
  } finally {
    db?.close();
  }
}

/** A tool of PostgreSQL that is not there, or that failed; `detail` is what it said. */
export class DumpFailed extends Error {
  override readonly name = 'DumpFailed';
  readonly detail: string;
  constructor(tool: string, detail: string) {
    super(`${tool} failed`);
    this.detail = detail;
  }
}

/** One consistent state of the whole database, compressed, by `pg_dump`. @throws DumpFailed */
export function dumpPostgres(url: string, to: string): Promise<void> {
  return runTool('pg_dump', url, ['--format=custom', '--no-owner', '--no-privileges', `--file=${to}`]);
}

/** Into an empty database; all of it or nothing, by `pg_restore`. @throws DumpFailed */
export function restorePostgres(url: string, from: string): Promise<void> {
  return runTool('pg_restore', url, ['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges', from]);
}

/** The password goes by the environment: what stands on a command line is seen by everybody on the machine. */
function runTool(tool: string, url: string, args: readonly string[]): Promise<void> {
  const address = new URL(url);
  const password = decodeURIComponent(address.password);
  address.password = '';
  // oxlint-disable-next-line no-restricted-properties -- handed on to the tool, not read
  const env = { ...process.env, ...(password === '' ? {} : { PGPASSWORD: password }) };
  return new Promise((resolve, reject) => {
    const child = spawn(tool, [`--dbname=${address.href}`, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
    child.once('error', () =>
      reject(new DumpFailed(tool, `${tool} is not installed: it comes with PostgreSQL's client`)),
    );
    child.once('close', (code) => (code === 0 ? resolve() : reject(new DumpFailed(tool, said.trim()))));
  });
}
