import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction, migrate, openDatabase } from '../../src/platform/database.ts';
import { isStoreOutage } from '../../src/platform/store-outage.ts';
import { newBrowser, relyingParty } from '../oidc/support/relying-party.ts';
import { freePort, startProvider } from '../processes/support/provider-process.ts';
import { ANSWERED_BY_A_PAGE, ask, report, type Timed } from './support/measure.ts';
import { until } from './support/servers.ts';

let folder: string;
let isMounted: boolean;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dinhdanh-disk-'));
  isMounted = mount(folder);
});
afterEach(() => {
  if (isMounted) execFileSync('umount', ['--lazy', folder]);
  rmSync(folder, { recursive: true, force: true });
});

describe('a full disk under SQLite', { timeout: 90_000 }, () => {
  it('refuses the whole transaction, and takes it when there is space', async () => {
    const db = openDatabase({ kind: 'sqlite', file: join(folder, 'test.db') });
    await migrate(db);
    await db.raw('create table fault (id integer primary key, text text not null)');
    const [{ page_count: pages = 0 } = {}] = (await db.raw('pragma page_count')) as { page_count?: number }[];
    await db.raw(`pragma max_page_count = ${pages + 4}`);
    const write = () =>
      inTransaction(db, async (tx) => {
        for (let id = 1; id <= 20; id += 1) await tx('fault').insert({ id, text: 'x'.repeat(3_000) });
      });
    await expect(write()).rejects.toSatisfy(isStoreOutage);
    expect(await db('fault')).toEqual([]);
    await db.raw(`pragma max_page_count = ${pages + 1_000}`);
    await write();
    expect(await db('fault')).toHaveLength(20);
    await db.destroy();
  });

  it('is a 503 for what writes, reading goes on, and all is normal when there is space', async () => {
    // Without the right to mount one (said above) the rule is held by the limit on pages alone.
    if (!isMounted) return;
    const port = await freePort();
    const issuer = `http://localhost:${port}`;
    const provider = startProvider(folder, { PORT: String(port), ISSUER: issuer, WAITING_ROOM: 'off' });
    try {
      await provider.logged('provider.started');
      const shop = relyingParty(issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
      const { access_token } = await shop.signIn(newBrowser(), 'l2-active', { scope: 'openid profile' });
      const signIn = (): Promise<Timed> =>
        ask(shop.authorizeUrl(ANSWERED_BY_A_PAGE), { headers: { accept: 'text/html' } });
      fill(join(folder, 'ballast'));
      let refused = await signIn();
      // The write-ahead logs may hold some room still.
      for (let tries = 0; tries < 2_000 && refused.status !== 503; tries += 1) refused = await signIn();
      expect(refused).toMatchObject({ status: 503, retryAfter: '5' });
      expect((await shop.call('/introspect', { token: access_token })).body).toMatchObject({ active: true });
      expect((await ask(`${issuer}/readyz`)).status).toBe(503);
      expect((await ask(`${issuer}/healthz`)).status).toBe(200);
      rmSync(join(folder, 'ballast'));
      const normalAfter = await until(async () => (await signIn()).status === 200);
      expect((await ask(`${issuer}/readyz`)).status).toBe(200);
      expect((await shop.call('/introspect', { token: access_token })).body).toMatchObject({ active: true });
      report('disk full, SQLite', { '503 (ms)': refused.ms, 'normal after space (ms)': normalAfter });
    } finally {
      await provider.stop('SIGKILL');
    }
  });
});

function mount(at: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=700', 'tmpfs', at], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('\nNOT ON A REAL DISK: a small one cannot be mounted here.');
    return false;
  }
}

/** To the last byte. */
function fill(file: string): void {
  const handle = openSync(file, 'w');
  try {
    for (let size = 1_048_576; size >= 1; size = Math.floor(size / 4)) {
      const piece = Buffer.alloc(size);
      try {
        for (;;) if (writeSync(handle, piece) === 0) break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(handle);
  }
}
