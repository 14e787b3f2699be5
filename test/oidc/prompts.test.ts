import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS_DENIED_TEXT } from '../../src/domain/refusal.ts';
import { act, openInteraction, startProvider, type TestProvider } from './support/provider.ts';
import {
  type Browser,
  codeIn,
  errorIn,
  newBrowser,
  payloadOf,
  type RelyingParty,
  relyingParty,
} from './support/relying-party.ts';

let provider: TestProvider;
let web: RelyingParty;
let health: RelyingParty;
let level2: string;
let level1: string;

beforeAll(async () => {
  provider = await startProvider();
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  health = relyingParty(provider.issuer, {
    clientId: 'so-suc-khoe',
    secret: 'so-suc-khoe-secret',
    redirectUri: 'http://localhost:3002/callback',
  });
  level2 = await provider.personaId('l2-active');
  level1 = await provider.personaId('l1-active');
});
afterAll(() => provider.close());

const AUTH = (level: number): string => `urn:vn:eid:auth:${level}`;
const essential = (...values: string[]): { claims: string } => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});

/** A browser in which the persona is signed in at this strength, with consent to `openid` at sandbox-web. */
const signedIn = async (persona: string, acr?: string): Promise<Browser> => {
  const browser = newBrowser();
  await web.signIn(browser, persona, acr === undefined ? {} : { acr_values: acr });
  return browser;
};

const idTokenOf = async (rp: RelyingParty, browser: Browser, url: string): Promise<Record<string, unknown>> =>
  payloadOf((await rp.redeem(codeIn(await browser.get(url)))).body.id_token);

describe('prompt=none', () => {
  it.each<[string, () => Promise<Browser>, Record<string, string>, string | undefined]>([
    ['nobody signed in', async () => newBrowser(), {}, 'login_required'],
    ['signed in and agreed', () => signedIn('l2-active'), {}, undefined],
    ['a scope never agreed to', () => signedIn('l2-active'), { scope: 'openid guardian' }, 'consent_required'],
    ['signed in too long ago', () => signedIn('l2-active'), { max_age: '5' }, 'login_required'],
    [
      'an essential strength beyond the session',
      () => signedIn('l2-active'),
      essential(AUTH(2)),
      'unmet_authentication_requirements',
    ],
    [
      'an essential strength that the session exceeds',
      () => signedIn('l2-active', AUTH(2)),
      essential(AUTH(1)),
      undefined,
    ],
    [
      'an essential strength not offered',
      () => signedIn('l2-active', AUTH(2)),
      essential(AUTH(3)),
      'unmet_authentication_requirements',
    ],
    ['alternatives of which one is met', () => signedIn('l2-active'), essential(AUTH(4), AUTH(1)), undefined],
    ['a voluntary strength beyond the session', () => signedIn('l2-active'), { acr_values: AUTH(2) }, undefined],
    [
      'an essential strength, also named in acr_values',
      () => signedIn('l2-active'),
      { ...essential(AUTH(2)), acr_values: AUTH(2) },
      'unmet_authentication_requirements',
    ],
  ])('%s', async (_case, make, parameters, error) => {
    const browser = await make();
    provider.travel(10);
    const answer = await browser.get(web.authorizeUrl({ prompt: 'none', ...parameters }));
    expect(errorIn(answer)).toBe(error);
    if (error === undefined) expect(codeIn(answer)).toBeTypeOf('string');
  });

  it('asks for a sign-in where the client itself needs a stronger one', async () => {
    const browser = await signedIn('l2-active');
    const answer = await browser.get(health.authorizeUrl({ prompt: 'none' }));
    expect(errorIn(answer)).toBe('login_required');
  });

  it('denies a person of level 1 what needs level 2, in the one text', async () => {
    const browser = await signedIn('l1-active', AUTH(2));
    const answer = await browser.get(health.authorizeUrl({ prompt: 'none' }));
    expect(errorIn(answer)).toBe('access_denied');
    expect(answer.location?.searchParams.get('error_description')).toBe(ACCESS_DENIED_TEXT);
  });

  it('cannot be combined', async () => {
    expect(errorIn(await newBrowser().get(web.authorizeUrl({ prompt: 'none login' })))).toBe('invalid_request');
  });

  it('finds the person of an id_token_hint, or says that she is not there', async () => {
    const browser = newBrowser();
    const { id_token } = await web.signIn(browser, 'l2-active');
    expect(codeIn(await browser.get(web.authorizeUrl({ prompt: 'none', id_token_hint: id_token })))).toBeTypeOf(
      'string',
    );
    const other = await signedIn('teen');
    expect(errorIn(await other.get(web.authorizeUrl({ prompt: 'none', id_token_hint: id_token })))).toBe(
      'login_required',
    );
  });
});

describe('The strength that is told', () => {
  it('is the highest requested one that the session meets, never more than was verified', async () => {
    const browser = await signedIn('l2-active', AUTH(2));
    const acr = async (parameters: Record<string, string>): Promise<unknown> =>
      (await idTokenOf(web, browser, web.authorizeUrl(parameters)))['acr'];
    expect(await acr({})).toBe(AUTH(2));
    expect(await acr({ acr_values: AUTH(1) })).toBe(AUTH(1));
    expect(await acr(essential(AUTH(1)))).toBe(AUTH(1));
    expect(await acr({ acr_values: `${AUTH(1)} ${AUTH(2)} ${AUTH(3)}` })).toBe(AUTH(2));
    expect(await acr({ acr_values: 'LoA1' })).toBe(AUTH(2));
    expect(await acr({ acr_values: AUTH(4) })).toBe(AUTH(2));
  });

  it('comes with how and when', async () => {
    const browser = await signedIn('l2-active', AUTH(2));
    expect(await idTokenOf(web, browser, web.authorizeUrl())).toMatchObject({
      amr: ['pwd', 'otp', 'mfa'],
      auth_time: Math.floor(Date.now() / 1000),
    });
  });
});

describe('Signing in on our pages', () => {
  it('asks for a sign-in, then for consent, then answers', async () => {
    const waiting = await provider.personaId('l1-active-l2-pending');
    const browser = newBrowser();
    const url = web.authorizeUrl({ scope: 'openid profile', login_hint: 'anything', ui_locales: 'en vi', state: 'S' });
    const start = await openInteraction(browser, url);
    expect(start.view).toMatchObject({
      prompt: 'login',
      reasons: ['no_session'],
      loginHint: 'anything',
      uiLocales: 'en vi',
      requiredAuthLevel: 1,
      hasEssentialAcr: false,
      mustSignInAgain: false,
      client: { id: 'sandbox-web', leastAuthLevel: 1, redirectOrigin: 'http://localhost:8080', hasLegalBasis: true },
    });
    const next = await act(browser, start.at, 'login', { account: waiting, factors: 'pwd' });
    const view = JSON.parse(next.text) as Record<string, unknown>;
    expect(view).toMatchObject({
      prompt: 'consent',
      session: { accountId: waiting, authLevel: 1, factors: ['pwd'] },
      consent: { scopes: ['openid', 'profile'], claims: [], givenScopes: [], givenClaims: [] },
    });
    const end = await act(browser, next.url, 'consent', {
      account: waiting,
      client: 'sandbox-web',
      scopes: 'openid profile',
    });
    expect(end.location?.searchParams.get('state')).toBe('S');
    const tokens = (await web.redeem(codeIn(end))).body;
    expect(payloadOf(tokens.id_token)).toMatchObject({ acr: AUTH(1), amr: ['pwd'] });
    expect(tokens.scope).toBe('openid profile');
  });

  it('asks again only when the request grew, also on another device', async () => {
    const account = await provider.personaId('foreigner');
    const agree = async (browser: Browser, url: string, scopes: string, refused = ''): Promise<void> => {
      const start = await openInteraction(browser, url);
      const at =
        start.view.prompt === 'login'
          ? (await act(browser, start.at, 'login', { account, factors: 'pwd' })).url
          : start.at;
      await act(browser, at, 'consent', { account, client: 'sandbox-web', scopes, refused_scopes: refused });
    };
    const computer = newBrowser();
    await agree(computer, web.authorizeUrl({ scope: 'openid profile email' }), 'openid profile', 'email');
    // What was refused is not asked again, and not granted.
    const again = await computer.get(web.authorizeUrl({ scope: 'openid profile email' }));
    expect((await web.redeem(codeIn(again))).body.scope).toBe('openid profile');
    const grown = await openInteraction(computer, web.authorizeUrl({ scope: 'openid profile phone' }));
    expect(grown.view.consent).toMatchObject({ scopes: ['phone'], givenScopes: ['openid', 'profile'] });

    const phone = newBrowser();
    const start = await openInteraction(phone, web.authorizeUrl({ scope: 'openid profile' }));
    const end = await act(phone, start.at, 'login', { account, factors: 'pwd' });
    expect(codeIn(end)).toBeTypeOf('string');

    // Asked by prompt=consent, the answer may change.
    const asked = await openInteraction(phone, web.authorizeUrl({ scope: 'openid profile email', prompt: 'consent' }));
    expect(asked.view).toMatchObject({
      reasons: ['consent_requested'],
      consent: { scopes: ['openid', 'profile', 'email'] },
    });
    await act(phone, asked.at, 'consent', { account, client: 'sandbox-web', scopes: 'openid profile email' });
    const now = await phone.get(web.authorizeUrl({ scope: 'openid profile email' }));
    expect((await web.redeem(codeIn(now))).body.scope).toBe('openid profile email');
  });

  it('steps up inside the same request', async () => {
    const browser = await signedIn('l2-active');
    const { at, view } = await openInteraction(browser, web.authorizeUrl(essential(AUTH(2))));
    expect(view).toMatchObject({
      prompt: 'login',
      reasons: expect.arrayContaining(['essential_acr']),
      requiredAuthLevel: 2,
      hasEssentialAcr: true,
      mustSignInAgain: false,
      session: { accountId: level2, authLevel: 1 },
    });
    const end = await act(browser, at, 'login', { account: level2, factors: 'pwd sms' });
    expect(payloadOf((await web.redeem(codeIn(end))).body.id_token)).toMatchObject({
      acr: AUTH(2),
      amr: ['pwd', 'sms', 'mfa'],
    });
  });

  it('tries once for a voluntary strength, and then says what was verified', async () => {
    const browser = await signedIn('l2-active');
    const { at, view } = await openInteraction(browser, web.authorizeUrl({ acr_values: AUTH(2) }));
    expect(view).toMatchObject({ reasons: ['voluntary_acr'], requiredAuthLevel: 2, hasEssentialAcr: false });
    const end = await act(browser, at, 'login', { account: level2, factors: 'pwd' });
    expect(payloadOf((await web.redeem(codeIn(end))).body.id_token)['acr']).toBe(AUTH(1));
  });

  it('shows a page for what cannot be met, and ends in the right error', async () => {
    const browser = await signedIn('l2-active', AUTH(2));
    const { at, view } = await openInteraction(browser, web.authorizeUrl(essential(AUTH(4))));
    expect(view).toMatchObject({ reasons: ['acr_cannot_be_met'], requiredAuthLevel: 'cannot_be_met' });
    const end = await act(browser, at, 'error', { error: 'unmet_authentication_requirements' });
    expect(errorIn(end)).toBe('unmet_authentication_requirements');
  });

  it('does not take a weaker sign-in for an essential strength', async () => {
    const browser = newBrowser();
    const { at } = await openInteraction(browser, web.authorizeUrl(essential(AUTH(2))));
    const next = await act(browser, at, 'login', { account: level2, factors: 'pwd' });
    expect(JSON.parse(next.text)).toMatchObject({ prompt: 'login', requiredAuthLevel: 2 });
  });

  it('shows a page to a person of level 1 where level 2 is needed, then access_denied', async () => {
    const browser = newBrowser();
    const { at } = await openInteraction(browser, health.authorizeUrl());
    const next = await act(browser, at, 'login', { account: level1, factors: 'pwd sms' });
    expect(JSON.parse(next.text)).toMatchObject({ prompt: 'eligibility', client: { leastAccountLevel: 2 } });
    const end = await act(browser, next.url, 'error', { error: 'access_denied' });
    expect(errorIn(end)).toBe('access_denied');
    expect(end.location?.searchParams.get('error_description')).toBe(ACCESS_DENIED_TEXT);
  });

  it('must be fresh with prompt=login', async () => {
    const browser = await signedIn('l2-active');
    const before = Math.floor(Date.now() / 1000);
    provider.travel(100);
    const { at, view } = await openInteraction(browser, web.authorizeUrl({ prompt: 'login' }));
    expect(view).toMatchObject({ reasons: ['login_requested'], mustSignInAgain: true });
    const end = await act(browser, at, 'login', { account: level2, factors: 'pwd' });
    expect(payloadOf((await web.redeem(codeIn(end))).body.id_token)['auth_time']).toBe(before + 100);
  });

  it('gives no session to a locked account, whatever a page does', async () => {
    const browser = newBrowser();
    const { at } = await openInteraction(browser, web.authorizeUrl());
    const end = await act(browser, at, 'login', { account: await provider.personaId('locked'), factors: 'pwd otp' });
    expect(errorIn(end)).toBe('access_denied');
    expect(JSON.parse((await browser.get(`${provider.issuer}/session`)).text)).toEqual({ none: true });
  });

  it('ends the session of whoever was signed in on this browser before', async () => {
    const browser = newBrowser();
    const { access_token } = await web.signIn(browser, 'teen');
    const { at } = await openInteraction(browser, web.authorizeUrl({ prompt: 'login' }));
    const next = await act(browser, at, 'login', { account: level2, factors: 'pwd' });
    expect(codeIn(next)).toBeTypeOf('string');
    const answer = await fetch(`${provider.issuer}/userinfo`, { headers: { authorization: `Bearer ${access_token}` } });
    expect(answer.status).toBe(401);
  });

  it('cannot be finished in another browser, twice, or for another person', async () => {
    const browser = newBrowser();
    const { at, view } = await openInteraction(browser, web.authorizeUrl({ scope: 'openid profile' }));
    const stranger = await newBrowser().get(`${at}/login?account=${level2}&factors=pwd`);
    expect(stranger.status).toBe(410);
    const next = await act(browser, at, 'login', { account: level2, factors: 'pwd' });
    expect((await browser.get(`${at}/login?account=${level2}&factors=pwd`)).status).toBe(410);
    expect(view.uid).not.toBe(JSON.parse(next.text).uid);
    const forOther = await browser.get(
      `${next.url}/consent?account=${level1}&client=sandbox-web&scopes=openid+profile`,
    );
    expect(forOther.status).toBe(403);
  });
});

describe('Our own pages', () => {
  it('sign a citizen in without asking her consent', async () => {
    const own = relyingParty(provider.issuer, {
      clientId: 'dinhdanh-account',
      redirectUri: `${provider.issuer}/account/enter`,
    });
    const browser = newBrowser();
    const url = own.authorizeUrl({ code_challenge: undefined, code_challenge_method: undefined });
    const { at, view } = await openInteraction(browser, url);
    expect(view.prompt).toBe('login');
    await act(browser, at, 'login', { account: level2, factors: 'pwd' });
    expect(JSON.parse((await browser.get(`${provider.issuer}/session`)).text)).toMatchObject({
      accountId: level2,
      authLevel: 1,
    });
  });
});
