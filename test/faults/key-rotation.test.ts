import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rotateSigningKeys } from '../../src/oidc/signing-keys.ts';
import { seedPersonas } from '../../src/sandbox/seed-personas.ts';
import { codeIn, newBrowser, relyingParty } from '../oidc/support/relying-party.ts';
import { freePort, startProvider } from '../processes/support/provider-process.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createTestDatabase, postgresUrl } from '../support/services.ts';
import { report } from './support/measure.ts';

const REDIRECT = 'http://localhost:8080/callback';
const HOURS_MS = 3_600_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dinhdanh-rotation-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A service that checks the signature of every id_token by the JWKS it read at its start, and reads again only when it starts anew. Its requests go to the processes in turn. */
async function startService(apps: readonly TestApp[]): Promise<() => Promise<string>> {
  const [first] = apps as [TestApp];
  const ports = apps.map((app) => new URL(app.ownAddress).port);
  let turn = 0;
  const customFetch = ((url: string, init: RequestInit) => {
    const target = new URL(url);
    turn += 1;
    target.port = ports[turn % ports.length] ?? '';
    return fetch(target, init);
  }) as client.CustomFetch;
  const config = await client.discovery(
    new URL(first.issuer),
    'sandbox-web',
    { id_token_signed_response_alg: 'ES256' },
    client.ClientSecretPost('sandbox-web-secret'),
    { execute: [client.allowInsecureRequests], [client.customFetch]: customFetch },
  );
  client.enableNonRepudiationChecks(config);
  const verifier = client.randomPKCECodeVerifier();
  const challenge = await client.calculatePKCECodeChallenge(verifier);
  const signIn = async (): Promise<string> => {
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT,
      scope: 'openid profile',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      login_hint: 'persona:l2-active',
    });
    const answer = await customFetch(url.href, { redirect: 'manual' } as never);
    const tokens = await client.authorizationCodeGrant(config, new URL(answer.headers.get('location') ?? ''), {
      pkceCodeVerifier: verifier,
    });
    return String(decodeProtectedHeader(tokens.id_token ?? '').kid);
  };
  await signIn();
  return signIn;
}

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
        let signIns = [await startService(apps), await startService(apps)];
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
          // Each process notices in its own minute: for a while they sign with different keys.
          for (const { app } of apps) {
            await sleep(500);
            expect(await app.oidc.reloadKeys()).toBe(true);
          }
          await sleep(500);
        };
        await sleep(500);
        await rotateAt(2);
        // Within the hour that is documented, services read the JWKS anew.
        signIns = [await startService(apps), await startService(apps)];
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
