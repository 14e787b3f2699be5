import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestPage } from '../support/app.ts';
import { giveActivePerson, type TestPerson } from '../support/people.ts';
import { authorizePath, typePassword } from '../support/sign-in-walk.ts';

const CITIZEN = '203.0.113.7';
const FLOOD = ['198.51.100.1', '198.51.100.2'];
const EACH = 30;

let test: TestApp;
let person: TestPerson;

beforeEach(async () => {
  test = await startTestApp({
    env: {
      TRUST_PROXY: 'true',
      ARGON2_MEMORY_KIB: '19456',
      SECRET_REQUESTS: '16',
      SECRET_REQUESTS_PER_ADDRESS: '6',
      SIGN_IN_TRIES: '100',
    },
  });
  person = await giveActivePerson(test.app);
});
afterEach(() => test.close());

/** One password typed at this address, in a browser of its own; the page is there already. */
async function readyToType(address: string): Promise<(citizenId: string, password?: string) => Promise<TestPage>> {
  const headers = { 'X-Forwarded-For': address };
  const browser = test.browser();
  const page = await browser.get(authorizePath(), headers);
  const from = {
    ...browser,
    post: (path: string, fields: Record<string, string | string[]>) => browser.post(path, fields, headers),
  };
  return (citizenId, password) =>
    typePassword(from, page, { citizenId, ...(password === undefined ? {} : { password }) });
}

describe('a flood of passwords from few addresses', () => {
  it('keeps neither another citizen from signing in nor a program from its token, and is told to try again', async () => {
    const floods = await Promise.all(
      FLOOD.flatMap((address) => Array.from({ length: EACH }, () => readyToType(address))),
    );
    const typeOwn = await readyToType(CITIZEN);
    const answered: TestPage[] = [];
    const flood = floods.map((type, index) =>
      type(`9990${String(index).padStart(8, '0')}`, 'Khong_dung#1').then((page) => answered.push(page)),
    );
    const token = fetch(`${test.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'sandbox-machine',
        client_secret: 'sandbox-machine-secret',
      }),
    });
    const own = await typeOwn(person.citizenId);
    expect([own.status, own.text.includes('name="decision"')]).toEqual([200, true]);
    expect((await token).status).toBe(200);
    await Promise.all(flood);

    const busy = answered.filter(({ status }) => status === 503);
    expect(busy.length).toBeGreaterThan(0);
    expect(answered.filter(({ status }) => status === 422).length).toBeGreaterThanOrEqual(6);
    const [page] = busy;
    expect(page?.headers['retry-after']).toBe('5');
    expect(page?.$('input[name="citizen_id"]').attr('value')).toMatch(/^9990/);
    expect(page?.text).toContain('không bị tính');
    expect(test.app.hasher.queueDepth()).toBe(0);
  });

  it('counts no try against the one whose password was not even looked at', async () => {
    const types = await Promise.all(Array.from({ length: EACH }, () => readyToType(CITIZEN)));
    const pages = await Promise.all(types.map((type) => type(person.citizenId, 'Khong_dung#1')));
    const judged = pages.filter(({ status }) => status === 422).length;
    expect(judged).toBeLessThan(EACH);
    const [{ failures }] = (await test.app.db('throttles').select('failures').whereLike('key', 'sign_in:%')) as [
      { failures: number },
    ];
    expect(failures).toBe(judged);
  });
});
