import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, newBrowser } from '../oidc/support/relying-party.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { giveActivePerson } from '../support/people.ts';
import { authorizePath, essentialAcr, typePassword } from '../support/sign-in-walk.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
  // Of a browser that says nothing of languages, the pages have learned what it means.
  const { at, cookie } = await come();
  await ask(at, { cookie, ...BY_PAGES });
});
afterAll(() => test.close());

/** Worth the same as `gzip`, but not plainly so: such a request is the pages'. */
const BY_PAGES = { 'accept-encoding': 'gzip;q=1' };
const AHEAD = { 'accept-encoding': 'gzip' };

type Seen = { status: number; headers: IncomingHttpHeaders; text: string; isAhead: boolean };

/** A request with these headers and no others. */
function ask(url: string, headers: Record<string, string>, method = 'GET'): Promise<Seen> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => void chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        const isGzip = response.headers['content-encoding'] === 'gzip';
        const text = (isGzip ? gunzipSync(body) : body).toString();
        // The pages compress as they send: how long it will be is not known then.
        const isAhead = isGzip && response.headers['content-length'] === String(body.length);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, isAhead });
      });
    })
      .on('error', reject)
      .end();
  });
}

const cookiesOf = (browser: Browser): string =>
  Object.entries(browser.cookies())
    .map((pair) => pair.join('='))
    .join('; ');

/** Somebody sent by a service, at the page of the password. */
async function come(
  params: Record<string, string> = {},
  browser = newBrowser(),
): Promise<{ at: string; cookie: string }> {
  const { location } = await browser.get(test.issuer + authorizePath(params));
  return { at: location?.href ?? '', cookie: cookiesOf(browser) };
}

const changing = new Set(['date', 'x-request-id', 'content-length', 'transfer-encoding', 'content-encoding']);

/** Without what chance makes, and what compression does. */
function worthOf({ status, headers, text }: Seen, at: string): object {
  const nonce = /script-src 'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? 'none';
  const still = (said: string): string =>
    said
      .replaceAll(nonce, 'NONCE')
      .replaceAll(new URL(at).pathname, '/interaction/UID')
      .replace(/(?<=name="csrf_token" value=")[\w-]{86}/g, 'TOKEN')
      .replace(/(?<=^visitor(?:\.sig)?=)[\w-]{32,43}/, 'VISITOR');
  const kept = Object.entries(headers).filter(([name]) => !changing.has(name));
  const said = kept.map(([name, value]) => [name, [value ?? ''].flat().map(still)] as const);
  return { status, headers: Object.fromEntries(said), text: still(text), hasNonce: nonce.length };
}

/** The same request both ways. The pages first: they learn what language a browser means. */
async function both(
  headers: Record<string, string>,
  params: Record<string, string> = {},
): Promise<[Seen, Seen, string]> {
  const { at, cookie } = await come(params);
  const sent = { ...headers, cookie: [cookie, headers['cookie'] ?? ''].filter(Boolean).join('; ') };
  const theirs = await ask(at, { ...sent, ...BY_PAGES });
  return [await ask(at, { ...sent, ...AHEAD }), theirs, at];
}

describe('The page of the password is the same ahead of the pages as by them', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['in a browser that says nothing', {}, {}],
    ['in one that speaks English', { 'accept-language': 'en-GB,en;q=0.9' }, {}],
    ['in one that speaks neither language', { 'accept-language': 'fr' }, {}],
    ['when the service asks for a language', { 'accept-language': 'vi' }, { ui_locales: 'en vi' }],
    ['when it asks for one that is not spoken here', { 'accept-language': 'vi' }, { ui_locales: 'fr' }],
    ['when a language was chosen here before', { 'accept-language': 'vi', cookie: 'locale=en' }, { ui_locales: 'vi' }],
    ['when the service wants two factors', {}, { claims: essentialAcr(2) }],
  ])('%s', async (_what, headers, params) => {
    const [ours, theirs, at] = await both(headers, params);
    expect([ours.isAhead, theirs.isAhead]).toEqual([true, false]);
    expect(worthOf(ours, at)).toEqual(worthOf(theirs, at));
    expect(ours.text).toContain('name="password"');
  });

  it('without compression too', async () => {
    const { at, cookie } = await come();
    const [ours, theirs] = [await ask(at, { cookie }), await ask(at, { cookie, ...BY_PAGES })];
    expect(ours.headers['content-length']).toBe(String(Buffer.byteLength(ours.text)));
    expect(worthOf(ours, at)).toEqual(worthOf(theirs, at));
  });

  it('in a browser that has been here, which keeps its visitor', async () => {
    const browser = newBrowser();
    await browser.get(`${test.issuer}/activate`);
    const { at, cookie } = await come({}, browser);
    expect(cookie).toContain('visitor=');
    const [ours, theirs] = [await ask(at, { cookie, ...AHEAD }), await ask(at, { cookie, ...BY_PAGES })];
    expect([ours.isAhead, ours.headers['set-cookie']]).toEqual([true, undefined]);
    expect(worthOf(ours, at)).toEqual(worthOf(theirs, at));
  });

  it('and its form is taken, whose token is another one each time', async () => {
    const person = await giveActivePerson(test.app);
    const browser = newBrowser();
    const { at } = await come({}, browser);
    const tokenIn = (text: string): string => /name="csrf_token" value="([^"]+)"/.exec(text)?.[1] ?? '';
    const [first, second] = [await browser.get(at, AHEAD), await browser.get(at, AHEAD)];
    expect(tokenIn(first.text)).not.toBe(tokenIn(second.text));
    const typed = { citizen_id: person.citizenId, password: 'Khong_dung#1', csrf_token: tokenIn(first.text) };
    expect((await browser.post(`${at}/password`, typed, { origin: test.issuer })).status).toBe(422);
  });

  it('and is logged and counted by its pattern, without the address', async () => {
    const { at, cookie } = await come();
    const lines = test.traces.logLines.length;
    expect((await ask(at, { cookie, ...AHEAD })).isAhead).toBe(true);
    await expect
      .poll(() => test.traces.logLines.slice(lines).map((line) => JSON.parse(line) as object))
      .toMatchObject([{ msg: 'http.request', method: 'GET', route: '/interaction/:uid', status: 200 }]);
  });
});

describe('The pages answer', () => {
  const isAhead = async (at: string, headers: Record<string, string>, method?: string): Promise<boolean> =>
    (await ask(at, { ...AHEAD, ...headers }, method)).isAhead;

  it('a browser whose language nobody has sent yet, and learn it', async () => {
    const { at, cookie } = await come();
    const headers = { cookie, 'accept-language': 'en-AU,en;q=0.7,de;q=0.3' };
    expect([await isAhead(at, headers), await isAhead(at, headers)]).toEqual([false, true]);
  });

  it('who chooses a language, reads it by HEAD, or accepts compression in another way', async () => {
    const { at, cookie } = await come();
    for (const query of ['?x', '?lang=en', '?account=other', '/', '/password'])
      expect([query, await isAhead(at + query, { cookie })]).toEqual([query, false]);
    expect(await isAhead(at, { cookie }, 'HEAD')).toBe(false);
    expect((await ask(at, { ...AHEAD, cookie }, 'HEAD')).status).toBe(200);
    for (const accepted of ['br', '*', 'gzip;q=0', 'identity', 'x-gzip'])
      expect(await isAhead(at, { cookie, 'accept-encoding': accepted })).toBe(false);
    expect(await isAhead(at, { cookie, 'accept-encoding': 'deflate, gzip, br, zstd' })).toBe(true);
  });

  it('whose cookies are another browser’s, were tampered with, or came twice', async () => {
    const [hers, his] = [await come(), await come()];
    const shown = async (at: string, cookie: string): Promise<[boolean, number]> => {
      const { isAhead: is, status } = await ask(at, { ...AHEAD, cookie });
      return [is, status];
    };
    expect(await shown(hers.at, '')).toEqual([false, 410]);
    expect(await shown(hers.at, his.cookie)).toEqual([false, 410]);
    // Another first letter, whichever it is.
    const altered = hers.cookie.replace(/(?<=interaction\.sig=)./, (letter) => (letter === 'x' ? 'y' : 'x'));
    expect(await shown(hers.at, altered)).toEqual([false, 410]);
    const again = `${hers.cookie}; ${/interaction=[\w-]+/.exec(hers.cookie)?.[0]}`;
    expect(await shown(hers.at, again)).toEqual([false, 200]);
    // Of a visitor that we never made, the pages make a new one.
    expect(await shown(hers.at, `${hers.cookie}; visitor=x; visitor.sig=y`)).toEqual([false, 200]);
    expect(await shown(hers.at, hers.cookie)).toEqual([true, 200]);
  });

  it('whoever is signed in, has a hint typed for her, or has proved her password already', async () => {
    const person = await giveActivePerson(test.app);
    const { at, cookie } = await come();
    expect(await isAhead(at, { cookie: `${cookie}; session=x` })).toBe(false);
    const hinted = await come({ login_hint: person.citizenId });
    expect((await ask(hinted.at, { ...AHEAD, cookie: hinted.cookie })).text).toContain(person.citizenId);

    const browser = test.browser();
    const half = await typePassword(browser, await browser.get(authorizePath({ claims: essentialAcr(2) })), person);
    expect(half.path).toMatch(/^\/interaction\/[\w-]{43}$/);
    expect((await browser.get(half.path, AHEAD)).$('input[name="code"]')).toHaveLength(1);
  });

  it('when the request is over, or was never made', async () => {
    const { at, cookie } = await come();
    test.travel({ seconds: 1_830 });
    const over = await ask(at, { ...AHEAD, cookie });
    expect([over.isAhead, over.status]).toEqual([false, 410]);
    const never = await ask(`${test.issuer}/interaction/${'x'.repeat(43)}`, AHEAD);
    expect([never.isAhead, never.status]).toEqual([false, 410]);
  });
});
