import { afterAll, beforeAll, describe, expect, it, type MockInstance, vi } from 'vitest';
import { lockAccount, unlockAccount } from '../../src/accounts/lock-account.ts';
import { openProtocolStore } from '../../src/oidc/adapters/open-protocol-store.ts';
import type { ProtocolStore } from '../../src/oidc/adapters/protocol-store.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { cityPortal, watchLibrary } from './support/plain-parts.ts';
import { openInteraction, startProvider, type TestProvider } from './support/provider.ts';
import {
  type Answer,
  type Browser,
  codeIn,
  errorIn,
  newBrowser,
  type RelyingParty,
  relyingParty,
} from './support/relying-party.ts';

/** Unusual, and so the library's, which takes no notice of it. */
const BY_LIBRARY = { dpop: 'x' };

let provider: TestProvider;
let store: ProtocolStore;
let library: MockInstance;
let web: RelyingParty;
let city: RelyingParty;
let person: string;

beforeAll(async () => {
  provider = await startProvider();
  store = await openProtocolStore(provider.app.config, provider.app);
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  city = cityPortal(provider);
  person = await provider.personaId('l2-active');
  library = watchLibrary();
  // Consent, for all that follows.
  for (const rp of [web, city]) await rp.signIn(newBrowser(), 'l2-active', PROFILE);
});
afterAll(async () => {
  await store.close();
  await provider.close();
});

const PROFILE = { scope: 'openid profile', state: 'a state & more', nonce: 'a nonce' };

/** Somebody who has just typed her password: where she is sent, and where she was. */
type Proved = { browser: Browser; at: string; back: string };

async function prove(
  rp = web,
  parameters: Record<string, string | undefined> = PROFILE,
  { browser = newBrowser(), account = person, factors = 'pwd' } = {},
): Promise<Proved> {
  const { at } = await openInteraction(browser, rp.authorizeUrl(parameters));
  const { location } = await browser.get(`${at}/login?${new URLSearchParams({ account, factors }).toString()}`);
  return { browser, at, back: location?.href ?? '' };
}

type Seen = { answer: Answer; isPlain: boolean };

async function goBack({ browser, back }: Proved, headers: Record<string, string> = {}): Promise<Seen> {
  library.mockClear();
  const answer = await browser.get(back, headers);
  return { answer, isPlain: library.mock.calls.length === 0 };
}

const RANDOM = { jti: 'random', uid: 'random', sid: 'random', sessionUid: 'random' };

/** What she was told and what was saved, without what chance makes. */
async function worthOf({ browser, back }: Proved, { answer }: Seen): Promise<object> {
  const uid = new URL(back).pathname.split('/').at(-1) ?? '';
  const said = (line: string): string =>
    line
      .replaceAll(uid, 'UID')
      .replace(/^(session=)[\w-]{43}/, '$1ID')
      .replace(/^(session\.sig=)[\w-]{43}/, '$1SIGNATURE');
  const code = codeIn(answer);
  const [ofCode, session, interaction] = await Promise.all([
    store.adapterFor('AuthorizationCode').find(code),
    store.adapterFor('Session').find(browser.cookies()['session'] ?? ''),
    store.adapterFor('Interaction').find(uid),
  ]);
  const authorizations = Object.entries(session?.authorizations ?? {}).map(([id, one]) => [id, { ...one, ...RANDOM }]);
  const { location } = answer;
  location?.searchParams.set('code', 'x');
  return {
    status: answer.status,
    location: location?.href,
    cache: answer.headers.get('cache-control'),
    cookies: answer.headers.getSetCookie().map(said),
    isOneSession: session?.uid === ofCode?.sessionUid,
    code: { ...ofCode, ...RANDOM, hasSid: ofCode?.sid !== undefined },
    session: { ...session, ...RANDOM, authorizations },
    interaction,
  };
}

describe('Who has just signed in goes back without the library as with it', () => {
  it.each<[string, Record<string, string | undefined>, { factors?: string }]>([
    ['with a state and a nonce', PROFILE, {}],
    ['without them', { scope: 'openid' }, {}],
    ['with two factors', PROFILE, { factors: 'pwd sms' }],
    ['in a language', { ...PROFILE, ui_locales: 'en vi' }, {}],
    ['whatever the order of the scopes', { scope: 'profile openid profile' }, {}],
  ])('%s', async (_what, parameters, options) => {
    for (const rp of [web, city]) {
      const [one, other] = [await prove(rp, parameters, options), await prove(rp, parameters, options)];
      const [ours, theirs] = [await goBack(one), await goBack(other, BY_LIBRARY)];
      expect([ours.isPlain, theirs.isPlain]).toEqual([true, false]);
      const worth = await worthOf(one, ours);
      expect(worth).toEqual(await worthOf(other, theirs));
      expect(worth).toMatchObject({ isOneSession: true, interaction: undefined });
    }
  });

  it('a minute later than she signed in', async () => {
    const [one, other] = [await prove(), await prove()];
    provider.travel(60);
    expect(await worthOf(one, await goBack(one))).toEqual(await worthOf(other, await goBack(other, BY_LIBRARY)));
  });

  it('and is signed in then, at other services too, with a code that is worth something', async () => {
    const proved = await prove();
    const { answer } = await goBack(proved);
    expect((await web.redeem(codeIn(answer))).status).toBe(200);
    const next = await proved.browser.get(city.authorizeUrl(PROFILE));
    expect((await city.redeem(codeIn(next))).status).toBe(200);
    const { text } = await proved.browser.get(`${provider.issuer}/session`);
    expect(JSON.parse(text)).toMatchObject({ accountId: person, authLevel: 1 });
    expect(Object.keys(proved.browser.cookies())).not.toContain('resume');
  });

  it('and her use of the service is counted, and logged without an address', async () => {
    const uses = async (): Promise<number> => (await provider.app.db('rp_uses')).length;
    const [before, proved] = [await uses(), await prove()];
    const logged = provider.logged.length;
    expect((await goBack(proved)).isPlain).toBe(true);
    expect(await uses()).toBe(before + 1);
    await expect
      .poll(() => provider.logged.slice(logged).map((line) => JSON.parse(line) as object))
      .toMatchObject([{ msg: 'http.request', method: 'GET', route: '/authorize/*', status: 303 }]);
  });
});

describe('Her session is a new one', () => {
  it('whatever cookie was in the browser before', async () => {
    const planted = newBrowser();
    await web.signIn(planted, 'l1-active', PROFILE);
    const known = planted.cookies()['session'] ?? '';
    const proved = await prove();
    const cookie = Object.entries({ ...proved.browser.cookies(), session: known })
      .map((pair) => pair.join('='))
      .join('; ');
    library.mockClear();
    const answer = await fetch(proved.back, { headers: { cookie }, redirect: 'manual' });
    expect(library.mock.calls.length).toBeGreaterThan(0);
    expect(answer.headers.getSetCookie().join()).not.toContain(known);
  });

  it('also where one has expired, or is somebody else’s', async () => {
    const browser = newBrowser();
    await web.signIn(browser, 'l1-active', PROFILE);
    const ids = new Set([browser.cookies()['session']]);
    const proved = await prove(web, { ...PROFILE, prompt: 'login' }, { browser });
    expect((await goBack(proved)).isPlain).toBe(false);
    ids.add(browser.cookies()['session']);
    provider.travel(12 * 3_600 + 60);
    const again = await prove(web, PROFILE, { browser });
    expect((await goBack(again)).isPlain).toBe(false);
    ids.add(browser.cookies()['session']);
    expect(ids.size).toBe(3);
    // The consent is a day old soon, and renewed by the library.
    for (const rp of [web, city]) await rp.signIn(newBrowser(), 'l2-active', PROFILE);
  });
});

describe('The library is asked', () => {
  it.each<[string, Record<string, string | undefined>]>([
    ['for more than was agreed to', { scope: 'openid profile email' }],
    ['for offline access', { scope: 'openid profile offline_access', prompt: 'consent' }],
    ['for a resource', { scope: 'openid health_book' }],
    ['with a prompt', { prompt: 'login' }],
    ['with a greatest age', { max_age: '10' }],
    ['with a strength', { acr_values: 'urn:vn:eid:auth:1' }],
    [
      'with an essential strength',
      { claims: '{"id_token":{"acr":{"essential":true,"values":["urn:vn:eid:auth:2"]}}}' },
    ],
    ['with claims', { claims: '{"userinfo":{"email":null}}' }],
    ['with a response mode', { response_mode: 'fragment' }],
    ['without openid', { scope: 'profile', nonce: undefined }],
  ])('%s', async (_what, parameters) => {
    expect((await goBack(await prove(web, { ...PROFILE, ...parameters }))).isPlain).toBe(false);
  });

  it('of a pushed request', async () => {
    const browser = newBrowser();
    const { at } = await openInteraction(browser, await web.push(PROFILE));
    const { location } = await browser.get(`${at}/login?account=${person}&factors=pwd`);
    const { isPlain, answer } = await goBack({ browser, at, back: location?.href ?? '' });
    expect([isPlain, codeIn(answer)]).toEqual([false, expect.any(String)]);
  });

  it('when she went away instead, or with a query, or by another method', async () => {
    const browser = newBrowser();
    const { at } = await openInteraction(browser, web.authorizeUrl(PROFILE));
    const { location } = await browser.get(`${at}/error?error=access_denied`);
    const gone = await goBack({ browser, at, back: location?.href ?? '' });
    expect([gone.isPlain, errorIn(gone.answer)]).toEqual([false, 'access_denied']);
    const proved = await prove();
    for (const change of ['?', '?x=y', '/', '//'])
      expect((await goBack({ ...proved, back: proved.back + change })).isPlain).toBe(false);
  });
});

describe('Nobody comes back', () => {
  const comesToNothing = async (proved: Proved): Promise<boolean> => {
    const { answer, isPlain } = await goBack(proved);
    return !isPlain && answer.location?.searchParams.has('code') !== true;
  };

  it('before she has signed in, or twice', async () => {
    const browser = newBrowser();
    const { at } = await openInteraction(browser, web.authorizeUrl(PROFILE));
    expect(await comesToNothing({ browser, at, back: at.replace('/interaction/', '/authorize/') })).toBe(true);
    const proved = await prove();
    const resume = ['resume', 'resume.sig'].map((name) => `${name}=${proved.browser.cookies()[name]}`).join('; ');
    expect((await goBack(proved)).isPlain).toBe(true);
    const replayed = await fetch(proved.back, { headers: { cookie: resume }, redirect: 'manual' });
    expect([replayed.status, replayed.headers.getSetCookie().join().includes('session=')]).toEqual([400, false]);
  });

  it('in another browser, by another’s cookie, or by one that was tampered with', async () => {
    const [hers, his] = [await prove(), await prove(city)];
    expect(await comesToNothing({ ...hers, browser: newBrowser() })).toBe(true);
    expect(await comesToNothing({ ...hers, browser: his.browser })).toBe(true);
    const ask = async (cookie: string, back = hers.back): Promise<boolean> => {
      library.mockClear();
      await fetch(back, { headers: { cookie }, redirect: 'manual' });
      return library.mock.calls.length === 0;
    };
    const own = hers.browser.cookies();
    const others = his.browser.cookies();
    expect(await ask(`resume=${own['resume']}`)).toBe(false);
    expect(await ask(`resume=${own['resume']}; resume.sig=${others['resume.sig']}`)).toBe(false);
    expect(await ask(`resume=${others['resume']}; resume.sig=${own['resume.sig']}`)).toBe(false);
    expect(await ask(`resume=${others['resume']}; resume=${own['resume']}; resume.sig=${own['resume.sig']}`)).toBe(
      false,
    );
    expect(await ask(`resume=${own['resume']}; resume.sig=${own['resume.sig']}; session=x`)).toBe(false);
    // Her cookie at the address of his.
    expect(await ask(`resume=${own['resume']}; resume.sig=${own['resume.sig']}`, his.back)).toBe(false);
    // What is signed for another name.
    expect(await ask(`resume=${own['interaction']}; resume.sig=${own['interaction.sig']}`)).toBe(false);
  });

  it('by an interaction that is over, whatever is said beside it', async () => {
    const logged = provider.logged.length;
    for (const query of ['', '?client_id=sandbox-web', '?client_id=sandbox-web&redirect_uri=https://evil.test']) {
      const { status, location } = await newBrowser().get(`${provider.issuer}/authorize/${'x'.repeat(43)}${query}`);
      expect([query, status, location]).toEqual([query, 400, undefined]);
    }
    expect(provider.logged.slice(logged).filter((line) => line.includes('oidc.failed'))).toEqual([]);
  });

  it('after half an hour', async () => {
    const proved = await prove();
    // The library forgives some seconds.
    provider.travel(1_815);
    expect(await comesToNothing(proved)).toBe(true);
    for (const rp of [web, city]) await rp.signIn(newBrowser(), 'l2-active', PROFILE);
  });

  it('once the account is locked, or all of its access has ended, or consent is withdrawn', async () => {
    const { app } = provider;
    const fact = {
      accountId: person,
      reason: 'test',
      ground: 'holder_request',
      actor: { kind: 'operator', id: 'test' },
    } as const;
    const ends: [() => Promise<unknown>, (() => Promise<unknown>)?][] = [
      [
        () => inTransaction(app.db, (tx) => lockAccount(tx, app, { ...fact, requestedBy: 'holder', now: app.clock() })),
        () => inTransaction(app.db, (tx) => unlockAccount(tx, app, { ...fact, now: app.clock() })),
      ],
      [() => app.gateway.endAccess(person, { keepGrants: true })],
      [() => app.gateway.endGrant(person, 'sandbox-web')],
    ];
    for (const [end, repair] of ends) {
      const proved = await prove();
      provider.travel(1);
      await end();
      expect(await comesToNothing(proved)).toBe(true);
      await repair?.();
      await web.signIn(newBrowser(), 'l2-active', PROFILE);
    }
    expect((await goBack(await prove())).isPlain).toBe(true);
  });

  it('to a service that is disabled, or asks for more than she has', async () => {
    const { app } = provider;
    for (const change of [{ disabled_at: 1 }, { least_auth_level: 2 }, { least_account_level: 2 }]) {
      const account = await provider.personaId('l1-active');
      await web.signIn(newBrowser(), 'l1-active', PROFILE);
      const proved = await prove(web, PROFILE, { account });
      await app.db('clients').where({ id: 'sandbox-web' }).update(change);
      app.oidc.forgetClient('sandbox-web');
      expect(await comesToNothing(proved)).toBe(true);
      const before = { disabled_at: null, least_auth_level: 1, least_account_level: 1 };
      await app.db('clients').where({ id: 'sandbox-web' }).update(before);
      app.oidc.forgetClient('sandbox-web');
    }
  });
});

describe('Over https', () => {
  const BY_HTTPS = { 'x-forwarded-proto': 'https' };
  let secure: TestProvider;
  let rp: RelyingParty;
  beforeAll(async () => {
    const now = new Date();
    secure = await startProvider({ env: { ISSUER: 'https://id.test', TRUST_PROXY: 'true' } });
    vi.setSystemTime(now);
    rp = relyingParty(secure.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
    const silently = rp.authorizeUrl({ ...PROFILE, login_hint: 'persona:l2-active' });
    codeIn(await newBrowser().get(silently, BY_HTTPS));
  });
  afterAll(() => secure.close());

  const come = async (headers: Record<string, string>): Promise<Seen & { uid: string }> => {
    const browser = newBrowser();
    const { location } = await browser.get(rp.authorizeUrl(PROFILE), BY_HTTPS);
    const at = secure.issuer + location?.pathname;
    const login = new URLSearchParams({ account: await secure.personaId('l2-active'), factors: 'pwd' });
    const proved = await browser.get(`${at}/login?${login.toString()}`, BY_HTTPS);
    const path = proved.location?.pathname ?? '';
    const seen = await goBack({ browser, at, back: secure.issuer + path }, headers);
    return { ...seen, uid: path.split('/').at(-1) ?? '' };
  };

  it('the cookies are for https alone, with the library as without', async () => {
    const cookiesOf = ({ answer, uid }: { answer: Answer; uid: string }): string[] =>
      answer.headers
        .getSetCookie()
        .map((line) => line.replaceAll(uid, 'UID').replace(/^(__Host-session(?:\.sig)?=)[\w-]{43}/, '$1X'));
    const [ours, theirs] = [await come(BY_HTTPS), await come({ ...BY_HTTPS, ...BY_LIBRARY })];
    expect([ours.isPlain, theirs.isPlain]).toEqual([true, false]);
    expect(cookiesOf(ours)).toEqual(cookiesOf(theirs));
    expect(cookiesOf(ours)).toContain('__Host-session=X; path=/; samesite=lax; secure; httponly');
  });

  it('and none is given where the request was not sent by https', async () => {
    const { answer, isPlain } = await come({});
    expect([isPlain, answer.headers.getSetCookie().join().includes('session=')]).toEqual([false, false]);
  });
});
