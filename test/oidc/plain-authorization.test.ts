import { afterAll, beforeAll, describe, expect, it, type MockInstance } from 'vitest';
import { lockAccount } from '../../src/accounts/lock-account.ts';
import { openProtocolStore } from '../../src/oidc/adapters/open-protocol-store.ts';
import type { ProtocolStore } from '../../src/oidc/adapters/protocol-store.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { cityPortal, watchLibrary } from './support/plain-parts.ts';
import { startProvider, type TestProvider } from './support/provider.ts';
import { sendRaw } from './support/raw-http.ts';
import {
  type Answer,
  type Browser,
  codeIn,
  errorIn,
  newBrowser,
  type RelyingParty,
  relyingParty,
} from './support/relying-party.ts';

/** What a request means anyway, said aloud: unusual, and so the library's. The same answers are expected of both. */
const BY_LIBRARY = { response_mode: 'query' };

let provider: TestProvider;
let store: ProtocolStore;
let library: MockInstance;
let web: RelyingParty;
let city: RelyingParty;

beforeAll(async () => {
  provider = await startProvider();
  store = await openProtocolStore(provider.app.config, provider.app);
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  city = cityPortal(provider);
  library = watchLibrary();
});
afterAll(async () => {
  await store.close();
  await provider.close();
});

type Seen = { answer: Answer; isPlain: boolean };

async function come(browser: Browser, rp: RelyingParty, parameters: Record<string, string | undefined>): Promise<Seen> {
  library.mockClear();
  const answer = await browser.get(rp.authorizeUrl(parameters));
  return { answer, isPlain: library.mock.calls.length === 0 };
}

/** A browser in which the persona is signed in, and has agreed. */
async function signedIn(parameters: Record<string, string> = {}, rp = web, persona = 'l2-active'): Promise<Browser> {
  const browser = newBrowser();
  await rp.signIn(browser, persona, parameters);
  return browser;
}

const PROFILE = { scope: 'openid profile', state: 'a state & more', nonce: 'a nonce' };

/** What the code is worth, and what is told beside it. */
async function worthOf({ answer }: Seen): Promise<unknown> {
  const { location } = answer;
  const code = codeIn(answer);
  const { jti: _random, ...saved } = ((await store.adapterFor('AuthorizationCode').find(code)) ?? {}) as object & {
    jti?: string;
  };
  location?.searchParams.set('code', 'x');
  return { status: answer.status, location: location?.href, cache: answer.headers.get('cache-control'), saved };
}

describe('Who is signed in goes back without the library as with it', () => {
  it.each<[string, Record<string, string | undefined>]>([
    ['to a service she has agreed to', PROFILE],
    ['without a state and a nonce', { scope: 'openid' }],
    ['in a language', { ...PROFILE, ui_locales: 'en' }],
    ['whatever the order of the scopes', { scope: 'profile openid profile' }],
  ])('%s', async (_what, parameters) => {
    for (const rp of [web, city]) {
      const browser = await signedIn({ scope: 'openid profile' }, rp);
      const ours = await come(browser, rp, parameters);
      const theirs = await come(browser, rp, { ...parameters, ...BY_LIBRARY });
      expect([ours.isPlain, theirs.isPlain]).toEqual([true, false]);
      expect(await worthOf(ours)).toEqual(await worthOf(theirs));
    }
  });

  it('also where she comes for the first time in this session', async () => {
    await signedIn({ scope: 'openid profile' }, city);
    const [first, second] = [await signedIn(), await signedIn()];
    const ours = await come(first, city, PROFILE);
    const theirs = await come(second, city, { ...PROFILE, ...BY_LIBRARY });
    expect([ours.isPlain, theirs.isPlain]).toEqual([true, false]);
    const alike = async (seen: Seen): Promise<unknown> => {
      const worth = (await worthOf(seen)) as { saved: Record<string, unknown> };
      const random = { sid: expect.any(String), sessionUid: expect.any(String) };
      return { ...worth, saved: { ...worth.saved, ...random } };
    };
    expect(await worthOf(ours)).toEqual(await alike(theirs));

    const { body } = await city.redeem(codeIn((await come(first, city, PROFILE)).answer));
    const userinfo = await fetch(`${provider.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect(userinfo.status).toBe(200);
    const summaries = await store.listSessions(await provider.personaId('l2-active'));
    expect(summaries.filter(({ clients }) => clients.length === 2)).toHaveLength(2);
  });

  it('and her use of the service is counted', async () => {
    const browser = await signedIn(PROFILE);
    const uses = async (): Promise<number> => (await provider.app.db('rp_uses')).length;
    const before = await uses();
    expect((await come(browser, web, PROFILE)).isPlain).toBe(true);
    expect(await uses()).toBe(before + 1);
  });
});

describe('The library is asked', () => {
  it.each<[string, Record<string, string | undefined>]>([
    ['for more than was agreed to', { scope: 'openid profile email' }],
    ['for offline access', { scope: 'openid profile offline_access' }],
    ['for a resource', { scope: 'openid health_book' }],
    ['with a prompt', { prompt: 'login' }],
    ['with a greatest age', { max_age: '10' }],
    ['with a strength', { acr_values: 'urn:vn:eid:auth:2' }],
    ['with claims', { claims: '{"userinfo":{"email":null}}' }],
    ['with a hint', { login_hint: 'persona:l1-active' }],
    ['with a pushed request', { request_uri: 'urn:x' }],
    ['with another response type', { response_type: 'token' }],
    ['with another response mode', { response_mode: 'fragment' }],
    ['without a challenge', { code_challenge: undefined, code_challenge_method: undefined }],
    ['with a plain challenge', { code_challenge_method: 'plain' }],
    ['with a short challenge', { code_challenge: 'short' }],
    ['with another address', { redirect_uri: 'http://localhost:8080/callback/other' }],
    ['without openid', { scope: 'profile' }],
    ['with a broken scope', { scope: 'openid  profile' }],
    ['of an unknown service', { client_id: 'nobody' }],
    ['with an empty state', { state: '' }],
  ])('%s', async (_what, parameters) => {
    const browser = await signedIn({ scope: 'openid profile' }, web, 'l1-active');
    expect((await come(browser, web, { ...PROFILE, ...parameters })).isPlain).toBe(false);
  });

  it('with a parameter twice', async () => {
    const browser = await signedIn({ scope: 'openid profile' }, web, 'l1-active');
    library.mockClear();
    const answer = await browser.get(`${web.authorizeUrl(PROFILE)}&scope=openid`);
    expect(errorIn(answer)).toBe('invalid_request');
  });

  it('with a broken cookie, or with another’s signature', async () => {
    const browser = await signedIn(PROFILE);
    const other = await signedIn(PROFILE);
    const [own, others] = [browser.cookies(), other.cookies()];
    const ask = async (cookie: string): Promise<boolean> => {
      library.mockClear();
      const { status } = await fetch(web.authorizeUrl(PROFILE), { headers: { cookie }, redirect: 'manual' });
      expect(status).toBe(303);
      return library.mock.calls.length === 0;
    };
    const good = `session=${own['session']}; session.sig=${own['session.sig']}`;
    expect(await ask(good)).toBe(true);
    expect(await ask(`session=${own['session']}`)).toBe(false);
    expect(await ask(`session=${own['session']}; session.sig=${others['session.sig']}`)).toBe(false);
    expect(await ask(`session=${own['session']}x; session.sig=${own['session.sig']}`)).toBe(false);
    expect(await ask(`session=${others['session']}; ${good}`)).toBe(false);
    // Read by the library as another session.
    expect(await ask(`;session=${others['session']}; ${good}`)).toBe(false);
    expect(await ask(`a=b;session=${others['session']}; ${good}`)).toBe(false);
    expect(await ask(`a=b;${good.replace(' ', '')}`)).toBe(true);
  });

  it('of a session that was to be longer than sessions are now', async () => {
    const browser = await signedIn(PROFILE);
    const id = browser.cookies()['session'] ?? '';
    const sessions = store.adapterFor('Session');
    const change = async (seconds: number): Promise<void> => {
      const session = (await sessions.find(id)) as { exp: number };
      await sessions.upsert(id, { ...session, exp: session.exp + seconds }, 60);
    };
    await change(60);
    expect((await come(browser, web, PROFILE)).isPlain).toBe(false);
    expect((await come(browser, web, PROFILE)).isPlain).toBe(true);
  });

  it('in an address with a part that is the browser’s own', async () => {
    const browser = await signedIn(PROFILE);
    const { session, 'session.sig': signature } = browser.cookies();
    const { pathname, search } = new URL(web.authorizeUrl(PROFILE));
    const ask = async (change: (query: string) => string): Promise<boolean> => {
      library.mockClear();
      const headers: [string, string][] = [
        ['Host', 'localhost'],
        ['Cookie', `session=${session}; session.sig=${signature}`],
        ['Connection', 'close'],
      ];
      const target = pathname + change(search);
      const answer = await sendRaw(provider.issuer, {
        method: 'GET',
        target,
        version: '1.1',
        headers,
        body: undefined,
      });
      expect(answer.status).toBe(303);
      return library.mock.calls.length === 0;
    };
    expect(await ask((query) => query)).toBe(true);
    expect(await ask((query) => `${query}#x`)).toBe(false);
  });

  it('when the session, the grant or the account has ended', async () => {
    const { app } = provider;
    const accountId = await provider.personaId('l1-active');
    const ends: (() => Promise<unknown>)[] = [
      () => store.destroySessions(accountId),
      () => app.gateway.endGrant(accountId, 'sandbox-web'),
      () =>
        inTransaction(app.db, (tx) =>
          lockAccount(tx, app, {
            accountId,
            ground: 'holder_request',
            reason: 'test',
            actor: { kind: 'operator', id: 'test' },
            requestedBy: 'holder',
            now: app.clock(),
          }),
        ),
    ];
    for (const end of ends) {
      const browser = await signedIn(PROFILE, web, 'l1-active');
      expect((await come(browser, web, PROFILE)).isPlain).toBe(true);
      await end();
      const seen = await come(browser, web, PROFILE);
      expect([seen.isPlain, seen.answer.location?.searchParams.has('code')]).toEqual([false, false]);
    }
  });

  it('when the sign-in is not strong enough any more for the service', async () => {
    const browser = await signedIn(PROFILE);
    await provider.app.db('clients').where({ id: 'sandbox-web' }).update({ least_auth_level: 2 });
    provider.app.oidc.forgetClient('sandbox-web');
    expect((await come(browser, web, PROFILE)).isPlain).toBe(false);
    await provider.app.db('clients').where({ id: 'sandbox-web' }).update({ least_auth_level: 1 });
    provider.app.oidc.forgetClient('sandbox-web');
  });

  it('when a day has gone by, to renew the agreement, and when the twelve hours of the session are over', async () => {
    const browser = await signedIn(PROFILE);
    provider.travel(12 * 3_600 - 1);
    expect((await come(browser, web, PROFILE)).isPlain).toBe(true);
    provider.travel(1);
    expect((await come(browser, web, PROFILE)).isPlain).toBe(false);
    provider.travel(13 * 3_600);
    const again = newBrowser();
    await city.signIn(again, 'l2-active');
    expect((await come(again, web, PROFILE)).isPlain).toBe(false);
    expect((await come(again, web, PROFILE)).isPlain).toBe(true);
  });
});
