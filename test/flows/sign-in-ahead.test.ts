import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSignIns } from '../../src/accounts/sign-in-history-store.ts';
import { listAuditOfAccount } from '../../src/audit/audit-store.ts';
import { startTestApp, type TestApp, type TestBrowser, type TestPage } from '../support/app.ts';
import { giveActivePerson, TEST_SECRETS, type TestPerson } from '../support/people.ts';
import { answerOf, authorizePath, interactionPath, signInWholly, told, typePassword } from '../support/sign-in-walk.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.close());

const ASKED = { acr_values: 'urn:vn:eid:auth:1' };
const FORM = 'application/x-www-form-urlencoded';
/** By the first the form is answered ahead of the pages, where it can be; by the second it never is. */
const WAYS = [
  ['ahead of the pages', {}],
  ['by the pages', { 'Content-Type': `${FORM}; charset=utf-8` }],
] as const;

/** A browser in which the person has signed in before, opened again: its session went when it was closed. */
async function knownBrowser(): Promise<{ person: TestPerson; browser: TestBrowser; start: TestPage }> {
  const person = await giveActivePerson(test.app);
  const browser = test.browser();
  await signInWholly(test, browser, person, ASKED);
  return { person, browser, start: await openAgain(browser) };
}

async function openAgain(browser: TestBrowser): Promise<TestPage> {
  const { jar } = browser.agent as unknown as { jar: { setCookie(line: string, domain: string, path: string): void } };
  jar.setCookie('session=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/', 'localhost', '/');
  return browser.get(authorizePath(ASKED));
}

/** Of passwords, by any limit. */
async function countedTries(): Promise<number> {
  const kinds = ['sign_in:%', 'sign_in_device:%', 'sign_in_address:%'];
  const rows = await Promise.all(
    kinds.map((kind) => test.app.db('throttles').where('key', 'like', kind).select<{ failures: number }[]>('failures')),
  );
  return rows.flat().reduce((sum, { failures }) => sum + failures, 0);
}

describe.each(WAYS)('a password typed in a browser used before, answered %s', (way, headers) => {
  it('brings her back to the service, once in her history, and keeps the device', async () => {
    const { person, browser, start } = await knownBrowser();
    const lines = test.traces.logLines.length;
    const page = await typePassword(browser, start, { ...person, headers });
    expect(answerOf(page)['code']).toMatch(/./);
    const signIns = await listSignIns(test.app.db, person.accountId);
    expect(signIns.map(({ outcome, authLevel, amr }) => ({ outcome, authLevel, amr }))).toEqual(
      Array(2).fill({ outcome: 'signed_in', authLevel: 1, amr: ['pwd'] }),
    );
    expect(new Set(signIns.map(({ deviceId }) => deviceId)).size).toBe(1);
    const actions = (await listAuditOfAccount(test.app.db, person.accountId)).map(({ action }) => action);
    expect(actions.filter((action) => action === 'sign_in.succeeded')).toHaveLength(2);
    expect(await test.messages(person.phone)).toEqual([]);
    expect(await countedTries()).toBe(0);
    const told = test.traces.logLines.slice(lines).filter((line) => line.includes('sign_in.succeeded'));
    expect(told).toHaveLength(1);
    expect(JSON.parse(told[0] ?? '')).toMatchObject({ authLevel: 1, requestId: expect.stringMatching(/./) as string });
  });

  it('is counted once when it is wrong, and says so; after five the right one has to wait', async () => {
    const { person, browser, start } = await knownBrowser();
    for (let count = 0; count < 5; count += 1) {
      const page = await typePassword(browser, start, { ...person, password: 'Khong_dung#1', headers });
      expect(page.status).toBe(422);
      expect(told(page)).toContain('không đúng');
    }
    expect((await typePassword(browser, start, { ...person, headers })).status).toBe(429);
    const outcomes = (await listSignIns(test.app.db, person.accountId)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual([...Array<string>(5).fill('wrong_password'), 'signed_in']);
    await test.app.db('throttles').delete();
  });

  it('lets nobody in whose account is locked, and tells her', async () => {
    const { person, browser, start } = await knownBrowser();
    await test.app.db('accounts').where({ id: person.accountId }).update({ status: 'locked' });
    const page = await typePassword(browser, start, { ...person, headers });
    expect(page.location).toBeUndefined();
    expect(told(page)).toContain('khóa');
    const [newest] = await listSignIns(test.app.db, person.accountId);
    expect(newest?.outcome).toBe('refused');
    expect(await countedTries()).toBe(0);
  });

  it('is refused from another site, with another token, and at another request', async () => {
    const { person, browser, start } = await knownBrowser();
    const fields = { citizen_id: person.citizenId, password: 'x' };
    const at = `${interactionPath(start)}/password`;
    const foreign = [
      await browser.post(at, fields, { ...headers, Origin: 'https://evil.example' }),
      await browser.post(at, fields, { ...headers, 'Sec-Fetch-Site': 'cross-site' }),
      await browser.post(at, { ...fields, csrf_token: 'a'.repeat(86) }, headers),
    ];
    expect(foreign.map(({ status }) => status)).toEqual([403, 403, 403]);
    const other = `/interaction/${'a'.repeat(43)}/password`;
    await browser.get(interactionPath(start));
    expect((await browser.post(other, fields, headers)).status).toBe(410);
    expect(await listSignIns(test.app.db, person.accountId)).toHaveLength(1);
    expect(await countedTries()).toBe(0);
  });

  it('asks for the second factor where the service wants one', async () => {
    const { person, browser } = await knownBrowser();
    const start = await browser.get(authorizePath({ acr_values: 'urn:vn:eid:auth:2' }));
    const page = await typePassword(browser, start, { ...person, headers });
    expect(page.$('input[name="code"]')).toHaveLength(1);
    expect(await countedTries()).toBe(0);
  });

  it(`is what it says: ${way}`, async () => {
    const { person, browser, start } = await knownBrowser();
    const body = new URLSearchParams({
      csrf_token: start.$('input[name="csrf_token"]').first().attr('value') ?? '',
      citizen_id: person.citizenId,
      password: TEST_SECRETS.password,
    });
    const answer = await browser.agent
      .post(`${interactionPath(start)}/password`)
      .set({ Origin: test.issuer, 'Content-Type': FORM, ...headers })
      .redirects(0)
      .send(body.toString());
    expect(answer.status).toBe(303);
    expect(answer.headers['content-length'] === '0').toBe(way === 'ahead of the pages');
    expect(String(answer.headers['set-cookie'])).toMatch(
      /device=[\w.-]+; path=\/; expires=[^;]+; samesite=lax; httponly/i,
    );
    expect(answer.headers['x-request-id']).toMatch(/./);
  });
});
