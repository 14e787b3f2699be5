import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLoad } from '../processes/support/client-pool.ts';
import { freePort, makeStores, type ProviderProcess, startProvider } from '../processes/support/provider-process.ts';
import { postgresUrl, redisUrl } from '../support/services.ts';
import { type ReverseProxy, startReverseProxy } from './support/reverse-proxy.ts';
import { hasTool } from './support/tools.ts';

const SLOW = 120_000;
const TOUR = join(import.meta.dirname, '../../examples/curl-tour.sh');
/** Some 200 kB. */
const LARGE_FILE = join(import.meta.dirname, '../../package-lock.json');
const run = promisify(execFile);
const canRun = hasTool('nginx') && postgresUrl() !== undefined && redisUrl() !== undefined;

describe.skipIf(!canRun)('two providers behind nginx', () => {
  let stores: Awaited<ReturnType<typeof makeStores>>;
  let ports: number[];
  let proxyPort: number;
  let issuer: string;
  let proxy: ReverseProxy;
  const running = new Map<number, ProviderProcess>();

  const start = async (port: number): Promise<void> => {
    const env = { PORT: String(port), ISSUER: issuer, TRUST_PROXY: 'true', DRAIN_SECONDS: '2' };
    const provider = startProvider(stores.folder, { ...stores.env, ...env, OPEN_DATA_PER_ADDRESS_PER_MINUTE: '3' });
    running.set(port, provider);
    await provider.logged('provider.started');
  };
  /** The answer's status and headers, and its body, by curl: it can ask with any SNI, Host and certificate. */
  const curl = async (path: string, ...args: string[]): Promise<{ status: number; text: string }> => {
    const { stdout } = await run('curl', ['-sS', '-i', '--cacert', proxy.caFile, ...args, `${issuer}${path}`]);
    return { status: Number(/^HTTP\/[\d.]+ (\d+)/.exec(stdout)?.[1]), text: stdout };
  };

  beforeAll(async () => {
    stores = await makeStores(6);
    ports = [await freePort(), await freePort()];
    proxyPort = await freePort();
    issuer = `https://localhost:${proxyPort}`;
    for (const port of ports) await start(port);
    proxy = await startReverseProxy(proxyPort, ports);
  }, SLOW);
  afterAll(async () => {
    await proxy.stop();
    await Promise.all([...running.values()].map((one) => one.stop('SIGKILL')));
    await stores.discard();
  });

  it('the whole tour goes through it: sign-in, tokens, logout, an activation', { timeout: SLOW }, async () => {
    const env = { ...process.env, ISSUER: issuer, CURL_CA_BUNDLE: proxy.caFile };
    const { stdout } = await run('bash', [TOUR], { env });
    expect(stdout).toContain('=== The end.');
    const { text } = await curl('/activate');
    expect(text).toMatch(/^set-cookie: __Host-\S+.*secure/im);
  });

  it('both are restarted under load, and no request fails', { timeout: SLOW }, async () => {
    const load = startLoad([proxyPort], { clients: 6, issuer, ca: readFileSync(proxy.caFile, 'utf8') });
    await sleep(500);
    for (const port of ports) {
      expect(await running.get(port)?.stop()).toBe(0);
      await start(port);
    }
    await sleep(500);
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(load.flows).toBeGreaterThan(10);
  });

  it('who writes forwarded headers is not believed: an address is the address', { timeout: SLOW }, async () => {
    const forged = (n: number): string[] =>
      [
        `X-Forwarded-For: 203.0.113.${n}`,
        `Forwarded: for=203.0.113.${n}`,
        'X-Forwarded-Host: evil.example',
        'X-Forwarded-Proto: http',
      ].flatMap((line) => ['-H', line]);
    const statuses: number[] = [];
    // Three a minute in each of two processes.
    for (let n = 1; n <= 8; n += 1) statuses.push((await curl('/statistics/activation.json', ...forged(n))).status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(6);
    expect(statuses).toContain(429);

    const page = await curl('/account', ...forged(9));
    expect(page.text).toMatch(new RegExp(`^location: (${issuer})?/`, 'im'));
    expect(page.text).toMatch(/^set-cookie: .*secure/im);
    expect((await curl('/.well-known/openid-configuration', ...forged(9))).text).not.toContain('evil.example');
  });

  it('any other host is nobody here', async () => {
    expect((await curl('/', '-H', 'Host: evil.example')).status).toBe(421);
    const other = ['--connect-to', `evil.example:443:127.0.0.1:${proxyPort}`, '-k', 'https://evil.example/'];
    await expect(run('curl', ['-sS', ...other])).rejects.toThrow(/alert|unrecognized name/i);
  });

  it.each(['/healthz', '/readyz', '/metrics', '/Healthz', '/READYZ/', '/%68ealthz', '//readyz', '/./metrics'])(
    '%s is not for outside',
    async (path) => {
      expect(await curl(path, '--path-as-is')).toMatchObject({
        status: 404,
        text: expect.not.stringContaining('"status"'),
      });
    },
  );

  it('a body that no form has does not reach the provider', async () => {
    const { status } = await curl('/token', '--data-binary', `@${LARGE_FILE}`);
    expect(status).toBe(413);
  });

  it('asks machines for a certificate where it is told to, and a header about one changes nothing', async () => {
    const port = await freePort();
    const strict = await startReverseProxy(port, ports, { clientCertificates: true });
    const ask = async (path: string, ...args: string[]): Promise<string> => {
      const { stdout } = await run('curl', [
        '-sS',
        '-w',
        ' %{http_code}',
        '--cacert',
        strict.caFile,
        ...args,
        `https://localhost:${port}${path}`,
      ]);
      return stdout;
    };
    const certificate = ['--cert', strict.client.certFile, '--key', strict.client.keyFile];
    const grant = ['-d', 'grant_type=client_credentials'];
    const header = [
      'X-SSL-Client-Cert: any',
      'X-Client-Cert: any',
      'X-SSL-Client-Verify: SUCCESS',
      'X-SSL-Client-S-DN: CN=sandbox-machine',
    ].flatMap((line) => ['-H', line]);
    try {
      const secret = ['-u', 'sandbox-machine:sandbox-machine-secret'];
      expect(await ask('/token', ...secret, ...grant)).toMatch(/ 403$/);
      expect(await ask('/Token/', ...secret, ...grant)).toMatch(/ 403$/);
      expect(await ask('/token', ...secret, ...grant, ...header)).toMatch(/ 403$/);
      expect(await ask('/token', ...secret, ...grant, ...certificate)).toMatch(/"access_token".* 200$/s);
      // The certificate opens the door; who asks is proved by the secret alone.
      const withoutSecret = [...grant, '-d', 'client_id=sandbox-machine', ...certificate, ...header];
      expect(await ask('/token', ...withoutSecret)).toMatch(/invalid_client.* 401$/s);
      expect(await ask('/')).toMatch(/ 200$/);
    } finally {
      await strict.stop();
    }
  });
});
