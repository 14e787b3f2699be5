import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDemoApp } from '../../src/demo/create-demo-app.ts';
import { SERVICES } from '../../src/demo/service-definitions.ts';

let portal: ReturnType<typeof supertest>;
let server: Server;
beforeAll(async () => {
  const [service] = SERVICES;
  if (service === undefined) throw new Error('no service');
  server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const baseUrl = `http://localhost:${(server.address() as AddressInfo).port}`;
  // Nobody listens at port 9 of this machine.
  const issuer = new URL('http://127.0.0.1:9');
  server.on('request', await createDemoApp(service, { issuer, baseUrl, folder: '', log: pino({ level: 'silent' }) }));
  portal = supertest(baseUrl);
});
afterAll(() => {
  server.close();
});

describe('A service whose provider is away', () => {
  it('still shows its pages, with a policy that lets nothing foreign in', async () => {
    const page = await portal.get('/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Dịch vụ mẫu');
    const csp = page.get('Content-Security-Policy') ?? '';
    expect(csp).toContain("default-src 'none'");
    expect(csp).not.toContain('unsafe');
    expect(page.headers).not.toHaveProperty('x-powered-by');
  });

  it('says so at sign-in, and what to do', async () => {
    const page = await portal.get('/sign-in').set('Accept-Language', 'en');
    expect(page.status).toBe(503);
    expect(page.text).toContain('The identity provider cannot be reached.');
    expect(page.text).toContain('provider_unreachable');
  });

  it('cannot judge a logout token, and does not pretend to', async () => {
    const answer = await portal.post('/backchannel-logout').type('form').send({ logout_token: 'a.b.c' });
    expect(answer.status).toBe(500);
  });

  it('has a page for an address that is not there, and for a session that is not', async () => {
    expect((await portal.get('/nothing')).status).toBe(404);
    expect((await portal.get('/received')).headers['location']).toBe('/');
    expect((await portal.post('/sign-out').type('form').send({ csrf_token: '' })).status).toBe(403);
  });

  it('remembers the language that was chosen, and keeps an answer of the provider out of the switch', async () => {
    const chosen = await portal.get('/?lang=en');
    expect(chosen.get('Set-Cookie')?.join()).toContain('ihanoi_language=en');
    const failed = await portal.get('/callback?code=secret&state=unknown');
    expect(failed.text).not.toContain('secret');
    expect(failed.get('Referrer-Policy')).toBe('no-referrer');
  });
});
