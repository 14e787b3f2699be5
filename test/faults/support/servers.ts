import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { freePort } from '../../processes/support/provider-process.ts';

/** Servers of a test's own, which it may kill. Those that other tests share (test/support/services.ts) are never touched. */

export const hasRedisServer = isThere('redis-server', () => execFileSync('redis-server', ['--version']));
const POSTGRES_BIN = findPostgres();
export const hasPostgresServer = isThere('PostgreSQL', () => execFileSync(join(POSTGRES_BIN, 'postgres'), ['-V']));

function isThere(name: string, ask: () => unknown): boolean {
  try {
    ask();
    return true;
  } catch {
    if (process.env['CI_REQUIRE_SERVICES'] === '1') throw new Error(`CI_REQUIRE_SERVICES=1, and no ${name}.`);
    console.warn(`\nSKIPPED: these tests start ${name} themselves, and it is not installed.`);
    return false;
  }
}

function findPostgres(): string {
  const folder = '/usr/lib/postgresql';
  const versions = existsSync(folder) ? readdirSync(folder).toSorted((a, b) => Number(a) - Number(b)) : [];
  return versions.length === 0 ? '' : join(folder, versions.at(-1) ?? '', 'bin');
}

export type RedisServer = {
  port: number;
  url: string;
  signal(signal: NodeJS.Signals): void;
  kill(): Promise<void>;
  /** Again on the same port, empty. */
  start(): Promise<void>;
  command(...args: string[]): Promise<unknown>;
  remove(): Promise<void>;
};

/** @param sentinel a server that is told everything by its own file. */
export async function startRedis(
  options: readonly string[] = [],
  sentinel?: { port: number; command: readonly string[] },
): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-redis-'));
  const port = sentinel?.port ?? (await freePort());
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess;
  const server: RedisServer = {
    port,
    url,
    signal: (signal) => void child.kill(signal),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
    async start() {
      const settings = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''];
      child = spawn('redis-server', [...(sentinel?.command ?? [...settings, ...options])], { stdio: 'ignore' });
      await until(async () => (await server.command('ping')) === 'PONG');
    },
    async command(name, ...args) {
      const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return await client.call(name, ...args);
      } finally {
        client.disconnect();
      }
    },
    async remove() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

export type PostgresServer = {
  url: string;
  /** Ends at once, as in a crash, and starts again. */
  restart(downMs: number): Promise<void>;
  /** Hangs with all its connections (SIGSTOP), and goes on. */
  pause(): () => void;
  query(sql: string): Promise<pg.QueryResult>;
  remove(): void;
};

/** It refuses to run as root. */
function asPostgres(command: string): void {
  if (process.getuid?.() === 0) execFileSync('su', ['postgres', '-s', '/bin/bash', '-c', command], { stdio: 'ignore' });
  else execFileSync('bash', ['-c', command], { stdio: 'ignore' });
}

export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-postgres-'));
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres', folder]);
  const port = await freePort();
  const control = `cd '${folder}' && '${POSTGRES_BIN}/pg_ctl' -D data -l server.log -w`;
  const start = `${control} start -o '-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off -c max_connections=100'`;
  asPostgres(`cd '${folder}' && '${POSTGRES_BIN}/initdb' -D data -U postgres --auth=trust -E UTF8 --locale=C`);
  asPostgres(start);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let goOn = (): void => undefined;
  return {
    url,
    async restart(downMs) {
      asPostgres(`${control} -m immediate stop`);
      await sleep(downMs);
      asPostgres(start);
    },
    pause() {
      const postmaster = Number(readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
      const children = execFileSync('ps', ['--ppid', String(postmaster), '-o', 'pid='])
        .toString()
        .split(/\s+/);
      const all = [postmaster, ...children.filter(Boolean).map(Number)];
      for (const pid of all) process.kill(pid, 'SIGSTOP');
      goOn = () => {
        for (const pid of all.toReversed()) process.kill(pid, 'SIGCONT');
        goOn = () => undefined;
      };
      return () => {
        goOn();
      };
    },
    async query(sql) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        return await client.query(sql);
      } finally {
        await client.end();
      }
    },
    remove() {
      goOn();
      asPostgres(`${control} -m immediate stop || true`);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Asks until it is so, or the test's own time is over. @returns after how many milliseconds. */
export async function until(isSo: () => Promise<boolean>, everyMs = 20): Promise<number> {
  const startedAt = performance.now();
  while (!(await isSo().catch(() => false))) await sleep(everyMs);
  return Math.round(performance.now() - startedAt);
}
