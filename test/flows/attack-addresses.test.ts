import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestPage } from '../support/app.ts';
import { giveActivePerson, givePendingPerson } from '../support/people.ts';
import { authorizePath, signInWholly, typePassword } from '../support/sign-in-walk.ts';

let test: TestApp;
afterEach(() => test.close());

/** Starts an activation of somebody new each time, as from this address. */
async function startFrom(forwardedFor: string): Promise<number> {
  const person = await givePendingPerson(test.app);
  const browser = test.browser();
  await browser.get('/activate');
  const fields = { citizen_id: person.citizenId, phone_number: person.phone };
  return (await browser.post('/activate', fields, { 'X-Forwarded-For': forwardedFor })).status;
}

async function startsFrom(addresses: readonly string[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const address of addresses) statuses.push(await startFrom(address));
  return statuses;
}

describe('the limit of an address', () => {
  const LIMIT = { ATTEMPTS_PER_ADDRESS_PER_HOUR: '3' };
  const BEHIND_PROXY = { ...LIMIT, TRUST_PROXY: 'true' };

  it('counts the connection, whatever X-Forwarded-For says', async () => {
    test = await startTestApp({ env: LIMIT });
    const addresses = ['198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4'];
    expect(await startsFrom(addresses)).toEqual([200, 200, 200, 429]);
  });

  it('behind a proxy counts what the proxy saw, not what the visitor wrote in front of it', async () => {
    test = await startTestApp({ env: BEHIND_PROXY });
    const spoofed = ['198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4'];
    expect(await startsFrom(spoofed.map((one) => `${one}, 203.0.113.9`))).toEqual([200, 200, 200, 429]);
    expect(await startFrom('198.51.100.1, 203.0.113.10')).toBe(200);
  });

  it('counts an IPv6 household as one, however many addresses it has', async () => {
    test = await startTestApp({ env: BEHIND_PROXY });
    const household = ['2001:db8:1:2::1', '2001:DB8:1:2:3:4:5:6', '2001:db8:1:2:ffff::', '2001:0db8:0001:0002::abcd'];
    expect(await startsFrom(household)).toEqual([200, 200, 200, 429]);
    expect(await startFrom('2001:db8:1:3::1')).toBe(200);
  });

  it('counts one IPv4 address as one, however it is written', async () => {
    test = await startTestApp({ env: BEHIND_PROXY });
    const written = ['203.0.113.9', '::ffff:203.0.113.9', '203.0.113.9:4711', '::FFFF:203.0.113.9'];
    expect(await startsFrom(written)).toEqual([200, 200, 200, 429]);
  });

  it('used up by strangers on a shared network does not keep the holder out of a browser she has used before', async () => {
    test = await startTestApp({ env: { SIGN_IN_TRIES_PER_ADDRESS: '4' } });
    const person = await giveActivePerson(test.app);
    const hers = test.browser();
    await signInWholly(test, hers, person);
    const signIn = async (browser = test.browser(), citizenId: string = person.citizenId): Promise<TestPage> =>
      typePassword(browser, await browser.get(authorizePath({ prompt: 'login' })), { citizenId });
    for (let guess = 0; guess < 4; guess += 1) await signIn(test.browser(), `99919965432${guess}`);
    expect((await signIn()).status).toBe(429);
    expect((await signIn(hers)).location).toContain('code=');
    expect((await signIn()).status).toBe(429);
  });
});

describe('an odd request', () => {
  /** As it is, without a client that tidies it up. */
  async function send(
    path: string,
    headers: Record<string, string> = {},
    body?: Buffer | string,
  ): Promise<{ status: number; text: string; cookies: string }> {
    const { port } = new URL(test.issuer);
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path, method: body === undefined ? 'GET' : 'POST', headers };
      const sent = request(options, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const cookies = (response.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ');
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString(), cookies });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  it('gets no link that leaves the site, not even the language switch of an address that begins with two slashes', async () => {
    test = await startTestApp();
    for (const path of ['//evil.example/x', '///evil.example', '/\\evil.example', '//evil.example\\@x']) {
      const { text } = await send(path, { Accept: 'text/html' });
      const hrefs = [...text.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? '');
      expect(hrefs.length).toBeGreaterThan(4);
      for (const href of hrefs.filter((one) => !one.startsWith('tel:')))
        expect(new URL(href, 'http://localhost:1').origin, href).toBe('http://localhost:1');
    }
  });

  it("whose body is no gzip although it says so is the visitor's mistake, and so is one too long when unpacked", async () => {
    test = await startTestApp();
    const page = await send('/activate');
    const type = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: test.issuer, Cookie: page.cookies };
    const gzip = { ...type, 'Content-Encoding': 'gzip' };
    expect((await send('/activate', gzip, 'not gzip')).status).toBe(400);
    expect((await send('/activate', { ...type, 'Content-Encoding': 'deflate' }, 'not deflate')).status).toBe(400);
    expect((await send('/activate', gzip, gzipSync('csrf_token=x').subarray(0, 18))).status).toBe(400);
    expect((await send('/activate', gzip, gzipSync(`x=${'a'.repeat(5_000_000)}`))).status).toBe(413);
    expect((await send('/activate', { ...type, 'Content-Encoding': 'zstd' }, 'x')).status).toBe(415);
    expect((await send('/sandbox/people', { ...gzip, 'Content-Type': 'application/json' }, 'not gzip')).status).toBe(
      400,
    );
    expect(test.traces.logLines.filter((line) => line.includes('unexpected_error'))).toEqual([]);
  });
});
