import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProvider, type TestProvider } from '../oidc/support/provider.ts';
import {
  codeIn,
  errorIn,
  headerOf,
  newBrowser,
  payloadOf,
  type RelyingParty,
  relyingParty,
} from '../oidc/support/relying-party.ts';

let provider: TestProvider;
let web: RelyingParty;
let spa: RelyingParty;

beforeAll(async () => {
  provider = await startProvider();
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  spa = relyingParty(provider.issuer, { clientId: 'sandbox-spa' });
});
afterAll(() => provider.close());

const aCode = async (client: RelyingParty, parameters: Record<string, string> = {}): Promise<string> =>
  codeIn(await newBrowser().get(client.authorizeUrl({ login_hint: 'persona:l2-active', ...parameters })));

const userinfo = (token: string): Promise<Response> =>
  fetch(`${provider.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } });

const at = <T>(list: T[], isWanted: (one: T) => boolean): number => list.filter(isWanted).length;

describe('A code', () => {
  it('becomes an ID token that anyone can verify with the published keys', async () => {
    const nonce = 'n-0S6_WzA2Mj';
    const tokens = (await web.redeem(await aCode(web, { nonce }))).body;
    const keys = (await (await fetch(`${provider.issuer}/jwks`)).json()) as Parameters<typeof createLocalJWKSet>[0];
    const { payload, protectedHeader } = await jwtVerify(tokens.id_token, createLocalJWKSet(keys), {
      issuer: provider.issuer,
      audience: 'sandbox-web',
      currentDate: new Date(),
    });
    expect(protectedHeader.alg).toBe('ES256');
    expect(Object.keys(payload).toSorted()).toEqual(
      ['acr', 'amr', 'aud', 'auth_time', 'exp', 'iat', 'iss', 'nonce', 'sub'].toSorted(),
    );
    expect(payload['nonce']).toBe(nonce);
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 600 });
  });

  it('is good for one token set, however many ask at once', async () => {
    const code = await aCode(web);
    const answers = await Promise.all(Array.from({ length: 20 }, () => web.redeem(code)));
    expect(at(answers, ({ status }) => status === 200)).toBe(1);
    expect(at(answers, ({ body }) => body.error === 'invalid_grant')).toBe(19);
  });

  it('used again later takes the tokens with it that came of it', async () => {
    const code = await aCode(web);
    const { body } = await web.redeem(code);
    expect((await userinfo(body.access_token)).status).toBe(200);
    expect((await web.redeem(code)).body.error).toBe('invalid_grant');
    expect((await userinfo(body.access_token)).status).toBe(401);
    expect((await web.refresh(body.refresh_token)).body.error).toBe('invalid_grant');
  });

  it.each([
    ['another client', { client: 'spa' }],
    ['a wrong verifier', { code_verifier: 'w'.repeat(43) }],
    ['another redirect', { redirect_uri: 'http://localhost:8080/other' }],
  ])('is refused to %s', async (_who, change) => {
    const code = await aCode(web);
    const answer = 'client' in change ? await spa.redeem(code) : await web.redeem(code, change);
    expect(answer.body.error).toBe('invalid_grant');
  });

  it('is refused without a verifier', async () => {
    const answer = await web.token({
      grant_type: 'authorization_code',
      code: await aCode(web),
      redirect_uri: 'http://localhost:8080/callback',
    });
    expect(answer.body.error).toBe('invalid_grant');
  });

  it('grows old in a minute', async () => {
    const code = await aCode(web);
    provider.travel(61);
    expect((await web.redeem(code)).body.error).toBe('invalid_grant');
  });

  it('is given only for PKCE with S256', async () => {
    const plain = await newBrowser().get(
      web.authorizeUrl({ login_hint: 'persona:l2-active', code_challenge_method: 'plain' }),
    );
    expect(errorIn(plain)).toBe('invalid_request');
  });
});

describe('A pushed request', () => {
  it('is good for one code, however many use it at once', async () => {
    const url = await web.push({ login_hint: 'persona:l2-active' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => newBrowser().get(url)));
    expect(at(answers, (answer) => answer.location?.searchParams.has('code') === true)).toBe(1);
  });

  it('is refused to another client', async () => {
    const url = new URL(await web.push({}));
    url.searchParams.set('client_id', 'sandbox-spa');
    const answer = await newBrowser().get(url.href);
    expect(answer.location?.searchParams.has('code')).toBe(false);
    expect(errorIn(answer)).toBe('invalid_request_object');
  });
});

describe('A refresh token', () => {
  const offline = { scope: 'openid profile offline_access', prompt: 'consent' };

  it('is rotated on every use', async () => {
    const first = await web.signIn(newBrowser(), 'l2-active', offline);
    const second = (await web.refresh(first.refresh_token)).body;
    const third = (await web.refresh(second.refresh_token)).body;
    expect(new Set([first.refresh_token, second.refresh_token, third.refresh_token]).size).toBe(3);
    expect(payloadOf(third.id_token)).toMatchObject({
      sub: payloadOf(first.id_token)['sub'],
      acr: payloadOf(first.id_token)['acr'],
      auth_time: payloadOf(first.id_token)['auth_time'],
    });
  });

  it('sent twenty times at once gives one token set, and that one lives', async () => {
    const { refresh_token } = await web.signIn(newBrowser(), 'l2-active', offline);
    const answers = await Promise.all(Array.from({ length: 20 }, () => web.refresh(refresh_token)));
    const good = answers.filter(({ status }) => status === 200);
    expect(good).toHaveLength(1);
    expect(at(answers, ({ body }) => body.error === 'invalid_grant')).toBe(19);
    const survivor = good[0]?.body;
    expect((await userinfo(survivor?.access_token ?? '')).status).toBe(200);
    expect((await web.refresh(survivor?.refresh_token ?? '')).status).toBe(200);
  });

  it('doubled a moment later is refused without harm', async () => {
    const first = await web.signIn(newBrowser(), 'l2-active', offline);
    const second = (await web.refresh(first.refresh_token)).body;
    provider.travel(3);
    expect((await web.refresh(first.refresh_token)).body.error).toBe('invalid_grant');
    expect((await web.refresh(second.refresh_token)).status).toBe(200);
  });

  it('used again later ends its whole family, and it is written down', async () => {
    const first = await web.signIn(newBrowser(), 'teen', offline);
    const second = (await web.refresh(first.refresh_token)).body;
    provider.travel(60);
    expect((await web.refresh(first.refresh_token)).body.error).toBe('invalid_grant');
    expect((await web.refresh(second.refresh_token)).body.error).toBe('invalid_grant');
    expect((await userinfo(second.access_token)).status).toBe(401);
    const rows = (await provider.app.db('audit_entries').where({ action: 'token.reuse_detected' })) as unknown[];
    expect(rows).toHaveLength(1);
    // The next sign-in works: nothing is left that bars the way.
    const again = await web.signIn(newBrowser(), 'teen', offline);
    expect((await web.refresh(again.refresh_token)).status).toBe(200);
  });

  it('is refused to another client', async () => {
    const { refresh_token } = await web.signIn(newBrowser(), 'l2-active', offline);
    expect((await spa.refresh(refresh_token)).body.error).toBe('invalid_grant');
    expect((await web.refresh(refresh_token)).status).toBe(200);
  });

  it('without offline access ends with the session', async () => {
    const browser = newBrowser();
    const tokens = await web.signIn(browser, 'l2-active', { scope: 'openid profile' });
    const refreshed = (await web.refresh(tokens.refresh_token)).body;
    const page = await browser.get(`${provider.issuer}/logout`);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    await browser.post(`${provider.issuer}/logout/confirm`, { xsrf, logout: 'yes' });
    expect((await web.refresh(refreshed.refresh_token)).body.error).toBe('invalid_grant');
    expect((await userinfo(refreshed.access_token)).status).toBe(401);
  });

  it('with offline access outlives the session, here and on every other device', async () => {
    const [phone, computer] = [newBrowser(), newBrowser()];
    const onPhone = await web.signIn(phone, 'foreigner', offline);
    const onComputer = await web.signIn(computer, 'foreigner', offline);
    const page = await phone.get(`${provider.issuer}/logout`);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    await phone.post(`${provider.issuer}/logout/confirm`, { xsrf, logout: 'yes' });
    expect((await web.refresh(onPhone.refresh_token)).status).toBe(200);
    expect((await web.refresh(onComputer.refresh_token)).status).toBe(200);
  });

  it('lives thirty days from the sign-in, however often it is used, and its grant as long', async () => {
    let { refresh_token } = await web.signIn(newBrowser(), 'l2-active', offline);
    for (let day = 0; day < 29; day += 7) {
      provider.travel(7 * 86_400 - 60);
      const answer = await web.refresh(refresh_token);
      if (day < 28) expect(answer.status).toBe(200);
      else expect(answer.body.error).toBe('invalid_grant');
      refresh_token = answer.body.refresh_token;
    }
  });

  it('may be given back, and its access tokens with it', async () => {
    const tokens = await web.signIn(newBrowser(), 'l2-active', offline);
    expect((await web.call('/revoke', { token: tokens.refresh_token })).status).toBe(200);
    expect((await web.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect((await userinfo(tokens.access_token)).status).toBe(401);
    // What is issued later is none of it. (The clock of a test stands still, so it is moved.)
    provider.travel(1);
    const later = await web.signIn(newBrowser(), 'l2-active', offline);
    expect((await userinfo(later.access_token)).status).toBe(200);
  });

  it('stays when only an access token is given back', async () => {
    const tokens = await web.signIn(newBrowser(), 'l2-active', offline);
    await web.call('/revoke', { token: tokens.access_token });
    expect((await userinfo(tokens.access_token)).status).toBe(401);
    expect((await web.refresh(tokens.refresh_token)).status).toBe(200);
  });
});

describe('Introspection', () => {
  it('tells a client about its own tokens only', async () => {
    const { access_token } = await web.signIn(newBrowser(), 'l2-active', { scope: 'openid email' });
    const { body } = await web.call('/introspect', { token: access_token });
    expect(body).toMatchObject({
      active: true,
      client_id: 'sandbox-web',
      scope: 'openid email',
      iss: provider.issuer,
      acr: 'urn:vn:eid:auth:1',
    });
    expect((await spa.call('/introspect', { token: access_token })).body).toEqual({ active: false });
  });
});

describe('A machine', () => {
  it('gets an access token for itself, and nothing about persons', async () => {
    const machine = relyingParty(provider.issuer, { clientId: 'sandbox-machine', secret: 'sandbox-machine-secret' });
    const { status, body } = await machine.token({ grant_type: 'client_credentials' });
    expect(status).toBe(200);
    expect(Object.keys(body).toSorted()).toEqual(['access_token', 'expires_in', 'token_type']);
    expect((await userinfo(body.access_token)).status).toBe(401);
    expect((await machine.call('/introspect', { token: body.access_token })).body).toMatchObject({
      active: true,
      client_id: 'sandbox-machine',
    });
    const asked = await machine.token({ grant_type: 'client_credentials', scope: 'health_book' });
    expect(asked.body.error).toBe('invalid_target');
  });
});

describe('Client authentication', () => {
  it('takes the secret in the header or in the body, and no other secret', async () => {
    const form = { grant_type: 'client_credentials' };
    const nobody = relyingParty(provider.issuer, { clientId: 'sandbox-machine' });
    expect((await nobody.token({ ...form, client_secret: 'sandbox-machine-secret' })).status).toBe(200);
    expect((await nobody.token({ ...form, client_secret: 'sandbox-web-secret' })).body.error).toBe('invalid_client');
    expect((await nobody.token(form)).body.error).toBe('invalid_client');
    const stored = (await provider.app.db('clients').where({ id: 'sandbox-machine' }).first()) as {
      secret_hmac: string;
      metadata: string;
    };
    expect(JSON.stringify(stored)).not.toContain('sandbox-machine-secret');
    // What is kept is no secret itself.
    expect((await nobody.token({ ...form, client_secret: stored.secret_hmac })).body.error).toBe('invalid_client');
  });
});

describe('What is logged', () => {
  it('is events without a token, a secret, a query or twelve digits in a row', async () => {
    const tokens = await web.signIn(newBrowser(), 'l2-active', { scope: 'openid profile citizen_id phone' });
    const person = (await (await userinfo(tokens.access_token)).json()) as Record<string, string>;
    const all = provider.logged.join('\n');
    expect(person['citizen_id']).toMatch(/^999/);
    for (const secret of [tokens.access_token, tokens.id_token, tokens.refresh_token, 'sandbox-web-secret'])
      expect(all).not.toContain(secret);
    for (const told of ['citizen_id', 'phone_number', 'name']) expect(all).not.toContain(person[told] ?? '?');
    expect(all).not.toMatch(/\d{12}(?!\d)(?!,"|\})/);
    expect(all).not.toContain('code_challenge');
  });
});

describe('Algorithms', () => {
  it('ES256 for ours, RS256 for a registration that is silent', async () => {
    const registered = (await (
      await fetch(`${provider.issuer}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: ['https://rp.test/cb'], client_name: 'Silent' }),
      })
    ).json()) as { client_id: string; client_secret: string };
    const dynamic = relyingParty(provider.issuer, {
      clientId: registered.client_id,
      secret: registered.client_secret,
      redirectUri: 'https://rp.test/cb',
    });
    expect(headerOf((await dynamic.signIn(newBrowser(), 'l2-active')).id_token)['alg']).toBe('RS256');
    expect(headerOf((await web.signIn(newBrowser(), 'l2-active')).id_token)['alg']).toBe('ES256');
  });
});
