import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ProviderProcess, startProvider } from './support/provider-process.ts';

const SLOW = 60_000;
const fieldOf = (file: string, name: string): string =>
  new RegExp(`${name}:\\s*(\\S+)`).exec(readFileSync(`${file}/status`, 'utf8'))?.[1] ?? '';
const coresOf = (thread: string): string => fieldOf(thread, 'Cpus_allowed_list');
const poolOf = ({ child }: ProviderProcess): string[] => {
  const tasks = `/proc/${child.pid}/task`;
  const threads = readdirSync(tasks).map((thread) => `${tasks}/${thread}`);
  return threads.filter((thread) => fieldOf(thread, 'Name').startsWith('libuv-worker'));
};

describe.runIf(process.platform === 'linux')('where hashing runs', () => {
  let folder: string;
  let provider: ProviderProcess;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dinhdanh-cores-'));
  });
  afterEach(async () => {
    await provider.stop('SIGINT');
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    [{ ARGON2_CONCURRENCY: '1' }, 4],
    [{ ARGON2_CONCURRENCY: '7' }, 9],
    [{ ARGON2_CONCURRENCY: '7', UV_THREADPOOL_SIZE: '5' }, 5],
  ])('has as many threads as %j needs, and some for files', { timeout: SLOW }, async (env, threads) => {
    provider = startProvider(folder, { PORT: '0', ...env });
    await provider.logged('provider.started');
    expect(poolOf(provider)).toHaveLength(threads);
  });

  it('is kept on HASHING_CORES, and nothing else of the process', { timeout: SLOW }, async () => {
    const all = coresOf('/proc/self');
    const last = all.split(/[-,]/).at(-1) ?? '';
    provider = startProvider(folder, { PORT: '0', HASHING_CORES: last });
    await provider.logged('provider.started');
    expect(new Set(poolOf(provider).map(coresOf))).toEqual(new Set([last]));
    expect(coresOf(`/proc/${provider.child.pid}`)).toBe(all);
  });

  it('is refused on HASHING_CORES that are not there, and it says so', { timeout: SLOW }, async () => {
    provider = startProvider(folder, { PORT: '0', HASHING_CORES: '4095' });
    await expect(provider.logged('provider.started')).rejects.toThrow(
      /HASHING_CORES[\s\S]*cores that this process may use/,
    );
  });
});
