import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLoadMeter, type LoadMeter } from '../../src/waiting-room/load-meter.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const FORM = 'Content-Type: application/x-www-form-urlencoded';

/** Sends the head of a request, and of its body nothing. */
function announce(issuer: string, path: string, method = 'POST'): Socket {
  const socket = connect(Number(new URL(issuer).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nOrigin: ${issuer}\r\n${FORM}\r\nContent-Length: 3\r\n\r\n`,
  );
  return socket;
}

describe('A request is on its way', () => {
  let server: Server;
  let meter: LoadMeter;
  let responses: ServerResponse[];
  let issuer: string;
  beforeEach(async () => {
    responses = [];
    const limits = { surgeLagMs: 100, surgePages: 10, surgeHashes: 10, surgePrograms: 1 };
    meter = createLoadMeter(limits, () => 0);
    server = createServer((request, response) => {
      if (request.url === '/page') meter.watchPage(response);
      else response.statusCode = meter.admitsProgram(response) ? 200 : 503;
      request.resume();
      responses.push(response);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    meter.stop();
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['/page', 'pages'],
    ['/program', 'programs'],
  ] as const)(
    'from when all of it is there until its answer is handed over, whoever takes it (%s)',
    async (path, kind) => {
      const socket = announce(issuer, path);
      await expect.poll(() => responses).toHaveLength(1);
      expect(meter.now()[kind]).toBe(0);
      socket.write('a=b');
      await expect.poll(() => meter.now()[kind]).toBe(1);
      // More than any connection holds.
      socket.pause();
      responses[0]?.end('x'.repeat(20_000_000));
      expect(meter.now()[kind]).toBe(0);
      await sleep(20);
      expect(responses[0]?.writableFinished).toBe(false);
    },
  );

  it('and not for ever where its sender goes away before', async () => {
    const sockets = [announce(issuer, '/page'), announce(issuer, '/program')];
    await expect.poll(() => responses).toHaveLength(2);
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => responses.every(({ closed }) => closed)).toBe(true);
    expect(meter.now()).toMatchObject({ pages: 0, programs: 0 });
  });

  it('at once where nobody waits for a body', async () => {
    announce(issuer, '/page', 'GET');
    await expect.poll(() => meter.now().pages).toBe(1);
  });
});

describe('A few connections on which a body never comes', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await startTestApp({ env: { SURGE_PAGES: '4', SURGE_PROGRAMS: '4' } });
  });
  afterEach(() => test.close());

  it('neither open the waiting room nor keep services from their tokens', async () => {
    const paths = ['/activate', `/interaction/${'a'.repeat(43)}/password`, '/token', '/introspect'];
    const held = Array.from({ length: 20 }, (_, at) => announce(test.issuer, paths[at % paths.length] ?? ''));
    await expect.poll(() => test.traces.requestLines).toHaveLength(held.length);
    for (let tick = 0; tick < 8; tick += 1) await test.app.waitingRoom.tick();
    expect(test.app.waitingRoom.isOpen()).toBe(false);
    expect((await fetch(`${test.issuer}/activate`)).status).toBe(200);
    const form = {
      grant_type: 'client_credentials',
      client_id: 'sandbox-machine',
      client_secret: 'sandbox-machine-secret',
    };
    expect((await fetch(`${test.issuer}/token`, { method: 'POST', body: new URLSearchParams(form) })).status).toBe(200);
    for (const socket of held) socket.destroy();
  });
});
