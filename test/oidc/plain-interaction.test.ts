import { afterAll, beforeAll, describe, expect, it, type MockInstance, vi } from 'vitest';
import { openProtocolStore } from '../../src/oidc/adapters/open-protocol-store.ts';
import type { ProtocolStore } from '../../src/oidc/adapters/protocol-store.ts';
import { cityPortal, watchLibrary } from './support/plain-parts.ts';
import { act, openInteraction, startProvider, type TestProvider } from './support/provider.ts';
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
const PROFILE = { scope: 'openid profile', state: 'a state & more', nonce: 'a nonce' };

let provider: TestProvider;
let store: ProtocolStore;
let library: MockInstance;
let web: RelyingParty;
let city: RelyingParty;
let spa: RelyingParty;

beforeAll(async () => {
  provider = await startProvider();
  store = await openProtocolStore(provider.app.config, provider.app);
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  spa = relyingParty(provider.issuer, { clientId: 'sandbox-spa' });
  city = cityPortal(provider);
  library = watchLibrary();
});
afterAll(async () => {
  await store.close();
  await provider.close();
});

type Seen = { answer: Answer; isPlain: boolean };

async function come(
  rp: RelyingParty,
  parameters: Record<string, string | undefined>,
  headers: Record<string, string> = {},
  browser: Browser = newBrowser(),
): Promise<Seen> {
  library.mockClear();
  const answer = await browser.get(rp.authorizeUrl(parameters), headers);
  return { answer, isPlain: library.mock.calls.length === 0 };
}

const uidOf = ({ answer }: Seen): string =>
  /^\/interaction\/([\w-]{43})$/.exec(answer.location?.pathname ?? '')?.[1] ?? '';

/** What she was told and what was saved, without what chance makes. */
async function worthOf(seen: Seen): Promise<object> {
  const uid = uidOf(seen);
  const { cid, ...kept } = (await store.adapterFor('Interaction').find(uid)) ?? {};
  const { status, headers } = seen.answer;
  const said = (line: string): string => line.replaceAll(uid, 'UID').replace(/(?<=^\w+\.sig=)[\w-]{43}/, 'SIGNATURE');
  return {
    status,
    location: headers.get('location')?.replace(uid, 'UID'),
    cache: headers.get('cache-control'),
    cookies: headers.getSetCookie().map(said),
    kept: { ...kept, jti: 'UID', returnTo: kept.returnTo?.replace(uid, 'UID') },
    cid: [typeof cid, String(cid).length, cid === uid],
  };
}

describe('Who is nobody yet is sent to the sign-in without the library as with it', () => {
  it.each<[string, Record<string, string | undefined>]>([
    ['with a state and a nonce', PROFILE],
    ['without them', { scope: 'openid' }],
    ['in a language', { ...PROFILE, ui_locales: 'en vi' }],
    ['with a scope twice', { scope: 'profile openid profile' }],
    ['with what she has never agreed to', { ...PROFILE, scope: 'openid email phone residence' }],
  ])('%s', async (_what, parameters) => {
    for (const rp of [web, city, spa]) {
      const [ours, theirs] = [await come(rp, parameters), await come(rp, parameters, BY_LIBRARY)];
      expect([ours.isPlain, theirs.isPlain]).toEqual([true, false]);
      const worth = await worthOf(ours);
      expect(worth).toEqual(await worthOf(theirs));
      expect(worth).toMatchObject({ status: 303, location: '/interaction/UID', kept: { prompt: { name: 'login' } } });
    }
  });

  it('whatever other cookies she has', async () => {
    const browser = newBrowser();
    for (let tab = 0; tab < 3; tab += 1) expect((await come(web, PROFILE, {}, browser)).isPlain).toBe(true);
    expect((await come(web, PROFILE, { cookie: 'a=b; session.sig=x; xsession=y' })).isPlain).toBe(true);
  });

  it('and goes on from there: sign-in, consent, a code', async () => {
    const browser = newBrowser();
    const account = await provider.personaId('l2-active');
    const { at, view } = await openInteraction(browser, web.authorizeUrl({ ...PROFILE, scope: 'openid phone' }));
    expect(view).toMatchObject({ prompt: 'login', reasons: ['no_session'], client: { id: 'sandbox-web' } });
    const consent = await act(browser, at, 'login', { account, factors: 'pwd' });
    const back = await act(browser, consent.url, 'consent', {
      account,
      client: 'sandbox-web',
      scopes: 'openid phone',
    });
    expect((await web.redeem(codeIn(back))).status).toBe(200);
    expect(back.location?.searchParams.get('state')).toBe(PROFILE.state);
  });

  it('in two tabs, of which each comes back by itself', async () => {
    const browser = newBrowser();
    await web.signIn(newBrowser(), 'l2-active', PROFILE);
    const account = await provider.personaId('l2-active');
    const tabs = [
      await openInteraction(browser, web.authorizeUrl({ ...PROFILE, state: 'one' })),
      await openInteraction(browser, web.authorizeUrl({ ...PROFILE, state: 'two' })),
    ];
    for (const [at, state] of [
      [tabs[1]?.at, 'two'],
      [tabs[0]?.at, 'one'],
    ] as const) {
      const back = await act(browser, at ?? '', 'login', { account, factors: 'pwd' });
      expect([back.location?.searchParams.get('state'), codeIn(back)]).toEqual([state, expect.any(String)]);
    }
  });

  it('and is in the log without an address', async () => {
    const logged = provider.logged.length;
    await come(web, PROFILE);
    await expect
      .poll(() => provider.logged.slice(logged).map((line) => JSON.parse(line) as object))
      .toMatchObject([{ msg: 'http.request', method: 'GET', route: '/authorize', status: 303 }]);
  });
});

describe('The library is asked', () => {
  it.each<[string, Record<string, string | undefined>]>([
    ['without a page', { prompt: 'none' }],
    ['with a prompt', { prompt: 'login' }],
    ['with a greatest age', { max_age: '10' }],
    ['with a strength', { acr_values: 'urn:vn:eid:auth:2' }],
    ['with claims', { claims: '{"userinfo":{"email":null}}' }],
    ['with a hint', { login_hint: '999185001234' }],
    ['with a persona', { login_hint: 'persona:l1-active' }],
    ['for offline access', { scope: 'openid offline_access', prompt: 'consent' }],
    ['for a resource', { scope: 'openid health_book' }],
    ['with a response mode', { response_mode: 'fragment' }],
    ['with another response type', { response_type: 'token' }],
    ['without a challenge', { code_challenge: undefined, code_challenge_method: undefined }],
    ['with a plain challenge', { code_challenge_method: 'plain' }],
    ['with another address', { redirect_uri: 'http://localhost:8080/callback/other' }],
    ['without openid', { scope: 'profile', nonce: undefined }],
    ['with a scope that nobody knows', { scope: 'openid bogus' }],
    ['of an unknown service', { client_id: 'nobody' }],
    ['of our own pages', { client_id: 'dinhdanh-account' }],
    ['with an empty state', { state: '' }],
    ['in a language of our own switch', { lang: 'en' }],
    ['with a pushed request', { request_uri: 'urn:x' }],
  ])('%s', async (_what, parameters) => {
    expect((await come(web, { ...PROFILE, ...parameters })).isPlain).toBe(false);
  });

  it('with a session’s cookie, good or not', async () => {
    for (const cookie of [
      'session=',
      'session=x',
      'session=x; session.sig=y',
      'a=b;session=x',
      '"session=x"; session=y',
    ])
      expect((await come(web, PROFILE, { cookie })).isPlain).toBe(false);
  });

  it('where no sign-in would do, or the service is disabled', async () => {
    const change = async (columns: object): Promise<void> => {
      await provider.app.db('clients').where({ id: 'sandbox-web' }).update(columns);
      provider.app.oidc.forgetClient('sandbox-web');
    };
    await change({ least_auth_level: 3 });
    const tooMuch = await come(web, PROFILE);
    await change({ least_auth_level: 1, disabled_at: 1 });
    const disabled = await come(web, PROFILE);
    await change({ disabled_at: null });
    expect([tooMuch.isPlain, disabled.isPlain, errorIn(disabled.answer)]).toEqual([false, false, undefined]);
    expect(disabled.answer.status).toBe(400);
  });

  it('by any method but GET', async () => {
    library.mockClear();
    const head = await fetch(web.authorizeUrl(PROFILE), { method: 'HEAD', redirect: 'manual' });
    expect([head.status, library.mock.calls.length > 0]).toEqual([303, true]);
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
  });
  afterAll(() => secure.close());

  it('the cookies are for https alone, with the library as without', async () => {
    const cookiesOf = (seen: Seen): string[] =>
      seen.answer.headers
        .getSetCookie()
        .map((line) => line.replaceAll(uidOf(seen), 'UID').replace(/(?<=^\w+-\w+\.sig=)[\w-]{43}/, 'SIGNATURE'));
    const ours = await come(rp, PROFILE, BY_HTTPS);
    const theirs = await come(rp, PROFILE, { ...BY_HTTPS, ...BY_LIBRARY });
    expect([ours.isPlain, theirs.isPlain]).toEqual([true, false]);
    expect(cookiesOf(ours)).toEqual(cookiesOf(theirs));
    expect(cookiesOf(ours)[0]).toMatch(/^__Secure-interaction=UID; path=\/interaction\/UID; .*; secure; httponly$/);
  });

  it('and none is given where the request was not sent by https', async () => {
    for (const headers of [{}, { 'x-forwarded-proto': 'http' }, { 'x-forwarded-proto': 'http, https' }]) {
      const { answer, isPlain } = await come(rp, PROFILE, headers);
      expect([isPlain, answer.headers.getSetCookie()]).toEqual([false, []]);
    }
  });
});
