import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { proveOwnPhone } from '../support/activation-walk.ts';
import { startTestApp, type TestApp, type TestBrowser, type TestPage } from '../support/app.ts';
import { giveActivePerson, givePendingPerson } from '../support/people.ts';
import { authorizePath, typePassword } from '../support/sign-in-walk.ts';

const TICKETS = 'waiting_ticket';
const PASSES = 'waiting_pass';

let load: number;
let test: TestApp;

beforeEach(async () => {
  load = 0;
  test = await startTestApp({ readLoad: () => load });
});
afterEach(() => test.close());

async function ticks(count: number): Promise<void> {
  for (let tick = 0; tick < count; tick += 1) {
    test.travel({ seconds: 0.25 });
    await test.app.waitingRoom.tick();
  }
}

async function overload(): Promise<void> {
  load = 3;
  await ticks(2);
}

/** Light enough to let people in, slowly, and too much to close. */
async function letSomeIn(seconds = 30): Promise<void> {
  load = 0.9;
  await ticks(seconds * 4);
}

const isWaiting = (page: TestPage): boolean => page.status === 503 && page.$('#waiting-place').length === 1;

/** The button: the form as a browser sends it. */
async function check(browser: TestBrowser, page: TestPage): Promise<TestPage> {
  const form = page.$('main form');
  const fields = form
    .find('input[type=hidden]')
    .toArray()
    .map((input): [string, string] => [page.$(input).attr('name') ?? '', page.$(input).attr('value') ?? '']);
  return browser.get(`${form.attr('action')}?${new URLSearchParams(fields).toString()}`);
}

function cookieOf(page: TestPage, name: string): string | undefined {
  const set = page.headers['set-cookie'] as unknown as string[] | undefined;
  return set?.find((one) => one.startsWith(`${name}=`))?.split(';')[0];
}

function cookiesOf(page: TestPage, ...names: string[]): string {
  return names.flatMap((name) => [cookieOf(page, name), cookieOf(page, `${name}.sig`)]).join('; ');
}

describe('when too many people come at once', () => {
  it('lets everybody in while there is room', async () => {
    expect((await test.browser().get('/activate')).status).toBe(200);
  });

  it('gives new visitors a place in line at the address they asked for, and lets them in, first come first served', async () => {
    await overload();
    const [early, late] = [test.browser(), test.browser()];
    const earlyPage = await early.get('/activate');
    test.travel({ seconds: 2 });
    const latePage = await late.get('/activate');
    expect([isWaiting(earlyPage), isWaiting(latePage)]).toEqual([true, true]);
    expect(earlyPage.headers['retry-after']).toBe('2');
    expect(earlyPage.headers['cache-control']).toBe('no-store');
    expect(earlyPage.text).toContain('Chưa ước tính được');
    expect(Buffer.byteLength(earlyPage.text)).toBeLessThan(10_000);

    let [isEarlyIn, isLateIn] = [false, false];
    for (let turn = 0; turn < 60 && !isLateIn; turn += 1) {
      await letSomeIn(1);
      isLateIn = !isWaiting(await check(late, latePage));
      isEarlyIn ||= !isWaiting(await check(early, earlyPage));
      if (isLateIn) expect(isEarlyIn).toBe(true);
    }
    expect(isLateIn).toBe(true);
    // Inside, the way is free for a while.
    expect((await early.get('/recover')).status).toBe(200);
    expect(test.app.waitingRoom.figures()).toMatchObject({ isOpen: 1, issued: 2, waiting: 0 });
  });

  it('closes again some seconds after the crowd has gone', async () => {
    await overload();
    expect(isWaiting(await test.browser().get('/'))).toBe(true);
    load = 0.1;
    await ticks(60);
    expect((await test.browser().get('/')).status).toBe(200);
    expect(test.app.waitingRoom.isOpen()).toBe(false);
  });

  it('leads to exactly the request that was made, and logs nothing of it', async () => {
    const hint = '999185001234';
    await overload();
    const browser = test.browser();
    const page = await browser.get(authorizePath({ login_hint: hint, state: 'a b&c="<é>' }));
    expect(isWaiting(page)).toBe(true);
    await letSomeIn();
    const inside = await check(browser, page);
    expect(inside.path).toMatch(/^\/interaction\//);
    expect(inside.$('input[name="citizen_id"]').attr('value')).toBe(hint);
    const declined = await browser.post(`${inside.path}/return`, {});
    expect(new URL(declined.location ?? '').searchParams.get('state')).toBe('a b&c="<é>');
    expect(test.traces.logLines.filter((line) => line.includes(hint))).toEqual([]);
  });

  it('lets in by one place who comes from a service, and her pass comes with her to the sign-in', async () => {
    const [early, late] = [test.browser(), test.browser()];
    const entered = vi.spyOn(test.app.waitingRoom, 'entered');
    expect((await early.get(authorizePath())).path).toMatch(/^\/interaction\//);
    expect(entered).toHaveBeenCalledTimes(1);
    await overload();
    const page = await late.get(authorizePath());
    expect([isWaiting(page), entered.mock.calls.length]).toEqual([true, 1]);
    await letSomeIn();
    const inside = await check(late, page);
    expect(inside.path).toMatch(/^\/interaction\//);
    expect(inside.$('input[name="password"]').length).toBe(1);
    expect(entered).toHaveBeenCalledTimes(2);
    // Inside, the way is free for a while.
    expect((await late.get('/recover')).status).toBe(200);
    expect(isWaiting(await test.browser().get(authorizePath()))).toBe(true);
  });

  it('never stops an activation or a sign-in that has begun', async () => {
    const pending = await givePendingPerson(test.app);
    const active = await giveActivePerson(test.app);
    const [activating, signingIn] = [test.browser(), test.browser()];
    const password = await proveOwnPhone(test, activating, pending);
    const start = await signingIn.get(authorizePath());
    await overload();
    expect((await activating.get('/activate')).status).toBe(200);
    expect((await activating.get(password.path)).status).toBe(200);
    const consent = await typePassword(signingIn, start, active);
    expect(consent.$('button[name="decision"]').length).toBe(2);
    expect(isWaiting(await test.browser().get('/activate'))).toBe(true);
  });

  it('answers programs as ever, and a silent request, and tells a program at a page to come again', async () => {
    await overload();
    const { issuer } = test;
    const token = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'sandbox-machine',
        client_secret: 'sandbox-machine-secret',
      }),
    });
    expect(token.status).toBe(200);
    expect((await fetch(`${issuer}/jwks`)).status).toBe(200);
    const silent = await test.browser().get(authorizePath({ prompt: 'none' }));
    expect(silent.location).toContain('error=login_required');
    const program = await fetch(`${issuer}/activate`, { headers: { Accept: 'application/json' } });
    expect([program.status, program.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
    expect(Number(program.headers.get('retry-after'))).toBeGreaterThan(0);
    const head = await fetch(`${issuer}/`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([503, '']);
  });

  it('speaks the language that is chosen on the page', async () => {
    await overload();
    const browser = test.browser();
    const page = await browser.get(authorizePath());
    const english = await browser.get(page.$('.languages a[hreflang="en"]').attr('href') ?? '');
    expect(english.text).toContain('<html lang="en">');
    expect(english.text).toContain('Please wait for your turn');
    expect(english.$('input[name="client_id"]').attr('value')).toBe('sandbox-spa');
    expect(english.$('input[name="lang"]').length).toBe(0);
    expect((await check(browser, english)).text).toContain('<html lang="en">');
    expect(test.app.waitingRoom.figures().issued).toBe(1);
  });

  it('tells the script its visitor’s own place, and takes nothing', async () => {
    await overload();
    const page = await test.browser().get('/');
    const place = async (): Promise<Record<string, unknown>> =>
      (await (
        await fetch(`${test.issuer}/waiting-room/place?lang=en`, { headers: { Cookie: cookiesOf(page, TICKETS) } })
      ).json()) as Record<string, unknown>;
    expect(await place()).toMatchObject({ isTurn: false, checkAfterSeconds: 2 });
    await letSomeIn();
    expect(await place()).toMatchObject({ isTurn: true, text: expect.stringContaining('your turn') });
    expect(await place()).toMatchObject({ isTurn: true });
  });
});

describe('whoever wants to jump the line', () => {
  const visit = async (cookie: string, path = '/'): Promise<TestPage> => test.browser().get(path, { Cookie: cookie });

  /** So many newcomers that the next one has to wait, too: nobody walks in without a ticket. */
  const fillUp = async (): Promise<void> => {
    const newcomers = await Promise.all(Array.from({ length: 40 }, () => test.browser().get('/')));
    expect(newcomers.some(isWaiting)).toBe(true);
  };

  it('gets nothing by a forged or an altered ticket', async () => {
    await overload();
    const page = await test.browser().get('/');
    const [ticket = '', signature = ''] = cookiesOf(page, TICKETS).split('; ');
    const earlier = ticket.replace(/=\d+/, (at) => `=${Number(at.slice(1)) - 3_600_000}`);
    await letSomeIn();
    await fillUp();
    expect(isWaiting(await visit(`${earlier}; ${signature}`))).toBe(true);
    expect(isWaiting(await visit(ticket))).toBe(true);
    expect(isWaiting(await visit(`${TICKETS}=1.aaaaaaaaaaaaaaaaaaaa; ${TICKETS}.sig=x`))).toBe(true);
    expect((await visit(`${ticket}; ${signature}`)).status).toBe(200);
  });

  it('gets one admission by a ticket, however many have a copy', async () => {
    await overload();
    const cookies = cookiesOf(await test.browser().get('/'), TICKETS);
    await letSomeIn(10);
    await fillUp();
    const pages = await Promise.all(Array.from({ length: 8 }, () => visit(cookies)));
    expect(pages.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('gets twenty beginnings by a pass, and none when its ten minutes are over', async () => {
    await overload();
    const browser = test.browser();
    const page = await browser.get('/');
    await letSomeIn(10);
    const inside = await check(browser, page);
    const pass = cookiesOf(inside, PASSES);
    await fillUp();
    const pages = [];
    for (let use = 0; use < 22; use += 1) pages.push(await visit(pass));
    expect(pages.filter(({ status }) => status === 200)).toHaveLength(20);
    test.travel({ seconds: 601 });
    expect(isWaiting(await visit(pass))).toBe(true);
  });

  it.each(['/', '/activate', '/recover'])('gets nothing by asking %s for no page', async (path) => {
    await overload();
    await fillUp();
    expect(isWaiting(await test.browser().get(`${path}?prompt=none`))).toBe(true);
  });

  it('gets nothing by a sign-out where nobody was signed in', async () => {
    await overload();
    await fillUp();
    for (const path of ['/logout', '/logout?client_id=sandbox-spa&state=x']) {
      const browser = test.browser();
      const page = await browser.get(path);
      expect([page.status, page.path]).toEqual([200, '/logout/success']);
      expect(isWaiting(await browser.get(authorizePath()))).toBe(true);
    }
  });

  it('is not led to another site, and leaves nothing in a cache', async () => {
    await overload();
    const page = await test.browser().get('/activate?next=https://evil.example/&x="><script>');
    expect(page.$('main form').attr('action')).toBe('/activate');
    expect(page.$('script:not([nonce])').length).toBe(0);
    expect(page.headers['cache-control']).toBe('no-store');
    expect((await test.browser().get('//evil.example/activate')).status).toBe(404);
  });
});

describe('programs beyond what can be served', () => {
  it('are told to come again, in the words of OAuth', async () => {
    const aProgram = (): ServerResponse =>
      ({ req: { method: 'GET' }, once: () => undefined }) as unknown as ServerResponse;
    for (let count = 0; count < 1_000; count += 1) test.app.loadMeter.admitsProgram(aProgram());
    const answer = await fetch(`${test.issuer}/userinfo`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await answer.json()).toMatchObject({ error: 'temporarily_unavailable' });
  });
});
