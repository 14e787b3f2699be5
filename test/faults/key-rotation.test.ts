import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rotateSigningKeys } from '../../src/oidc/signing-keys.ts';
import { seedPersonas } from '../../src/sandbox/seed-personas.ts';
import { codeIn, newBrowser, relyingParty } from '../oidc/support/relying-party.ts';
import { freePort, startProvider } from '../processes/support/provider-process.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createTestDatabase, postgresUrl } from '../support/services.ts';
import { report } from './support/measure.ts';
import { startService } from './support/verifying-service.ts';

const HOURS_MS = 3_600_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dinhdanh-rotation-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const PLACES = [
  { name: 'one process', count: 1, isThere: true },
  { name: 'two processes on PostgreSQL', count: 2, isThere: postgresUrl() !== undefined },
];

describe('signing keys rotated twice under load', () => {
  it.each(PLACES.filter(({ isThere }) => isThere))(
    'with $name: no token is refused, no request dropped',
    { timeout: 90_000 },
    async ({ count }) => {
      const database = count === 1 ? undefined : await createTestDatabase(postgresUrl() as string);
      const env: Record<string, string> = {
        KEYS_FOLDER: folder,
        WAITING_ROOM: 'off',
        ...(database && { DATABASE_URL: database.url }),
      };
      const apps = [await startTestApp({ env })];
      const [first] = apps as [TestApp];
      await seedPersonas(first.app, first.app.clock());
      while (apps.length < count) apps.push(await startTestApp({ env: { ...env, ISSUER: first.issuer } }));
      try {
        const kids = new Set<string>();
        let flows = 0;
        const failures: string[] = [];
        const over = new AbortController();
        const ports = apps.map((app) => new URL(app.ownAddress).port);
        const startTwo = () => Promise.all([startService(first.issuer, ports), startService(first.issuer, ports)]);
        let signIns = await startTwo();
        const visit = async (index: number): Promise<void> => {
          while (!over.signal.aborted) {
            try {
              kids.add((await signIns[index % 2]?.()) ?? '');
              flows += 1;
            } catch (error) {
              failures.push(String(error));
            }
          }
        };
        const visitors = Array.from({ length: 6 }, (_, index) => visit(index));
        const rotateAt = async (hours: number): Promise<void> => {
          const rotation = await rotateSigningKeys(folder, new Date(first.app.clock().getTime() + hours * HOURS_MS));
          expect(rotation.kind).toBe('rotated');
          // Each process notices in its own time: for a while they sign with different keys.
          for (const { app } of apps) {
            await sleep(500);
            expect(await app.oidc.reloadKeys()).toBe(true);
          }
          await sleep(500);
        };
        await sleep(500);
        await rotateAt(2);
        // Within the hour that is documented, services read the JWKS anew.
        signIns = await startTwo();
        await rotateAt(4);
        over.abort();
        await Promise.all(visitors);
        expect(failures).toEqual([]);
        expect(kids.size).toBe(3);
        report(`keys rotated twice, ${count} process(es)`, { 'sign-ins verified': flows, refused: failures.length });
      } finally {
        for (const app of apps.toReversed()) await app.close();
        await database?.drop();
      }
    },
  );
});

describe('COOKIE_KEYS', () => {
  it('change in the middle of a form and of a session, and neither is lost', { timeout: 90_000 }, async () => {
    const port = await freePort();
    const issuer = `http://localhost:${port}`;
    const [older, newer] = ['older-cookie-key-0123456789-abcdefgh', 'newer-cookie-key-9876543210-zyxwvuts'];
    const during = async (cookieKeys: string, work: () => Promise<void>): Promise<void> => {
      const provider = startProvider(folder, { PORT: String(port), ISSUER: issuer, COOKIE_KEYS: cookieKeys });
      try {
        await provider.logged('provider.started');
        await work();
      } finally {
        await provider.stop('SIGKILL');
      }
    };
    const shop = relyingParty(issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
    const [visitor, citizen] = [newBrowser(), newBrowser()];
    let form = '';
    await during(older, async () => {
      form = (await visitor.get(`${issuer}/activate`)).text;
      await shop.signIn(citizen, 'l2-active', { scope: 'openid profile' });
    });
    const send = async (): Promise<number> => {
      const csrf_token = /name="csrf_token" value="([^"]*)"/.exec(form)?.[1] ?? '';
      const fields = { csrf_token, citizen_id: '999090000001', phone_number: '0900000001' };
      return (await visitor.post(`${issuer}/activate`, fields, { origin: issuer })).status;
    };
    const continueSession = async (): Promise<string> =>
      codeIn(await citizen.get(shop.authorizeUrl({ prompt: 'none', scope: 'openid profile' })));
    await during(`${newer},${older}`, async () => {
      expect(await send()).toBe(303);
      expect(await continueSession()).not.toBe('');
    });
    // A day later: who came meanwhile has a cookie under the newer key.
    await during(newer, async () => {
      expect(await continueSession()).not.toBe('');
      expect(await send()).toBe(403);
    });
  });
});
