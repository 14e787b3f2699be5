import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programsBeforePages } from '../../src/programs.ts';
import { createServer } from '../../src/server.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let test: TestApp;
let server: Server;
let address: string;
const whole = Promise.withResolvers<RequestListener>();

beforeAll(async () => {
  test = await startTestApp();
  server = createHttpServer(programsBeforePages(test.app, whole.promise));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  await test.close();
});

describe('While the pages are being loaded', () => {
  it('programs are answered, and a page, readiness and who signs in wait for them', async () => {
    const waiting = ['/', '/readyz', '/authorize?client_id=sandbox-web&response_type=code'].map((path) =>
      fetch(`${address}${path}`, { redirect: 'manual' }),
    );
    const discovery = await fetch(`${address}/.well-known/openid-configuration`);
    expect(discovery.status).toBe(200);
    expect(discovery.headers.get('X-Request-Id')).not.toBeNull();
    expect((await fetch(`${address}/jwks`)).status).toBe(200);
    const refused = await fetch(`${address}/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'x' }) });
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: 'invalid_request' }]);

    const early = await Promise.race([...waiting, Promise.resolve('nobody')]);
    expect(early).toBe('nobody');
    whole.resolve(createServer(test.app));
    const [home, ready, signIn] = await Promise.all(waiting);
    expect([home?.status, ready?.status]).toEqual([200, 200]);
    expect(await home?.text()).toContain('<html');
    expect(signIn?.status).toBe(303);
  });
});
