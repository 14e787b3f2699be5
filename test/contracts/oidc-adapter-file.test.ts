import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { newSecret } from '../../src/platform/ids.ts';
import { startChild } from './support/start-child.ts';
import { type OpenStore, openStore, type StoreUnderTest, sqliteStore } from './support/stores.ts';

const settings = { clock: () => new Date() };
let place: StoreUnderTest & { address: { kind: 'sqlite'; file: string } };
let open: OpenStore;

beforeEach(async () => {
  place = await sqliteStore();
  open = await openStore(place.address, settings);
});
afterEach(async () => {
  await open.close();
  await place.discard();
});

it('holds neither ids nor what a service sent with its request', async () => {
  const { adapterFor } = open.store;
  await adapterFor('AccessToken').upsert('id-of-a-token', { clientId: 'shop' }, 60);
  await adapterFor('Interaction').upsert('id-of-an-interaction', { params: { login_hint: 'hint-of-somebody' } }, 60);
  const bytes = readFileSync(place.address.file, 'latin1') + readFileSync(`${place.address.file}-wal`, 'latin1');
  expect(bytes).toContain('{"clientId":"shop"}');
  for (const secret of ['id-of-a-token', 'id-of-an-interaction', 'hint-of-somebody'])
    expect(bytes).not.toContain(secret);
  expect(await adapterFor('Interaction').find('id-of-an-interaction')).toMatchObject({
    params: { login_hint: 'hint-of-somebody' },
  });
});

it('is for its owner alone', () => {
  for (const file of [place.address.file, `${place.address.file}-wal`]) expect(statSync(file).mode & 0o077).toBe(0);
});

it('loses nothing that was awaited when the process is killed', { timeout: 60_000 }, async () => {
  const child = startChild(place.address, { kind: 'store-until-killed', model: 'AuthorizationCode' });
  const told: string[] = [];
  child.on('message', (id: string) => {
    told.push(id);
    if (told.length === 300) child.kill('SIGKILL');
  });
  await once(child, 'exit');
  expect(told.length).toBeGreaterThanOrEqual(300);
  for (const id of told) expect(await open.store.adapterFor('AuthorizationCode').find(id)).toBeDefined();
});

it('has what was committed copied from the log into the file, long before the writer would do it itself', {
  timeout: 40_000,
}, async () => {
  const { adapterFor } = open.store;
  const before = statSync(place.address.file).size;
  const isCopied = (): boolean => statSync(place.address.file).size > before;
  await vi.waitFor(
    async () => {
      for (let commit = 0; commit < 65; commit += 1)
        await adapterFor('AccessToken').upsert(newSecret(), { clientId: 'shop' }, 60);
      expect(isCopied()).toBe(true);
    },
    { timeout: 30_000 },
  );
  // With 64 MB the writer would.
  expect(statSync(`${place.address.file}-wal`).size).toBeLessThan(60 * 2 ** 20);
});

it('does not believe what it has read before, once another process has written', async () => {
  const other = await openStore(place.address, settings);
  const [mine, theirs] = [open.store, other.store];
  const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  await mine.adapterFor('Session').upsert('s', { uid: 'u', accountId: 'before' }, 60);
  await mine.adapterFor('AuthorizationCode').upsert('c', { clientId: 'shop', grantId: 'g' }, 60);
  await mine.adapterFor('Grant').upsert('g', { accountId: 'a', clientId: 'shop' }, 60);
  expect(await mine.adapterFor('Session').find('s')).toMatchObject({ accountId: 'before' });
  expect(await mine.adapterFor('Session').findByUid('u')).toMatchObject({ accountId: 'before' });

  await theirs.adapterFor('Session').upsert('s', { uid: 'u', accountId: 'after' }, 60);
  await theirs.adapterFor('AuthorizationCode').consume('c');
  await theirs.revokeGrants('a');
  await nextTurn();
  expect(await mine.adapterFor('Session').find('s')).toMatchObject({ accountId: 'after' });
  expect(await mine.adapterFor('Session').findByUid('u')).toMatchObject({ accountId: 'after' });
  expect(await mine.adapterFor('Grant').find('g')).toBeUndefined();
  expect(await mine.adapterFor('AuthorizationCode').find('c')).toBeUndefined();
  await other.close();
});

it('shows the latest of what was written at once, and what it consumed as consumed', async () => {
  const { adapterFor } = open.store;
  const sessions = adapterFor('Session');
  await Promise.all(['one', 'two', 'three'].map((accountId) => sessions.upsert('s', { uid: 'u', accountId }, 60)));
  expect(await sessions.find('s')).toMatchObject({ accountId: 'three' });
  const codes = adapterFor('AuthorizationCode');
  await codes.upsert('c', { clientId: 'shop', grantId: 'g' }, 60);
  await codes.consume('c');
  expect(await codes.find('c')).toMatchObject({ consumed: expect.any(Number) });
  await codes.upsert('c', { clientId: 'shop', grantId: 'g' }, 60);
  expect(await codes.find('c')).toMatchObject({ consumed: expect.any(Number) });
  await sessions.destroy('s');
  expect(await sessions.findByUid('u')).toBeUndefined();
});

it('fails one bad write alone, not those that share its transaction', async () => {
  const { adapterFor } = open.store;
  // A strict table takes no fraction of a millisecond.
  const bad = { clientId: 'shop', exp: 1.00005 };
  const results = await Promise.allSettled([
    adapterFor('AccessToken').upsert('good-1', { clientId: 'shop' }, 60),
    adapterFor('AccessToken').upsert('bad', bad, 60),
    adapterFor('AccessToken').upsert('good-2', { clientId: 'shop' }, 60),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  for (const id of ['good-1', 'good-2']) expect(await adapterFor('AccessToken').find(id)).toBeDefined();
});

it('is refused when a newer program has made it', async () => {
  const db = new Sqlite(place.address.file);
  db.pragma('user_version = 99');
  db.close();
  await expect(openStore(place.address, settings)).rejects.toThrow('a newer version');
});
