import { generateKeyPair } from 'node:crypto';
import { request } from 'node:http';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotateSigningKeys } from '../../src/oidc/signing-keys.ts';
import { startProvider, type TestProvider } from './support/provider.ts';
import { codeIn, errorIn, headerOf, newBrowser, type RelyingParty, relyingParty } from './support/relying-party.ts';

let provider: TestProvider;
let web: RelyingParty;

beforeAll(async () => {
  provider = await startProvider();
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
});
afterAll(() => provider.close());

const discovery = async (headers: Record<string, string> = {}): Promise<Record<string, unknown>> => {
  // Not fetch, which sets the Host header itself.
  const text = await new Promise<string>((resolve, reject) => {
    request(`${provider.issuer}/.well-known/openid-configuration`, { headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => {
        resolve(body);
      });
    })
      .on('error', reject)
      .end();
  });
  return JSON.parse(text) as Record<string, unknown>;
};

describe('Discovery', () => {
  it('names the endpoints of our contract and what is supported', async () => {
    const { issuer } = provider;
    expect(await discovery()).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      registration_endpoint: `${issuer}/register`,
      introspection_endpoint: `${issuer}/introspect`,
      revocation_endpoint: `${issuer}/revoke`,
      end_session_endpoint: `${issuer}/logout`,
      pushed_authorization_request_endpoint: `${issuer}/par`,
      acr_values_supported: ['urn:vn:eid:auth:1', 'urn:vn:eid:auth:2'],
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      id_token_signing_alg_values_supported: ['ES256', 'RS256'],
      response_types_supported: ['code'],
      subject_types_supported: ['pairwise', 'public'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      ui_locales_supported: ['vi', 'en'],
    });
  });

  it('says the same under any Host header', async () => {
    expect(await discovery({ host: 'evil.test' })).toEqual(await discovery());
  });

  it('publishes public keys alone', async () => {
    const { keys } = (await (await fetch(`${provider.issuer}/jwks`)).json()) as { keys: Record<string, string>[] };
    expect(new Set(keys.map(({ alg }) => alg))).toEqual(new Set(['ES256', 'RS256']));
    for (const key of keys) for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(key[secret]).toBeUndefined();
  });
});

describe('A rotation by the command', () => {
  it('is noticed by a running provider', async () => {
    const { app } = provider;
    const first = await web.signIn(newBrowser(), 'l2-active');
    expect(await app.oidc.reloadKeys()).toBe(false);
    provider.travel(2 * 3_600);
    await rotateSigningKeys(app.config.keysFolder, app.clock());
    expect(await app.oidc.reloadKeys()).toBe(true);
    const second = await web.signIn(newBrowser(), 'l2-active');
    expect(headerOf(second.id_token)['kid']).not.toBe(headerOf(first.id_token)['kid']);
    const { keys } = (await (await fetch(`${provider.issuer}/jwks`)).json()) as { keys: { kid: string }[] };
    expect(keys.map(({ kid }) => kid)).toContain(headerOf(second.id_token)['kid']);
  });
});

describe('New signing keys', () => {
  it('are taken without dropping a request, and old tokens are still known', async () => {
    const browser = newBrowser();
    const before = await web.signIn(browser, 'l2-active');
    const code = codeIn(await browser.get(web.authorizeUrl()));
    const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
    const { privateKey: rsa } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    provider.app.oidc.rebuild([
      { ...privateKey.export({ format: 'jwk' }), kid: 'new', alg: 'ES256', use: 'sig' },
      { ...rsa.export({ format: 'jwk' }), kid: 'new-rsa', alg: 'RS256', use: 'sig' },
    ]);
    const { keys } = (await (await fetch(`${provider.issuer}/jwks`)).json()) as { keys: { kid: string }[] };
    expect(keys.map(({ kid }) => kid)).toEqual(['new', 'new-rsa']);
    const after = (await web.redeem(code)).body;
    expect(headerOf(after.id_token)['kid']).toBe('new');
    expect(headerOf(before.id_token)['kid']).not.toBe('new');
    expect((await web.refresh(before.refresh_token)).status).toBe(200);
  });
});

describe('What cannot go to a service', () => {
  it('is a page of ours, with a reference and the words for its developers', async () => {
    const answer = await newBrowser().get(`${provider.issuer}/authorize?client_id=nobody&response_type=code`, {
      'accept-language': 'vi',
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.text).toContain('Yêu cầu đăng nhập không thực hiện được');
    expect(answer.text).toContain('invalid_client');
    expect(answer.text).toContain(answer.headers.get('x-request-id') ?? '?');
  });

  it('speaks of time, not of mistakes, when the citizen comes too late', async () => {
    const answer = await newBrowser().get(`${provider.issuer}/authorize/gone`);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('Lần đăng nhập này đã kết thúc');
  });

  it('escapes whatever the service sent', async () => {
    const query = new URLSearchParams({ client_id: '<script>alert(1)</script>', response_type: 'code' });
    const answer = await newBrowser().get(`${provider.issuer}/authorize?${query.toString()}`);
    expect(answer.text).not.toContain('<script>alert');
  });

  it('is logged once', async () => {
    const from = provider.logged.length;
    await newBrowser().get(web.authorizeUrl({ redirect_uri: 'https://evil.test/', scope: 'a"b', response_type: 'x' }));
    const lines = provider.logged.slice(from).filter((line) => line.includes('oidc.refused'));
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain('evil.test');
  });

  it('is JSON for programs', async () => {
    const response = await fetch(`${provider.issuer}/token`, { method: 'POST', body: new URLSearchParams() });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });
});

describe('The edges', () => {
  it('answers 404 under addresses that nobody owns', async () => {
    for (const path of ['/auth', '/me', '/token/introspection', '/interaction']) {
      const response = await fetch(provider.issuer + path);
      expect(response.status, path).toBe(404);
    }
  });

  it('takes a form post answer to the service through our own policy', async () => {
    const answer = await newBrowser().get(
      web.authorizeUrl({ login_hint: 'persona:l2-active', response_mode: 'form_post' }),
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain("form-action 'self' http://localhost:8080");
    expect(answer.text).toContain('action="http://localhost:8080/callback"');
  });

  it('lets a page of the service itself read tokens, and no other page', async () => {
    const spa = relyingParty(provider.issuer, { clientId: 'sandbox-spa' });
    const code = codeIn(await newBrowser().get(spa.authorizeUrl({ login_hint: 'persona:l2-active' })));
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'sandbox-spa',
      code,
      redirect_uri: 'http://localhost:8080/callback',
      code_verifier: spa.verifier,
    });
    const send = (origin: string): Promise<Response> =>
      fetch(`${provider.issuer}/token`, { method: 'POST', body, headers: { origin } });
    const refused = await send('https://evil.test');
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    expect(refused.status).toBe(400);
    const good = await send('http://localhost:8080');
    expect(good.headers.get('access-control-allow-origin')).toBe('http://localhost:8080');
    expect(good.status).toBe(200);
  });

  it('refuses NUL in a parameter before it reaches a store', async () => {
    expect((await newBrowser().get(web.authorizeUrl({ login_hint: 'a\0b' }))).status).toBe(400);
    const pushed = await newBrowser().get(await web.push({ login_hint: 'a\0b' }));
    expect(errorIn(pushed)).toBe('invalid_request');
  });

  it('keeps cookies signed, out of reach of scripts, and named for https', async () => {
    const answer = await newBrowser().get(web.authorizeUrl({ login_hint: 'persona:l2-active' }));
    const cookies = answer.headers.getSetCookie();
    expect(cookies.some((line) => line.startsWith('session.sig='))).toBe(true);
    for (const line of cookies) {
      expect(line.toLowerCase()).toContain('httponly');
      expect(line.toLowerCase()).toContain('samesite=lax');
      expect(line.toLowerCase()).not.toContain('expires=');
    }
    const forged = await fetch(`${provider.issuer}/session`, {
      headers: { cookie: 'session=guess; session.sig=guess' },
    });
    expect(await forged.json()).toEqual({ none: true });
  });
});
