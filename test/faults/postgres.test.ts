import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Db, inTransaction, openDatabase } from '../../src/platform/database.ts';
import { read, runShort, send } from '../../src/platform/prepared-queries.ts';
import { isStoreOutage } from '../../src/platform/store-outage.ts';
import { newBrowser, relyingParty } from '../oidc/support/relying-party.ts';
import { startLoad } from '../processes/support/client-pool.ts';
import { freePort, type ProviderProcess, startProvider } from '../processes/support/provider-process.ts';
import { ANSWERED_BY_A_PAGE, ask, report } from './support/measure.ts';
import { hasPostgresServer, type PostgresServer, startPostgres, until } from './support/servers.ts';

const HTML = { headers: { accept: 'text/html' } };

describe.skipIf(!hasPostgresServer)('PostgreSQL', { timeout: 90_000 }, () => {
  let server: PostgresServer;
  let db: Db;
  beforeAll(async () => {
    server = await startPostgres();
    db = openDatabase({ kind: 'postgres', url: server.url });
    await db.raw('create table fault (id text primary key, count integer not null)');
    await db('fault').insert(['a', 'b'].map((id) => ({ id, count: 0 })));
  });
  afterAll(async () => {
    await db.destroy();
    server.remove();
  });

  const countsOf = async (): Promise<number[]> =>
    ((await db('fault').orderBy('id')) as { count: number }[]).map(({ count }) => count);

  it('ends a connection in the middle of a transaction: refused, nothing half-written, the next one goes well', async () => {
    const half: Promise<unknown> = inTransaction(db, async (tx) => {
      await tx('fault').where({ id: 'a' }).increment('count', 1);
      const { rows } = (await tx.raw('select pg_backend_pid() as pid')) as { rows: { pid: number }[] };
      await server.query(`select pg_terminate_backend(${rows[0]?.pid})`);
      await tx('fault').where({ id: 'b' }).increment('count', 1);
    });
    expect(
      isStoreOutage(
        await half.then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    ).toBe(true);
    const short = runShort(db, function* () {
      yield* send('update fault set count = count + 1 where id = ?', ['a']);
      const [row] = yield* read<{ pid: number }>('select pg_backend_pid() as pid', []);
      // It ends itself.
      yield* send('select pg_terminate_backend(?::int)', [row?.pid ?? 0]);
      yield* send('update fault set count = count + 1 where id = ?', ['b']);
    });
    expect(
      isStoreOutage(
        await short.then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    ).toBe(true);
    expect(await countsOf()).toEqual([0, 0]);
    await inTransaction(db, (tx) => tx('fault').increment('count', 1));
    expect(await countsOf()).toEqual([1, 1]);
  });

  /** Two transactions that take the same two rows in opposite order, each holding its first until the other has its own. */
  const crossing = async (run: (first: string, second: string, meet: () => Promise<void>) => Promise<void>) => {
    let arrived = 0;
    const both = Promise.withResolvers<undefined>();
    const meet = async (): Promise<void> => {
      arrived += 1;
      if (arrived === 2) both.resolve(undefined);
      await both.promise;
    };
    await Promise.all([run('a', 'b', meet), run('b', 'a', meet)]);
    return arrived;
  };

  it('breaks a deadlock (40P01): the one that lost is run again, and both are done', async () => {
    const before = await countsOf();
    const runs = await crossing((first, second, meet) =>
      inTransaction(db, async (tx) => {
        await tx('fault').where({ id: first }).increment('count', 1);
        await meet();
        await tx('fault').where({ id: second }).increment('count', 1);
      }),
    );
    expect(runs).toBe(3);
    expect(await countsOf()).toEqual(before.map((count) => count + 2));
  });

  it('refuses a serialization (40001): the one that lost is run again, and sees what the other did', async () => {
    await db('fault').update({ count: 0 });
    const runs = await crossing((first, second, meet) =>
      inTransaction(db, async (tx) => {
        await tx.raw('set transaction isolation level serializable');
        const row = (await tx('fault').where({ id: second }).first()) as { count: number };
        await meet();
        await tx('fault')
          .where({ id: first })
          .update({ count: row.count + 1 });
      }),
    );
    expect(runs).toBe(3);
    // One after the other, in either order: never both from nothing.
    expect((await countsOf()).toSorted((one, other) => one - other)).toEqual([1, 2]);
  });

  describe('under a running provider', () => {
    let folder: string;
    let provider: ProviderProcess;
    let issuer: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'dinhdanh-fault-'));
      await server.query('create database provider');
      const port = await freePort();
      issuer = `http://localhost:${port}`;
      const url = server.url.replace(/postgres$/, 'provider');
      const env = { DATABASE_URL: url, DATABASE_POOL: '4', DATABASE_STATEMENT_TIMEOUT_MS: '1000', WAITING_ROOM: 'off' };
      provider = startProvider(folder, { PORT: String(port), ISSUER: issuer, ...env });
      await provider.logged('provider.started');
    });
    afterAll(async () => {
      await provider.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });

    const shop = () => relyingParty(issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
    const isWorking = async (): Promise<boolean> =>
      (await shop().signIn(newBrowser(), 'l2-active', { scope: 'openid profile' })).access_token !== '';

    it('takes as many connections as it was told', async () => {
      const load = startLoad([Number(new URL(issuer).port)], { clients: 16, issuer });
      await sleep(1_000);
      const { rows } = await server.query(
        `select count(*)::int as used from pg_stat_activity where datname = 'provider'`,
      );
      await load.stop();
      expect(load.failures).toEqual([]);
      // Twice DATABASE_POOL, five for single statements of the register, and one that asks whether it is there.
      expect((rows[0] as { used: number }).used).toBeLessThanOrEqual(14);
    });

    it('restarts: 503 at once while it is away, and normal again by itself', async () => {
      const token = await shop().signIn(newBrowser(), 'l2-active', { scope: 'openid profile' });
      let slowest = 0;
      const statuses = new Set<number>();
      const over = new AbortController();
      const watching = (async () => {
        while (!over.signal.aborted) {
          const answer = await ask(shop().authorizeUrl(ANSWERED_BY_A_PAGE), HTML);
          statuses.add(answer.status);
          slowest = Math.max(slowest, answer.ms);
          if (answer.status === 503) expect(answer.retryAfter).toBe('5');
        }
      })();
      await server.restart(500);
      const normalAfter = await until(isWorking);
      over.abort();
      await watching;
      expect(statuses).toContain(503);
      expect(statuses).not.toContain(500);
      expect((await shop().call('/introspect', { token: token.access_token })).body).toMatchObject({ active: true });
      expect((await ask(`${issuer}/readyz`)).status).toBe(200);
      report('PostgreSQL restarted', { 'slowest answer (ms)': slowest, 'normal after start (ms)': normalAfter });
    });

    it('loses its connections under load again and again: some are told to come back, nobody is told anything else', async () => {
      const load = startLoad([Number(new URL(issuer).port)], { clients: 8, issuer });
      for (let round = 0; round < 5; round += 1) {
        await sleep(200);
        await server.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'provider'`);
      }
      await load.stop();
      const after = startLoad([Number(new URL(issuer).port)], { clients: 8, issuer });
      while (after.flows < 16) await sleep(20);
      await after.stop();
      expect(after.failures).toEqual([]);
      // A code whose redemption was cut off after its commit is spent: nobody can tell, so the service is told to begin again.
      expect(load.failures.filter((text) => !/503|temporarily_unavailable|invalid_grant/.test(text))).toEqual([]);
      report('connections ended five times', { 'flows done': load.flows, 'told to come back': load.failures.length });
    });

    it('has a table that somebody locked: 503 after the statement timeout, and at once normal after', async () => {
      const url = server.url.replace(/postgres$/, 'provider');
      const holder = openDatabase({ kind: 'postgres', url });
      const held = await holder.transaction();
      await held.raw('lock table accounts in access exclusive mode');
      const blocked = await ask(shop().authorizeUrl(ANSWERED_BY_A_PAGE), HTML);
      expect(blocked).toMatchObject({ status: 503, retryAfter: '5' });
      expect((await ask(`${issuer}/activate`, HTML)).status).toBe(200);
      // Who waits is seen from outside.
      let underWay = 0;
      while (underWay === 0) {
        const waiting = ask(shop().authorizeUrl(ANSWERED_BY_A_PAGE), HTML);
        const metrics = await (await fetch(`${issuer}/metrics`)).text();
        underWay = Number(/dinhdanh_statements_under_way\{store="register"\} (\d+)/.exec(metrics)?.[1]);
        await waiting;
      }
      expect(underWay).toBeGreaterThan(0);
      await held.rollback();
      await holder.destroy();
      const normalAfter = await until(isWorking);
      report('table locked', { '503 after (ms)': blocked.ms, 'normal after (ms)': normalAfter });
    });
  });
});
