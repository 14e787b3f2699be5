import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
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
