import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ProviderProcess, startProvider } from './support/provider-process.ts';

const SLOW = 60_000;
const fieldOf = (file: string, name: string): string =>
  new RegExp(`${name}:\\s*(\\S+)`).exec(readFileSync(`${file}/status`, 'utf8'))?.[1] ?? '';
const coresOf = (thread: string): string => fieldOf(thread, 'Cpus_allowed_list');

describe.runIf(process.platform === 'linux')('HASHING_CORES', () => {
  let folder: string;
  let provider: ProviderProcess;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dinhdanh-cores-'));
  });
  afterEach(async () => {
    await provider.stop('SIGINT');
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps hashing on its cores, and nothing else of the process', { timeout: SLOW }, async () => {
    const all = coresOf('/proc/self');
    const last = all.split(/[-,]/).at(-1) ?? '';
    provider = startProvider(folder, { PORT: '0', HASHING_CORES: last });
    await provider.logged('provider.started');
    const tasks = `/proc/${provider.child.pid}/task`;
    const threads = readdirSync(tasks).map((thread) => `${tasks}/${thread}`);
    const isPool = (thread: string): boolean => fieldOf(thread, 'Name').startsWith('libuv-worker');
    expect(new Set(threads.filter(isPool).map(coresOf))).toEqual(new Set([last]));
    expect(coresOf(`/proc/${provider.child.pid}`)).toBe(all);
  });

  it('that are not there are refused at the start, and it says so', { timeout: SLOW }, async () => {
    provider = startProvider(folder, { PORT: '0', HASHING_CORES: '4095' });
    await expect(provider.logged('provider.started')).rejects.toThrow(
      /HASHING_CORES[\s\S]*cores that this process may use/,
    );
  });
});
