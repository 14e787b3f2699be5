import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { frontDoor } from '../../src/waiting-room/front-door.ts';
import type { PageState } from '../../src/web/page-context.ts';
import { usePipeline } from '../../src/web/pipeline.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

/** The waiting room's two ways of answering, side by side: the gate among the pages' middlewares, and the door ahead of them. */
let test: TestApp;
let server: Server;
let issuer: string;
let env: Record<string, string>;

const NOT_THE_DOORS = 418;
const LETS_IN = 299;

beforeEach(() => {
  env = {};
});
afterEach(async () => {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  await test.close();
});

async function start(): Promise<void> {
  test = await startTestApp({ readLoad: () => 3, env });
  const { app } = test;
  const door = frontDoor(app);
  const koa = new Koa<PageState>();
  koa.proxy = true;
  usePipeline(koa, {
    ...app,
    issuer: app.config.issuer,
    isSandbox: app.config.isSandbox,
    hotline: app.config.hotline,
    cookieKeys: app.config.secrets.cookieKeys,
    gate: door.gate,
  });
  koa.use((ctx) => {
    ctx.status = LETS_IN;
  });
  const byGate = koa.callback();
  server = createServer((request, response) => {
    if (request.headers['x-by'] === 'gate') return void byGate(request, response);
    if (door.answer(request, response)) return;
    response.writeHead(NOT_THE_DOORS);
    response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  await overload();
}

async function ticks(count: number): Promise<void> {
  for (let tick = 0; tick < count; tick += 1) {
    test.travel({ seconds: 0.25 });
    await test.app.waitingRoom.tick();
  }
}

const overload = (): Promise<void> => ticks(2);

const BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'Accept-Language': 'vi-VN,vi;q=0.9,en;q=0.5' };

type Heard = { status: number; headers: Record<string, string>; cookies: string[]; body: string };

async function ask(by: 'gate' | 'door', path: string, headers: Record<string, string> = {}): Promise<Heard> {
  const answer = await fetch(`${issuer}${path}`, {
    headers: { ...BROWSER, 'X-Forwarded-Proto': 'https', ...headers, 'X-By': by },
    redirect: 'manual',
  });
  const all = Object.fromEntries([...answer.headers].filter(([name]) => !['date', 'set-cookie'].includes(name)));
  return { status: answer.status, headers: all, cookies: answer.headers.getSetCookie(), body: await answer.text() };
}

/** Without what is another one in each answer. */
function alike({ status, headers, cookies, body }: Heard): unknown {
  const nonce = /nonce-([^']+)/.exec(headers['content-security-policy'] ?? '')?.[1] ?? '?';
  const text = JSON.stringify({ status, headers: { ...headers, 'x-request-id': 'id' }, cookies, body });
  return JSON.parse(
    text
      .replaceAll(nonce, 'nonce')
      .replaceAll(/ticket=\d+\.[\w-]+/g, 'ticket=one')
      .replaceAll(/ticket\.sig=[\w-]+/g, 'ticket.sig=one'),
  ) as unknown;
}

const jar = ({ cookies }: Heard): string => cookies.map((cookie) => cookie.split(';')[0]).join('; ');

/** As the gate and then the door answers it. */
async function both(path: string, headers: Record<string, string> = {}): Promise<[Heard, Heard]> {
  return [await ask('gate', path, headers), await ask('door', path, headers)];
}

describe('Who has to wait hears from the door what the gate says', () => {
  const AUTHORIZE = '/authorize?client_id=sandbox-spa&scope=openid&state=a%20b%26c%3D%22%3C%C3%A9%3E&x=1&x=2&y';

  it.each([
    ['a newcomer', '/', {}],
    ['a newcomer who was sent by a service', AUTHORIZE, {}],
    ['a newcomer with something in the address', '/activate?next=https://evil.example/&x="><script>', {}],
    ['somebody whose browser speaks English', '/recover', { 'Accept-Language': 'en-GB' }],
    ['somebody whose browser says nothing', '/', { Accept: '*/*', 'Accept-Language': '' }],
    ['somebody sent by a service in English', `${AUTHORIZE}&ui_locales=en%20vi`, {}],
    ['somebody sent by a service in two ways', `${AUTHORIZE}&ui_locales=en&ui_locales=vi`, {}],
    ['somebody with cookies of other things', '/', { Cookie: 'visitor=1; locale=xx; a=b=c' }],
  ])('as %s', async (_, path, headers) => {
    await start();
    // What her browser asks for is known of another of its kind.
    await ask('gate', '/', headers);
    const [gate, door] = await both(path, headers);
    expect(gate.status).toBe(503);
    expect(alike(door)).toEqual(alike(gate));
    expect(door.cookies).toHaveLength(2);
    const again = { ...headers, Cookie: jar(door) };
    const [gateAgain, doorAgain] = await both(path, again);
    expect(gateAgain.status).toBe(503);
    expect(alike(doorAgain)).toEqual(alike(gateAgain));
    expect(doorAgain.cookies).toEqual([]);
  });

  it('over https as well', async () => {
    env = { ISSUER: 'https://id.example', NODE_ENV: 'test' };
    await start();
    const [gate, door] = await both('/');
    expect(gate.cookies[0]).toContain('__Host-waiting_ticket=');
    expect(gate.cookies[0]).toContain('; secure');
    expect(alike(door)).toEqual(alike(gate));
    expect(door.headers['strict-transport-security']).toBeDefined();
  });

  it('in the language that was chosen with the switch', async () => {
    await start();
    const [gate] = await both('/');
    const cookies = `${jar(gate)}; locale=en`;
    const [inEnglish, byDoor] = await both('/', { Cookie: cookies });
    expect(inEnglish.body).toContain('<html lang="en">');
    expect(alike(byDoor)).toEqual(alike(inEnglish));
  });

  it('and her page hears of her place', async () => {
    await start();
    const [gate] = await both('/');
    for (const locale of ['vi', 'en']) {
      const [said, heard] = await both(`/waiting-room/place?lang=${locale}`, { Cookie: jar(gate) });
      expect(said.status).toBe(200);
      // A page's policy has another nonce in each answer, also where nothing is shown.
      expect(alike(heard)).toEqual(alike(said));
      expect(JSON.parse(heard.body)).toMatchObject({ isTurn: false });
    }
  });

  it('is logged and counted as with the gate, and is a page on its way', async () => {
    await start();
    await ask('gate', '/');
    test.traces.logLines.length = 0;
    await ask('door', '/?login_hint=999185001234');
    await expect
      .poll(() => test.traces.logLines.map((line) => JSON.parse(line) as object))
      .toMatchObject([{ msg: 'http.request', method: 'GET', route: 'waiting_room', status: 503, isComplete: true }]);
    expect(test.traces.logLines.join('')).not.toContain('999185001234');
    expect((await test.app.metrics.text()).body).toContain(
      'dinhdanh_http_requests_total{method="GET",route="waiting_room",status="503"} 1',
    );
    await expect.poll(() => test.app.loadMeter.now().pages).toBe(0);
  });
});

describe('The door leaves to the gate', () => {
  const status = async (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> =>
    (await fetch(`${issuer}${path}`, { method, headers: { ...BROWSER, ...headers } })).status;

  it('whose browser it has not seen yet, and programs', async () => {
    await start();
    expect(await status('/')).toBe(NOT_THE_DOORS);
    await ask('gate', '/');
    expect(await status('/')).toBe(503);
    await ask('gate', '/', { Accept: 'application/json' });
    expect(await status('/', { Accept: 'application/json' })).toBe(NOT_THE_DOORS);
    await ask('gate', '/', { 'Accept-Language': 'x'.repeat(500) });
    expect(await status('/', { 'Accept-Language': 'x'.repeat(500) })).toBe(NOT_THE_DOORS);
  });

  it('whatever is unusual, or something that is begun', async () => {
    await start();
    const ticket = jar(await ask('gate', '/'));
    expect(await status('/', { Cookie: ticket })).toBe(503);
    for (const cookie of ['session=1', 'attempt=1', 'recovery=1', 'waiting_pass=1', 'a="b"', 'waiting_ticket=1.x'])
      expect([cookie, await status('/', { Cookie: cookie })]).toEqual([cookie, NOT_THE_DOORS]);
    for (const path of ['/account', '/ACTIVATE', '/activate/', '/?lang=en', '/authorize?prompt=none', '/?a=%00'])
      expect([path, await status(path)]).toEqual([path, NOT_THE_DOORS]);
    expect(await status('/', {}, 'HEAD')).toBe(NOT_THE_DOORS);
    expect(await status('/', {}, 'POST')).toBe(NOT_THE_DOORS);
    const [name = '', signature = ''] = ticket.split('; ');
    expect(await status('/', { Cookie: `${name}1; ${signature}` })).toBe(NOT_THE_DOORS);
  });

  it('whose turn has come, who takes a place that nobody takes, and all when the room is closed', async () => {
    await start();
    const ticket = jar(await ask('gate', '/'));
    expect(await status('/', { Cookie: ticket })).toBe(503);
    for (let tick = 0; tick < 400 && (await status('/', { Cookie: ticket })) === 503; tick += 1) await ticks(1);
    expect(await status('/', { Cookie: ticket })).toBe(NOT_THE_DOORS);
    const issued = test.app.waitingRoom.figures();
    expect((await ask('gate', '/', { Cookie: ticket })).status).toBe(LETS_IN);
    expect(test.app.waitingRoom.figures().issued).toBe(issued.issued);
  });
});
