import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newBrowser, type RelyingParty, relyingParty } from '../oidc/support/relying-party.ts';
import { freePort, type ProviderProcess, startProvider } from '../processes/support/provider-process.ts';
import { ANSWERED_BY_A_PAGE, ask, report, type Timed } from './support/measure.ts';
import { hasRedisServer, type RedisServer, startRedis, until } from './support/servers.ts';

const HTML = { headers: { accept: 'text/html' } };

describe.skipIf(!hasRedisServer)('while Redis is away', { timeout: 60_000 }, () => {
  let folder: string;
  let redis: RedisServer;
  let provider: ProviderProcess;
  let issuer: string;
  let shop: RelyingParty;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dinhdanh-fault-'));
    redis = await startRedis();
    const port = await freePort();
    issuer = `http://localhost:${port}`;
    provider = startProvider(folder, { PORT: String(port), ISSUER: issuer, REDIS_URL: redis.url });
    await provider.logged('provider.started');
    shop = relyingParty(issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  });
  afterAll(async () => {
    await provider.stop('SIGKILL');
    await redis.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const signIn = () => shop.signIn(newBrowser(), 'l2-active', { scope: 'openid profile' });
  const isWorking = async (): Promise<boolean> => (await signIn()).access_token !== '';
  const introspect = (token: string): Promise<Timed> =>
    ask(`${issuer}/introspect`, {
      method: 'POST',
      body: new URLSearchParams({ token, client_id: 'sandbox-web', client_secret: 'sandbox-web-secret' }),
    });

  /** Programs get OAuth's word, people a page, both at once and told when to come back. What needs no Redis goes on. */
  const expectOutage = async (token: string): Promise<{ slowest: number; after: number }> => {
    const first = await Promise.all(Array.from({ length: 8 }, () => introspect(token)));
    const program = await introspect(token);
    expect(program).toMatchObject({ status: 503, retryAfter: '5' });
    expect(JSON.parse(program.text)).toMatchObject({ error: 'temporarily_unavailable' });

    const page = await ask(shop.authorizeUrl(ANSWERED_BY_A_PAGE), HTML);
    expect(page).toMatchObject({ status: 503, retryAfter: '5' });
    expect(page.text).toContain('Hệ thống đang gián đoạn');
    expect((await ask(`${issuer}/readyz`)).status).toBe(503);
    for (const path of ['/healthz', '/', '/activate', '/statistics', '/jwks', '/.well-known/openid-configuration'])
      expect(`${path} ${(await ask(issuer + path, HTML)).status}`).toBe(`${path} 200`);
    const slowest = Math.max(...first.map(({ ms }) => ms));
    const later = await Promise.all(Array.from({ length: 20 }, () => introspect(token)));
    // All but the one that tries whether it is back.
    const after = later.map(({ ms }) => ms).toSorted((a, b) => a - b)[18] ?? 0;
    return { slowest, after };
  };
  const recovery = async (): Promise<number> => {
    const ms = await until(isWorking);
    expect((await ask(`${issuer}/readyz`)).status).toBe(200);
    return ms;
  };

  it('that was killed and started again, sessions and codes are gone and consents are not', async () => {
    const { access_token, refresh_token } = await signInOffline();
    await redis.kill();
    const { slowest, after } = await expectOutage(access_token);
    await redis.start();
    const normalAfter = await recovery();
    // An access token was in Redis alone; a refresh token is in SQL, and what it stands on too.
    expect(JSON.parse((await introspect(access_token)).text)).toMatchObject({ active: false });
    expect((await shop.refresh(refresh_token)).status).toBe(200);
    report('Redis killed', { 'first 503 (ms)': slowest, 'then (ms)': after, 'normal after start (ms)': normalAfter });
  });

  it('that hangs, answers take as long as two commands and then nothing, and nothing is lost', async () => {
    const { access_token } = await signIn();
    redis.signal('SIGSTOP');
    const { slowest, after } = await expectOutage(access_token);
    expect(provider.lines.some(({ msg }) => msg === 'redis.circuit_opened')).toBe(true);
    expect((await ask(`${issuer}/metrics`)).text).toContain('dinhdanh_circuit_open{store="redis"} 1');
    redis.signal('SIGCONT');
    const normalAfter = await recovery();
    expect((await ask(`${issuer}/metrics`)).text).toContain('dinhdanh_circuit_open{store="redis"} 0');
    expect(JSON.parse((await introspect(access_token)).text)).toMatchObject({ active: true });
    report('Redis hangs', { 'first 503 (ms)': slowest, 'then (ms)': after, 'normal after (ms)': normalAfter });
  });

  it('that is full, what is there can be read, and what is new is refused', async () => {
    const { access_token } = await signIn();
    await redis.command('config', 'set', 'maxmemory', '1mb');
    await redis.command('config', 'set', 'maxmemory-policy', 'noeviction');
    const refused = await ask(shop.authorizeUrl(ANSWERED_BY_A_PAGE), HTML);
    expect(refused).toMatchObject({ status: 503, retryAfter: '5' });
    expect(JSON.parse((await introspect(access_token)).text)).toMatchObject({ active: true });
    await redis.command('config', 'set', 'maxmemory', '0');
    const normalAfter = await recovery();
    report('Redis full', { '503 (ms)': refused.ms, 'normal after (ms)': normalAfter });
  });

  it('at the start, the provider starts, says so, and serves when it comes', async () => {
    await redis.kill();
    const port = await freePort();
    const late = startProvider(folder, {
      PORT: String(port),
      ISSUER: `http://localhost:${port}`,
      REDIS_URL: redis.url,
      DATABASE_URL: 'sqlite:./data/late.db',
    });
    try {
      await late.logged('provider.started');
      expect((await ask(`http://localhost:${port}/readyz`)).status).toBe(503);
      await redis.start();
      await until(async () => (await ask(`http://localhost:${port}/readyz`)).status === 200);
    } finally {
      await late.stop('SIGKILL');
    }
  });

  const signInOffline = () =>
    shop.signIn(newBrowser(), 'l2-active', { scope: 'openid offline_access', prompt: 'consent' });
});
