import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Db, openDatabase } from '../../src/platform/database.ts';
import { pulseOf } from '../../src/platform/postgres-register.ts';
import { newBrowser, type RelyingParty, relyingParty } from '../oidc/support/relying-party.ts';
import { startLoad } from '../processes/support/client-pool.ts';
import { freePort, type ProviderProcess, startProvider } from '../processes/support/provider-process.ts';
import { ANSWERED_BY_A_PAGE, ask, report, type Timed } from './support/measure.ts';
import { hasPostgresServer, type PostgresServer, startPostgres, until } from './support/servers.ts';

const HTML = { headers: { accept: 'text/html' } };
/** Half a second until it is asked, two to answer in, and what a busy machine adds. */
const MOST_MS = 5_000;

describe.skipIf(!hasPostgresServer)('PostgreSQL hangs', { timeout: 90_000 }, () => {
  let server: PostgresServer;
  let folder: string;
  let provider: ProviderProcess;
  let issuer: string;
  let shop: RelyingParty;
  let metricsUrl: string;
  beforeAll(async () => {
    server = await startPostgres();
    folder = mkdtempSync(join(tmpdir(), 'dinhdanh-fault-'));
    const [port, metricsPort] = [await freePort(), await freePort()];
    issuer = `http://localhost:${port}`;
    metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
    // With the limit of a statement as it is by default: 15 s.
    const env = { DATABASE_URL: server.url, DATABASE_POOL: '4', WAITING_ROOM: 'off' };
    provider = startProvider(folder, { PORT: String(port), ISSUER: issuer, METRICS_PORT: String(metricsPort), ...env });
    await provider.logged('provider.started');
    shop = relyingParty(issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  });
  afterAll(async () => {
    await provider.stop('SIGKILL');
    server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const signIn = () => shop.signIn(newBrowser(), 'l2-active', { scope: 'openid profile' });
  const isWorking = async (): Promise<boolean> => (await signIn()).access_token !== '';
  const introspect = (token: string): Promise<Timed> =>
    ask(`${issuer}/introspect`, {
      method: 'POST',
      body: new URLSearchParams({ token, client_id: 'sandbox-web', client_secret: 'sandbox-web-secret' }),
    });
  const authorize = (): Promise<Timed> => ask(shop.authorizeUrl(ANSWERED_BY_A_PAGE), HTML);
  const circuit = async (): Promise<string | undefined> =>
    /dinhdanh_circuit_open\{store="postgres"\} (\d)/.exec(await (await fetch(metricsUrl)).text())?.[1];

  it('under load: whoever waits is told within seconds, whoever comes at once, and all is normal when it goes on', async () => {
    const { access_token } = await signIn();
    expect(await circuit()).toBe('0');
    const load = startLoad([Number(new URL(issuer).port)], { clients: 8, issuer });
    await sleep(500);
    const goOn = server.pause();
    try {
      // More than there are connections.
      const first = await Promise.all(
        Array.from({ length: 30 }, (_, at) => (at % 2 ? authorize() : introspect(access_token))),
      );
      expect(new Set(first.map(({ status, retryAfter }) => `${status} ${retryAfter}`))).toEqual(new Set(['503 5']));
      const slowest = Math.max(...first.map(({ ms }) => ms));
      expect(slowest).toBeLessThan(MOST_MS);
      await load.stop();

      const later = await Promise.all(Array.from({ length: 30 }, () => introspect(access_token)));
      expect(new Set(later.map(({ status }) => status))).toEqual(new Set([503]));
      expect(JSON.parse(later[0]?.text ?? '')).toMatchObject({ error: 'temporarily_unavailable' });
      const after = Math.max(...later.map(({ ms }) => ms));
      expect(after).toBeLessThan(1_000);
      expect((await authorize()).text).toContain('Hệ thống đang gián đoạn');
      expect((await ask(`${issuer}/readyz`)).status).toBe(503);
      for (const path of ['/healthz', '/', '/activate', '/jwks', '/.well-known/openid-configuration'])
        expect(`${path} ${(await ask(issuer + path, HTML)).status}`).toBe(`${path} 200`);
      expect(await circuit()).toBe('1');

      goOn();
      const normalAfter = await until(isWorking);
      expect(normalAfter).toBeLessThan(MOST_MS);
      expect((await ask(`${issuer}/readyz`)).status).toBe(200);
      expect(await circuit()).toBe('0');
      expect(JSON.parse((await introspect(access_token)).text)).toMatchObject({ active: true });
      expect(load.failures.filter((text) => !/503|temporarily_unavailable/.test(text))).toEqual([]);
      const told = provider.lines.filter(({ msg }) => String(msg).startsWith('postgres.circuit')).map(({ msg }) => msg);
      expect(told).toEqual(['postgres.circuit_opened', 'postgres.circuit_closed']);
      report('PostgreSQL hangs', { 'first 503 (ms)': slowest, 'then (ms)': after, 'normal after (ms)': normalAfter });
    } finally {
      goOn();
    }
  });

  it('while nobody asks: the first who comes is told at once', async () => {
    const goOn = server.pause();
    try {
      await until(async () => (await circuit()) === '1');
      const first = await authorize();
      expect(first).toMatchObject({ status: 503, retryAfter: '5' });
      expect(first.ms).toBeLessThan(1_000);
    } finally {
      goOn();
    }
    await until(isWorking);
  });

  it('a statement that takes long is no silence: others are served, and it is waited for', async () => {
    const seen = provider.lines.length;
    const holder = openDatabase({ kind: 'postgres', url: server.url });
    const held = await holder.transaction();
    await held.raw('lock table accounts in access exclusive mode');
    const waiting = authorize();
    await sleep(5_000);
    expect((await ask(`${issuer}/readyz`)).status).toBe(200);
    await held.rollback();
    await holder.destroy();
    expect((await waiting).status).toBe(200);
    expect(provider.lines.slice(seen).filter(({ msg }) => msg === 'postgres.circuit_opened')).toEqual([]);
  });

  describe('as one process sees it', () => {
    let db: Db;
    const changes: boolean[] = [];
    beforeAll(() => {
      db = openDatabase({ kind: 'postgres', url: server.url, poolSize: 2 });
      pulseOf(db)?.start((isOpen) => changes.push(isOpen));
    });
    afterAll(() => db.destroy());

    it('being busy itself is no silence', async () => {
      const slow = db.raw('select pg_sleep(4)');
      for (let turn = 0; turn < 4; turn += 1) {
        const until = performance.now() + 900;
        while (performance.now() < until);
        await sleep(1);
      }
      await slow;
      expect(changes).toEqual([]);
    });

    it('who holds a connection, who waits for one and who comes are refused alike, and a transaction is not half done', async () => {
      await db.raw('create table silence (count integer not null)');
      await db('silence').insert({ count: 0 });
      const goOn = server.pause();
      try {
        const change = (): Promise<unknown> => db.transaction((tx) => tx('silence').increment('count', 1));
        const early = await Promise.allSettled(Array.from({ length: 6 }, change));
        expect(early.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'rejected'));
        const startedAt = performance.now();
        const late = await Promise.allSettled(Array.from({ length: 6 }, change));
        expect(late.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'rejected'));
        expect(performance.now() - startedAt).toBeLessThan(500);
      } finally {
        goOn();
      }
      await until(async () => (await db('silence').first('count'))?.count === 0);
      expect(changes).toEqual([true, false]);
    });
  });
});
