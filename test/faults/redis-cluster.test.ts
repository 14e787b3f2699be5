import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errors } from 'oidc-provider';
import { afterEach, describe, expect, it } from 'vitest';
import { openProtocolStore } from '../../src/oidc/adapters/open-protocol-store.ts';
import type { ProtocolStore } from '../../src/oidc/adapters/protocol-store.ts';
import { openDatabase } from '../../src/platform/database.ts';
import { createLog } from '../../src/platform/log.ts';
import { openSharedTexts, type SharedTexts } from '../../src/platform/shared-texts.ts';
import { createVault } from '../../src/platform/vault.ts';
import { freePort } from '../processes/support/provider-process.ts';
import { report } from './support/measure.ts';
import { isReplicated, type RedisCluster, startRedisCluster } from './support/redis-cluster.ts';
import { hasRedisServer, type RedisServer, startRedis, until } from './support/servers.ts';

const LIFE_SECONDS = 600;
const started: RedisServer[] = [];
const folders: string[] = [];
const stores: ProtocolStore[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  for (const server of started.splice(0)) await server.remove();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function startServer(...options: string[]): Promise<RedisServer> {
  const server = await startRedis(options);
  started.push(server);
  return server;
}

async function startCluster(replicas?: number): Promise<RedisCluster> {
  const cluster = await startRedisCluster(replicas);
  started.push(...cluster.nodes);
  return cluster;
}

async function openStore(redisUrl: string): Promise<ProtocolStore> {
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-redis-'));
  folders.push(folder);
  const key = (id: string) => ({ id, key: randomBytes(32) });
  const store = await openProtocolStore(
    {
      database: { kind: 'sqlite', protocolFile: join(folder, 'protocol.db') },
      redisUrl,
      sqliteSynchronous: 'NORMAL',
      refreshTokenDays: 30,
    },
    {
      clock: () => new Date(),
      vault: createVault({ dataKeys: [key('d')], indexKeys: [key('i')] }),
      log: createLog('silent'),
    },
  );
  stores.push(store);
  return store;
}

const code = (grantId: string) => ({ kind: 'AuthorizationCode', accountId: 'account', clientId: 'shop', grantId });
const session = (uid: string) => ({ kind: 'Session', accountId: 'account', uid, loginTs: 1, authorizations: {} });

/** What of the contract of test/contracts/oidc-adapter.test.ts a cluster could break: what touches several keys, in many slots. */
async function holdsTheContract(store: ProtocolStore): Promise<void> {
  const codes = store.adapterFor('AuthorizationCode');
  const sessions = store.adapterFor('Session');
  const ids = Array.from({ length: 60 }, (_, index) => `code-${index}-${randomBytes(4).toString('hex')}`);
  await Promise.all(ids.map((id, index) => codes.upsert(id, code(`grant-${index % 3}`), LIFE_SECONDS)));
  expect((await Promise.all(ids.map((id) => codes.find(id)))).every((found) => found?.clientId === 'shop')).toBe(true);

  // One of ten at once redeems, everywhere.
  for (const id of ids.slice(0, 6)) {
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => codes.consume(id)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of tries) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(errors.InvalidGrant);
    expect((await codes.find(id))?.consumed).toEqual(expect.any(Number));
  }

  // What dies with a grant lies in many slots.
  await codes.revokeByGrantId('grant-0');
  const left = await Promise.all(ids.map((id) => codes.find(id)));
  expect(left.map((found) => found !== undefined)).toEqual(ids.map((_, index) => index % 3 !== 0));

  const uids = Array.from({ length: 12 }, (_, index) => `uid-${index}-${randomBytes(4).toString('hex')}`);
  await Promise.all(uids.map((uid) => sessions.upsert(`id-of-${uid}`, session(uid), LIFE_SECONDS)));
  expect((await store.listSessions('account')).length).toBe(12);
  expect((await sessions.findByUid(uids[0] ?? ''))?.uid).toBe(uids[0]);
  await store.destroySession(uids[0] ?? '');
  expect(await store.destroySessions('account')).toHaveLength(11);
  expect(await sessions.find(`id-of-${uids[5]}`)).toBeUndefined();
  const jti = randomBytes(4).toString('hex');
  const replays = store.adapterFor('ReplayDetection');
  const once = await Promise.allSettled(
    Array.from({ length: 8 }, () => replays.upsert(jti, { kind: 'ReplayDetection', iss: 'shop' }, 60)),
  );
  expect(once.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
}

/** What the waiting rooms of all processes share lies in the same Redis. */
async function sharesTexts(redisUrl: string): Promise<void> {
  const db = openDatabase({ kind: 'sqlite', file: ':memory:' });
  const open = (): Promise<SharedTexts> =>
    openSharedTexts({ redisUrl, database: { kind: 'sqlite' } }, { db, log: createLog('silent') });
  const both = [await open(), await open()];
  await Promise.all(both.flatMap((texts) => [1, 2, 3].map(() => texts.change('line', (text) => `${text ?? ''}x`))));
  for (const texts of both) expect(await texts.read('line')).toBe('xxxxxx');
  const taken = await Promise.all([...both, ...both].map((texts) => texts.take('ticket', 60)));
  expect(taken.filter(Boolean)).toHaveLength(1);
  await Promise.all(both.map((texts) => texts.close()));
  await db.destroy();
}

describe.skipIf(!hasRedisServer)('protocol state in', { timeout: 90_000 }, () => {
  it('a Redis Cluster of three nodes: no command crosses slots', async () => {
    const { nodes, url } = await startCluster();
    const store = await openStore(url);
    await store.ping();
    await holdsTheContract(store);
    await sharesTexts(url);
    const sizes = await Promise.all(nodes.map(async (node) => Number(await node.command('dbsize'))));
    // It really lies on all of them.
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  });

  it('a Redis Cluster of three masters and their replicas: a master is killed, its replica takes over', async () => {
    const { nodes, url } = await startCluster(1);
    const store = await openStore(url);
    await holdsTheContract(store);
    const codes = store.adapterFor('AuthorizationCode');
    const ids = Array.from({ length: 60 }, () => `code-${randomBytes(6).toString('hex')}`);
    await Promise.all(ids.map((id) => codes.upsert(id, code('grant-before'), LIFE_SECONDS)));
    // What a master answered and its replica has not heard yet is lost with it: here both are to have it.
    const [master] = nodes as [RedisServer];
    await until(() => isReplicated(master));

    await master.kill();
    // In every slot there is: a third of them was the dead one's.
    const takenOverAfter = await until(async () => {
      await Promise.all(ids.map((id) => codes.upsert(`${id}-after`, code('grant-after'), LIFE_SECONDS)));
      return true;
    });
    for (const id of ids) {
      const tries = await Promise.allSettled(Array.from({ length: 4 }, () => codes.consume(id)));
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
    await holdsTheContract(store);
    await sharesTexts(url);
    report('Redis master killed, Cluster', { 'all slots again after (ms)': takenOverAfter });
  });

  it('a master and a replica that Sentinels watch: the replica takes over', async () => {
    const master = await startServer();
    const replica = await startServer('--replicaof', '127.0.0.1', String(master.port));
    const sentinels = await Promise.all(Array.from({ length: 3 }, () => startSentinel(master.port)));
    await until(async () =>
      String(await sentinels[0]?.command('sentinel', 'replicas', 'town')).includes(String(replica.port)),
    );
    const url = `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/town`;
    const store = await openStore(url);
    await holdsTheContract(store);
    await sharesTexts(url);
    const codes = store.adapterFor('AuthorizationCode');
    await codes.upsert('before', code('grant-before'), LIFE_SECONDS);
    await until(async () => Number(await replica.command('dbsize')) === Number(await master.command('dbsize')));

    await master.kill();
    const takenOverAfter = await until(async () => {
      await codes.upsert('after', code('grant-after'), LIFE_SECONDS);
      return true;
    });
    expect((await codes.find('before'))?.clientId).toBe('shop');
    await holdsTheContract(store);
    report('Redis master killed, Sentinel', { 'writing again after (ms)': takenOverAfter });
  });
});

async function startSentinel(masterPort: number): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'dinhdanh-sentinel-'));
  folders.push(folder);
  const port = await freePort();
  const file = join(folder, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor town 127.0.0.1 ${masterPort} 2`,
    'sentinel down-after-milliseconds town 1000',
    'sentinel failover-timeout town 3000',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const server = await startRedis([], { port, command: [file, '--sentinel'] });
  started.push(server);
  return server;
}
