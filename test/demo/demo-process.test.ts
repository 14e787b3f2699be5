import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOrMakeSigningKey } from '../../src/demo/client-signing-key.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

let folder: string;
let taken: Server;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dinhdanh-start-'));
  taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(0, '127.0.0.1', resolve);
  });
});
afterEach(() => {
  taken.close();
  rmSync(folder, { recursive: true, force: true });
});

/** `npm start` in a folder of its own, with whatever port is free for the provider. */
async function start(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [MAIN], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      SYNTHETIC_PEOPLE: '0',
      ARGON2_MEMORY_KIB: '8',
      LOG_LEVEL: 'error',
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  return { code, stderr };
}

describe('A start with a demo port that is taken', () => {
  it('ends with one message that names the key and what to do', async () => {
    const port = (taken.address() as AddressInfo).port;
    const { code, stderr } = await start({
      DEMO_IHANOI_PORT: '0',
      DEMO_HEALTH_PORT: String(port),
      DEMO_JUDICIAL_PORT: '0',
    });
    expect(code).toBe(1);
    expect(stderr).toContain(`DEMO_HEALTH_PORT: port ${port} is taken by another program`);
    expect(stderr).toContain('DEMO=false');
    expect(stderr).not.toContain('    at ');
  });
});

describe('A provider that ends while the demo services start', () => {
  it.each([
    ['their ports are free', () => '0'],
    ['one of them is taken', () => String((taken.address() as AddressInfo).port)],
  ] as [string, () => string][])('takes them along without a complaint: %s', async (_, port) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/demo/main.ts')], {
      cwd: folder,
      env: { DEMO_IHANOI_PORT: '0', DEMO_HEALTH_PORT: port(), DEMO_JUDICIAL_PORT: '0', LOG_LEVEL: 'error' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.disconnect();
    await once(child, 'exit');
    expect(stderr).toBe('');
  });
});

describe('The key of the judicial record', () => {
  it('is made once, for its owner’s eyes alone, and kept', async () => {
    const first = await readOrMakeSigningKey(join(folder, 'demo'), 'ly-lich-tu-phap');
    const second = await readOrMakeSigningKey(join(folder, 'demo'), 'ly-lich-tu-phap');
    expect(second.jwks).toEqual(first.jwks);
    expect(statSync(join(folder, 'demo/ly-lich-tu-phap.jwk.json')).mode & 0o777).toBe(0o600);
  });
});
