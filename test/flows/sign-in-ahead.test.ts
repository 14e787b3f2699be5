import type { Adapter, AdapterPayload } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSignIns } from '../../src/accounts/sign-in-history-store.ts';
import { listAuditOfAccount } from '../../src/audit/audit-store.ts';
import { openProtocolStore } from '../../src/oidc/adapters/open-protocol-store.ts';
import type { ProtocolStore } from '../../src/oidc/adapters/protocol-store.ts';
import { startTestApp, type TestApp, type TestBrowser, type TestPage } from '../support/app.ts';
import { giveActivePerson, TEST_SECRETS, type TestPerson } from '../support/people.ts';
import {
  agree,
  answerOf,
  authorizePath,
  interactionPath,
  signInWholly,
  told,
  typePassword,
} from '../support/sign-in-walk.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.close());

const ASKED = { acr_values: 'urn:vn:eid:auth:1' };
const FORM = 'application/x-www-form-urlencoded';
const BY_PAGES = { 'Content-Type': `${FORM}; charset=utf-8` };
/** By the first the form is answered ahead of the pages and of the library, where it can be: back to the service at once. By the second the password is judged ahead of the pages, and the
 *  library has more to look at. By the third nothing is done ahead. */
const WAYS = [
  ['ahead of the pages', {}, {}],
  ['by the pages, and judged ahead of them', {}, ASKED],
  ['by the pages', BY_PAGES, ASKED],
] as const;

/** A browser in which the person has signed in before, opened again: its session went when it was closed. */
async function knownBrowser(
  asked: Record<string, string>,
): Promise<{ person: TestPerson; browser: TestBrowser; start: TestPage }> {
  const person = await giveActivePerson(test.app);
  const browser = test.browser();
  await signInWholly(test, browser, person, asked);
  return { person, browser, start: await openAgain(browser, asked) };
}

async function openAgain(browser: TestBrowser, asked: Record<string, string>): Promise<TestPage> {
  endSession(browser);
  return browser.get(authorizePath(asked));
}

function endSession(browser: TestBrowser): void {
  const { jar } = browser.agent as unknown as { jar: { setCookie(line: string, domain: string, path: string): void } };
  jar.setCookie('session=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/', 'localhost', '/');
}

/** Of passwords, by any limit. */
async function countedTries(): Promise<number> {
  const kinds = ['sign_in:%', 'sign_in_device:%', 'sign_in_address:%'];
  const rows = await Promise.all(
    kinds.map((kind) => test.app.db('throttles').where('key', 'like', kind).select<{ failures: number }[]>('failures')),
  );
  return rows.flat().reduce((sum, { failures }) => sum + failures, 0);
}

describe.each(WAYS)('a password typed in a browser used before, answered %s', (way, headers, asked) => {
  it('brings her back to the service, once in her history, and keeps the device', async () => {
    const { person, browser, start } = await knownBrowser(asked);
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
    const { person, browser, start } = await knownBrowser(asked);
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
    const { person, browser, start } = await knownBrowser(asked);
    await test.app.db('accounts').where({ id: person.accountId }).update({ status: 'locked' });
    const page = await typePassword(browser, start, { ...person, headers });
    expect(page.location).toBeUndefined();
    expect(told(page)).toContain('khóa');
    const [newest] = await listSignIns(test.app.db, person.accountId);
    expect(newest?.outcome).toBe('refused');
    expect(await countedTries()).toBe(0);
  });

  it('is refused from another site, with another token, and at another request', async () => {
    const { person, browser, start } = await knownBrowser(asked);
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
    const { jar } = browser.agent as unknown as { jar: { getCookies(access: object): { toValueString(): string }[] } };
    const sent = jar.getCookies({ path: at, domain: 'localhost', secure: false, script: false });
    const Cookie = sent.map((cookie) => cookie.toValueString()).join('; ');
    expect((await browser.post(`${other}?/${at}`, fields, { ...headers, Cookie })).status).toBe(410);
    expect(await listSignIns(test.app.db, person.accountId)).toHaveLength(1);
    expect(await countedTries()).toBe(0);
  });

  it('asks for the second factor where the service wants one', async () => {
    const { person, browser } = await knownBrowser(asked);
    const start = await browser.get(authorizePath({ acr_values: 'urn:vn:eid:auth:2' }));
    const page = await typePassword(browser, start, { ...person, headers });
    expect(page.$('input[name="code"]')).toHaveLength(1);
    expect(await countedTries()).toBe(0);
  });

  it(`is what it says: ${way}`, async () => {
    const { person, browser, start } = await knownBrowser(asked);
    const answer = await press(browser, start, person, headers);
    expect(answer.status).toBe(303);
    expect(answer.headers['content-length'] === '0').toBe(way === 'ahead of the pages');
    expect(String(answer.cookies)).toMatch(/device=[\w.-]+; path=\/; expires=[^;]+; samesite=lax; httponly/i);
    expect(answer.headers['x-request-id']).toMatch(/./);
  });
});

/** The answer of the form itself. */
async function press(browser: TestBrowser, start: TestPage, person: TestPerson, headers = {}): Promise<Pressed> {
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
  const location = new URL(answer.headers['location'] ?? '/', test.issuer);
  const cookies = [answer.headers['set-cookie'] ?? []].flat();
  return {
    status: answer.status,
    headers: answer.headers,
    location,
    cookies,
    code: location.searchParams.get('code') ?? undefined,
  };
}

type Pressed = {
  status: number;
  headers: Record<string, string>;
  location: URL;
  cookies: string[];
  code: string | undefined;
};

describe('Who may go back to the service at once', () => {
  const PLAIN = { nonce: 'a nonce', ui_locales: 'en' };
  let store: ProtocolStore;
  beforeAll(async () => {
    store = await openProtocolStore(test.app.config, test.app);
  });
  afterAll(() => store.close());

  const random = {
    jti: 'x',
    uid: 'x',
    sid: 'x',
    sessionUid: 'x',
    iat: 0,
    exp: 0,
    loginTs: 0,
    authTime: 0,
    grantId: 'x',
  };
  const lifeOf = ({ iat = 0, exp = 0 }: AdapterPayload): number => exp - iat;
  const mustFind = async (finding: ReturnType<Adapter['find']>): Promise<AdapterPayload> => {
    const artifact = await finding;
    if (!artifact) throw new Error('nothing was saved');
    return artifact;
  };
  const worthOf = async (id: string): Promise<object> => {
    const code = await mustFind(store.adapterFor('AuthorizationCode').find(id));
    const session = await mustFind(store.adapterFor('Session').findByUid(String(code.sessionUid)));
    const { authorizations = {}, ...rest } = session;
    return {
      code: { ...code, ...random, accountId: 'x', life: lifeOf(code) },
      session: { ...rest, ...random, accountId: 'x', life: lifeOf(session) },
      services: Object.entries(authorizations).map(([id, one]) => [id, Object.keys(one)]),
      isOneSession: code.accountId === session.accountId && code.authTime === session.loginTs,
    };
  };

  it('gets from the form what the library gives one request later', async () => {
    const [ours, theirs] = [await knownBrowser(PLAIN), await knownBrowser(PLAIN)];
    const pressed = await press(ours.browser, ours.start, ours.person);
    const byLibrary = await press(theirs.browser, theirs.start, theirs.person, BY_PAGES);
    expect([pressed.location.origin, byLibrary.location.pathname.split('/')[1]]).toEqual([
      'http://localhost:8080',
      'authorize',
    ]);
    const back = await theirs.browser.get(byLibrary.location.pathname);
    const told = new URL(back.location ?? '');
    const code = told.searchParams.get('code') ?? '';
    told.searchParams.set('code', 'x');
    const own = new URL(pressed.location);
    own.searchParams.set('code', 'x');
    expect(own.href).toBe(told.href);
    const worth = await worthOf(pressed.code ?? '');
    expect(worth).toEqual(await worthOf(code));
    expect(worth).toMatchObject({ isOneSession: true, services: [['sandbox-spa', expect.any(Array)]] });
    expect(pressed.cookies.filter((line) => line.startsWith('session'))).toEqual([
      expect.stringMatching(/^session=[\w-]{43}; path=\/; samesite=lax; httponly$/),
      expect.stringMatching(/^session\.sig=[\w-]{43}; path=\/; samesite=lax; httponly$/),
    ]);
    expect((await ours.browser.get(authorizePath(PLAIN))).location).toContain('code=');
  });

  it('is asked by the library first whether she agrees to more, and counted once', async () => {
    const { person, browser } = await knownBrowser({});
    const page = await typePassword(browser, await openAgain(browser, { scope: 'openid profile' }), person);
    expect(page.$('button[name="decision"]')).toHaveLength(2);
    expect(answerOf(await agree(browser, page))['code']).toMatch(/./);
    expect(await listSignIns(test.app.db, person.accountId)).toHaveLength(2);
  });

  it('may press twice within a minute, in time or late, and not after', async () => {
    const { person, browser, start } = await knownBrowser({});
    const both = await Promise.all([press(browser, start, person), press(browser, start, person)]);
    expect(new Set(both.map(({ code }) => code)).size).toBe(2);
    // Her session is known to the browser by now: the pages go on from it.
    const late = await typePassword(browser, start, person);
    expect(answerOf(late)['code']).toMatch(/./);
    const again = await openAgain(browser, {});
    expect((await press(browser, again, person)).code).toMatch(/./);
    endSession(browser);
    test.travel({ seconds: 59 });
    expect((await press(browser, again, person)).code).toMatch(/./);
    endSession(browser);
    test.travel({ seconds: 62 });
    expect((await press(browser, again, person)).status).toBe(410);
  });

  it('gets nothing when a session’s cookie is there, whatever it says', async () => {
    const { person, browser, start } = await knownBrowser({});
    const { jar } = browser.agent as unknown as {
      jar: { setCookie(line: string, domain: string, path: string): void };
    };
    jar.setCookie('session=planted; path=/', 'localhost', '/');
    const { location, cookies } = await press(browser, start, person);
    expect(location.pathname).toBe(interactionPath(start).replace('interaction', 'authorize'));
    expect(cookies.join()).not.toContain('planted');
  });

  it('gets nothing once she went away in another window, her consent is withdrawn, or the service disabled', async () => {
    const gone = await knownBrowser({});
    await gone.browser.post(`${interactionPath(gone.start)}/return`, {});
    expect((await press(gone.browser, gone.start, gone.person)).status).toBe(410);

    const withdrawn = await knownBrowser({});
    await test.app.gateway.endGrant(withdrawn.person.accountId, 'sandbox-spa');
    expect((await press(withdrawn.browser, withdrawn.start, withdrawn.person)).code).toBeUndefined();

    const disabled = await knownBrowser({});
    await test.app.db('clients').where({ id: 'sandbox-spa' }).update({ disabled_at: 1 });
    test.app.oidc.forgetClient('sandbox-spa');
    expect((await press(disabled.browser, disabled.start, disabled.person)).code).toBeUndefined();
    await test.app.db('clients').where({ id: 'sandbox-spa' }).update({ disabled_at: null });
    test.app.oidc.forgetClient('sandbox-spa');
  });
});
