import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { CONFIG_DEFAULTS, CONFIG_KEYS } from '../../src/config-keys.ts';
import { parseEnvFile } from '../../src/platform/env-file.ts';

describe('configuration', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dinhdanh-config-'));
  });
  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true });
  });
  const problemKeys = (env: Record<string, string>): string[] => {
    const loaded = loadConfig({ env, folder });
    return loaded.ok ? [] : loaded.problems.map((one) => one.key);
  };

  it('starts with nothing set, and keeps the secrets it made', () => {
    const first = loadConfig({ env: {}, folder });
    const second = loadConfig({ env: {}, folder });
    expect(first.ok && second.ok && first.config.secrets).toEqual(second.ok && second.config.secrets);
    expect(statSync(join(folder, 'keys/secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('documents every key with its default in .env.example', () => {
    const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    const documented = parseEnvFile(text.replace(/^#([A-Z][A-Z0-9_]*=)/gm, '$1'));
    expect(documented.problems).toEqual([]);
    expect(new Set(Object.keys(documented.values))).toEqual(new Set(CONFIG_KEYS));
    const active = parseEnvFile(text).values;
    for (const [key, value] of Object.entries(CONFIG_DEFAULTS)) expect([key, active[key]]).toEqual([key, value]);
  });

  it('reports every problem at once, each with its key', () => {
    expect(problemKeys({ PORT: 'three', ISSUER: 'localhost', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://x' })).toEqual(
      expect.arrayContaining(['PORT', 'ISSUER', 'LOG_LEVEL', 'DATABASE_URL']),
    );
  });

  it('reports a broken line and an unknown key of .env, never the value', () => {
    writeFileSync(join(folder, '.env'), 'PORT 3000\nPASSWROD_PEPPER=hunter2hunter2\n');
    const loaded = loadConfig({ env: {}, folder });
    expect(loaded.ok).toBe(false);
    const text = JSON.stringify(loaded);
    expect(text).toContain('.env line 1');
    expect(text).toContain('PASSWROD_PEPPER');
    expect(text).not.toContain('hunter2');
  });

  it('hashes on as many cores as are named for it, shared among the workers', () => {
    const hashesAtOnce = (env: Record<string, string>): number | undefined => {
      const loaded = loadConfig({ env: { DATABASE_URL: 'postgres://localhost/x', ...env }, folder });
      return loaded.ok ? loaded.config.argon2Concurrency : undefined;
    };
    expect(hashesAtOnce({ HASHING_CORES: '1-3,6' })).toBe(4);
    expect(hashesAtOnce({ HASHING_CORES: '1-3,6', WORKERS: '2' })).toBe(2);
    expect(hashesAtOnce({ HASHING_CORES: '1', WORKERS: '2' })).toBe(1);
    expect(hashesAtOnce({ HASHING_CORES: '1-3', ARGON2_CONCURRENCY: '2' })).toBe(2);
    expect(problemKeys({ HASHING_CORES: 'all' })).toEqual(['HASHING_CORES']);
  });

  it('lets the environment win over .env', () => {
    writeFileSync(join(folder, '.env'), 'PORT=4000\n');
    const loaded = loadConfig({ env: { PORT: '5000' }, folder });
    expect(loaded.ok && loaded.config.port).toBe(5000);
  });

  it('refuses sandbox defaults in production, all of them at once', () => {
    expect(new Set(problemKeys({ NODE_ENV: 'production', SANDBOX: 'true', DEMO: 'true' }))).toEqual(
      new Set([
        'DATA_KEYS',
        'INDEX_KEYS',
        'COOKIE_KEYS',
        'PASSWORD_PEPPER',
        'ISSUER',
        'SANDBOX',
        'DEMO',
        'ALLOW_PRIVATE_FETCH',
        'HOTLINE',
        'SMS_GATEWAY_URL',
        'DATABASE_URL',
        'TLS_CERT',
      ]),
    );
  });

  it('refuses short, repeated and predictable secrets', () => {
    const production = {
      NODE_ENV: 'production',
      DATA_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
      INDEX_KEYS: 'k1:c2hvcnQ=',
      COOKIE_KEYS: 'x'.repeat(40),
      PASSWORD_PEPPER: 'short',
    };
    expect(problemKeys(production)).toEqual(
      expect.arrayContaining(['DATA_KEYS', 'INDEX_KEYS', 'COOKIE_KEYS', 'PASSWORD_PEPPER']),
    );
  });

  it('accepts a complete production configuration', () => {
    const key = (seed: number): string =>
      Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37 + seed * 11) % 256)).toString('base64');
    const env = {
      NODE_ENV: 'production',
      ISSUER: 'https://dinhdanh.example.vn',
      DATABASE_URL: 'postgres://dinhdanh@db/dinhdanh',
      DATA_KEYS: `k2:${key(1)},k1:${key(2)}`,
      INDEX_KEYS: `k1:${key(3)}`,
      COOKIE_KEYS: 'q9XbT2mJ7vLpR4sYw8ZkC3nFhD6gAeUx',
      PASSWORD_PEPPER: 'm3KfV8tQzR1xWbN6cJpL5yHdS9aGuEoT',
      SMS_GATEWAY_URL: 'https://sms.example.vn/send',
      SMS_GATEWAY_TOKEN: '0123456789abcdef0123',
      TRUST_PROXY: 'true',
      HOTLINE: '1900 1234',
    };
    const loaded = loadConfig({ env, folder });
    expect(loaded).toMatchObject({
      ok: true,
      config: { isSandbox: false, isDemo: false, allowPrivateFetch: false, isSecure: true },
    });
  });
});
