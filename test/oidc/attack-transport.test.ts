import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProvider, type TestProvider } from './support/provider.ts';
import { newBrowser, type RelyingParty, relyingParty } from './support/relying-party.ts';

let provider: TestProvider;
let web: RelyingParty;
beforeAll(async () => {
  provider = await startProvider();
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
});
afterAll(() => provider.close());

const CALLBACK = 'http://localhost:8080/callback';
const ASKED = `client_id=sandbox-web&redirect_uri=${CALLBACK}&response_type=code&scope=openid&code_challenge=${'x'.repeat(43)}&code_challenge_method=S256`;

const authorize = (query: string): Promise<Response> =>
  fetch(`${provider.issuer}/authorize?${query}`, { redirect: 'manual', headers: { accept: 'text/html' } });

describe('An authorization request that is no honest one', () => {
  it.each([
    ['NUL as the client', 'client_id=%00'],
    ['NUL behind the client', 'client_id=sandbox-web%00'],
    ['two clients', 'client_id=sandbox-web&client_id=sandbox-spa'],
    ['a list of clients', 'client_id[]=sandbox-web'],
    ['broken UTF-8', 'client_id=%ff%fe'],
    ['a name of the language', 'client_id=__proto__'],
    ['a client as long as a page', `client_id=${'a'.repeat(9_000)}`],
    ['NUL in the state', `${ASKED}&state=%00`],
    ['a line break in the address', `client_id=sandbox-web&redirect_uri=${CALLBACK}%0d%0aSet-Cookie:x=y`],
    ['a path that climbs', `client_id=sandbox-web&redirect_uri=${CALLBACK}/../x`],
    ['an address with a user', 'client_id=sandbox-web&redirect_uri=http://localhost:8080@evil.test/callback'],
    ['another case', 'client_id=sandbox-web&redirect_uri=HTTP://LOCALHOST:8080/callback'],
    ['a query more', `client_id=sandbox-web&redirect_uri=${CALLBACK}%3Fx=y`],
  ])('ends on a page of ours, without leading anywhere: %s', async (_what, query) => {
    const response = await authorize(query);
    const page = await response.text();
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
    // The switch of language repeats the request’s own address, escaped; nothing else does, and nothing leads away.
    expect(page.replaceAll(/href="\/authorize\?[^"<>]*"/g, '')).not.toMatch(/evil\.test|Set-Cookie/);
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('same-origin');
  });

  it.each([
    ['the redirect twice', `${ASKED}&redirect_uri=https://evil.test/`, 'invalid_request'],
    ['the scope twice', `${ASKED}&scope=openid+citizen_id`, 'invalid_request'],
    ['a request object', `${ASKED}&request=e30.e30.`, 'request_not_supported'],
    ['a request elsewhere', `${ASKED}&request_uri=http://127.0.0.1:22/`, 'request_uri_not_supported'],
    ['tokens in the front', ASKED.replace('=code&', '=token&'), 'unsupported_response_type'],
    ['claims that are no object', `${ASKED}&claims=[]`, 'invalid_request'],
    ['a claim that is no wish', `${ASKED}&claims={"id_token":{"acr":"urn:vn:eid:auth:2"}}`, 'invalid_request'],
    [
      'an acr of another kind',
      `${ASKED}&claims={"id_token":{"acr":{"essential":true,"values":"urn:vn:eid:auth:1"}}}`,
      'invalid_request',
    ],
    ['a hint that nobody signed', `${ASKED}&id_token_hint=e30.e30.`, 'invalid_request'],
    ['an age that is no number', `${ASKED}&max_age=-1`, 'invalid_request'],
    ['prompts that exclude each other', `${ASKED}&prompt=none+login`, 'invalid_request'],
  ])('goes back to the registered address with an error: %s', async (_what, query, error) => {
    const response = await authorize(query);
    const location = new URL(response.headers.get('location') ?? 'nowhere:');
    expect(`${location.origin}${location.pathname}`).toBe(CALLBACK);
    expect(`${location.search}${location.hash}`).toContain(`error=${error}`);
    expect(location.search).not.toContain('code=');
  });
});

describe('A form of a machine that is no honest one', () => {
  const send = async (path: string, body: string, authorization?: string): Promise<Response> =>
    fetch(provider.issuer + path, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: authorization ?? `Basic ${btoa('sandbox-machine:sandbox-machine-secret')}`,
      },
    });

  it.each(['/token', '/introspect', '/revoke', '/par'])(
    'is refused by %s as a mistake of the client’s',
    async (path) => {
      for (const body of [
        'grant_type=client_credentials&grant_type=refresh_token',
        'grant_type=%00',
        'grant_type=client_credentials&client_id=%00',
        'grant_type=authorization_code&code=%00&token=%00&request_uri=%00',
        'x='.padEnd(200_000, 'y'),
        `token=${'~'.repeat(25)}&grant_type=refresh_token&refresh_token=~${'0'.repeat(24)}`,
      ]) {
        const { status } = await send(path, body);
        expect([path, body.slice(0, 40), status < 500]).toEqual([path, body.slice(0, 40), true]);
      }
      for (const authorization of [
        'Basic',
        `Basic ${btoa('\0:x')}`,
        'Basic ÿÿ',
        `Basic ${btoa('sandbox-web%00:x')}`,
        `Basic ${btoa('a')}`,
      ])
        expect((await send(path, 'grant_type=client_credentials', authorization)).status).toBeLessThan(500);
    },
  );

  it('finds no token in an address', async () => {
    expect((await fetch(`${provider.issuer}/userinfo?access_token=abc`)).status).toBe(400);
  });
});

describe('Signing out', () => {
  it.each([
    'post_logout_redirect_uri=https://evil.test/&client_id=sandbox-web',
    'post_logout_redirect_uri=http://localhost:8080/%2e%2e/&client_id=sandbox-web',
    'post_logout_redirect_uri=http://localhost:8080/&client_id=ihanoi',
    'post_logout_redirect_uri=http://localhost:8080/&id_token_hint=e30.e30.',
    'post_logout_redirect_uri=https://evil.test/',
  ])('leads to no address that the service has not registered: %s', async (query) => {
    const response = await fetch(`${provider.issuer}/logout?${query}`, { redirect: 'manual' });
    expect(response.headers.get('location') ?? provider.issuer).toMatch(new RegExp(`^${provider.issuer}`));
  });

  it('does not happen because another site says so: neither by a link, nor by a form', async () => {
    const browser = newBrowser();
    await web.signIn(browser, 'l2-active');
    const page = await browser.get(`${provider.issuer}/logout?client_id=sandbox-web`);
    expect(page.status).toBe(200);
    const blind = await browser.post(`${provider.issuer}/logout/confirm`, { xsrf: 'guess', logout: 'yes' });
    expect(blind.status).toBe(400);
    // A form of another site comes without our cookies, and its answer must not replace them.
    const form = await fetch(`${provider.issuer}/logout`, { method: 'POST', redirect: 'manual' });
    expect(form.headers.getSetCookie()).toEqual([]);
    expect((await browser.get(`${provider.issuer}/session`)).text).toContain('accountId');
  });
});

describe('Another origin', () => {
  it('may not read what a confidential client’s credentials open, nor any page', async () => {
    const headers = { origin: 'https://evil.test', authorization: `Basic ${btoa('sandbox-web:sandbox-web-secret')}` };
    for (const path of ['/token', '/introspect', '/revoke', '/par']) {
      const response = await fetch(provider.issuer + path, {
        method: 'POST',
        headers,
        body: new URLSearchParams({ grant_type: 'x', token: 'x' }),
      });
      expect([path, response.headers.get('access-control-allow-origin')]).toEqual([path, null]);
    }
    for (const path of ['/authorize', '/logout']) {
      const response = await fetch(provider.issuer + path, {
        headers: { origin: 'https://evil.test' },
        redirect: 'manual',
      });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
    const preflight = await fetch(`${provider.issuer}/token`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.test', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('A method that an endpoint does not have', () => {
  it.each(['PUT', 'DELETE', 'PATCH', 'PROPFIND', 'OPTIONS'])('%s changes and tells nothing', async (method) => {
    for (const path of [
      '/authorize',
      '/token',
      '/userinfo',
      '/jwks',
      '/register',
      '/introspect',
      '/revoke',
      '/logout',
      '/par',
      '/register/dyn-1',
    ]) {
      const response = await fetch(provider.issuer + path, { method, redirect: 'manual' });
      expect([path, response.status >= 400 && response.status < 500]).toEqual([path, true]);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.getSetCookie()).toEqual([]);
    }
  });
});
