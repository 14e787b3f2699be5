import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listConsents } from '../../src/accounts/consent-store.ts';
import { listSignIns } from '../../src/accounts/sign-in-history-store.ts';
import { ACCESS_DENIED_TEXT } from '../../src/domain/refusal.ts';
import { startProvider, type TestProvider } from '../oidc/support/provider.ts';
import {
  codeIn,
  errorIn,
  newBrowser,
  payloadOf,
  type RelyingParty,
  relyingParty,
} from '../oidc/support/relying-party.ts';

let provider: TestProvider;
let web: RelyingParty;

beforeAll(async () => {
  provider = await startProvider();
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
});
afterAll(() => provider.close());

// What a provider outside of the sandbox must be given.
const SECRETS = {
  DATA_KEYS: `k1:${Buffer.from('0123456789abcdefghijklmnopqrstuv').toString('base64')}`,
  INDEX_KEYS: `k1:${Buffer.from('vutsrqponmlkjihgfedcba9876543210').toString('base64')}`,
  COOKIE_KEYS: 'only-for-a-test-0123456789-abcdefghij',
  PASSWORD_PEPPER: 'only-for-a-test-9876543210-jihgfedcba',
};

const hint = (key: string): { login_hint: string } => ({ login_hint: `persona:${key}` });

describe('Silent persona sign-in', () => {
  it('answers the authorization request with a code, in one redirect', async () => {
    const answer = await newBrowser().get(web.authorizeUrl({ ...hint('l2-active'), state: 'S1' }));
    expect(answer.status).toBe(303);
    expect(answer.location?.origin).toBe('http://localhost:8080');
    expect(answer.location?.searchParams.get('state')).toBe('S1');
    expect(answer.location?.searchParams.get('iss')).toBe(provider.issuer);
    expect((await web.redeem(codeIn(answer))).status).toBe(200);
  });

  it('signs in at the strength that the request needs, and tells it truthfully', async () => {
    const weak = payloadOf((await web.signIn(newBrowser(), 'l2-active')).id_token);
    expect(weak).toMatchObject({ acr: 'urn:vn:eid:auth:1', amr: ['pwd'] });
    const strong = payloadOf(
      (await web.signIn(newBrowser(), 'l2-active', { acr_values: 'urn:vn:eid:auth:2' })).id_token,
    );
    expect(strong).toMatchObject({ acr: 'urn:vn:eid:auth:2', amr: ['pwd', 'otp', 'mfa'] });
  });

  it('works through a pushed request', async () => {
    const url = await web.push({ ...hint('teen'), scope: 'openid profile' });
    const tokens = await web.redeem(codeIn(await newBrowser().get(url)));
    expect(tokens.body.scope).toBe('openid profile');
  });

  it.each(['locked', 'deceased', 'pending', 'late', 'elder'])(
    'refuses `%s` in the same redirect, with one text for all',
    async (key) => {
      const browser = newBrowser();
      const answer = await browser.get(web.authorizeUrl(hint(key)));
      expect(errorIn(answer)).toBe('access_denied');
      expect(answer.location?.searchParams.get('error_description')).toBe(ACCESS_DENIED_TEXT);
      expect(JSON.parse((await browser.get(`${provider.issuer}/session`)).text)).toEqual({ none: true });
    },
  );

  it('names a persona that does not exist', async () => {
    expect(errorIn(await newBrowser().get(web.authorizeUrl(hint('nobody'))))).toBe('invalid_request');
  });

  it('does not accept a level-1 persona where level 2 is needed', async () => {
    const health = relyingParty(provider.issuer, {
      clientId: 'so-suc-khoe',
      secret: 'so-suc-khoe-secret',
      redirectUri: 'http://localhost:3002/callback',
    });
    expect(errorIn(await newBrowser().get(health.authorizeUrl(hint('l1-active'))))).toBe('access_denied');
    expect(errorIn(await newBrowser().get(health.authorizeUrl(hint('l1-active-l2-pending'))))).toBe('access_denied');
    const answer = await newBrowser().get(health.authorizeUrl(hint('l2-active')));
    const tokens = await health.redeem(codeIn(answer));
    // The client needs authentication level 2, though the request says nothing.
    expect(payloadOf(tokens.body.id_token)).toMatchObject({ acr: 'urn:vn:eid:auth:2' });
  });

  it('ends in an error, not in a weaker token, when an essential strength is not offered', async () => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:vn:eid:auth:4' } } });
    const answer = await newBrowser().get(web.authorizeUrl({ ...hint('l2-active'), claims }));
    expect(errorIn(answer)).toBe('unmet_authentication_requirements');
  });

  it('keeps a session between requests, and signs in afresh for prompt=login and max_age', async () => {
    const browser = newBrowser();
    const timeOf = async (parameters: Record<string, string> = {}): Promise<unknown> =>
      payloadOf((await web.signIn(browser, 'l2-active', parameters)).id_token)['auth_time'];
    const first = Number(await timeOf());
    provider.travel(60);
    expect(await timeOf()).toBe(first);
    expect(await timeOf({ max_age: '3600' })).toBe(first);
    expect(await timeOf({ max_age: '30' })).toBe(first + 60);
    provider.travel(60);
    expect(await timeOf({ prompt: 'login' })).toBe(first + 120);
    provider.travel(60);
    expect(await timeOf({ max_age: '0' })).toBe(first + 180);
  });

  it('changes to another persona on the same browser, and the first one is signed out there', async () => {
    const browser = newBrowser();
    const first = await web.signIn(browser, 'l2-active');
    const second = await web.signIn(browser, 'teen');
    expect(payloadOf(second.id_token)['sub']).not.toBe(payloadOf(first.id_token)['sub']);
    const answer = await fetch(`${provider.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${first.access_token}` },
    });
    expect(answer.status).toBe(401);
  });

  it('leaves prompt=none its meaning: without a session there is none', async () => {
    expect(errorIn(await newBrowser().get(web.authorizeUrl({ ...hint('l2-active'), prompt: 'none' })))).toBe(
      'login_required',
    );
  });

  it('gives offline access with prompt=consent', async () => {
    const tokens = await web.signIn(newBrowser(), 'l2-active', { scope: 'openid offline_access', prompt: 'consent' });
    expect(tokens.scope).toBe('openid offline_access');
    expect(tokens.refresh_token).toBeTypeOf('string');
  });

  it('is written down like any other sign-in, with its consent once', async () => {
    const browser = newBrowser();
    const accountId = await provider.personaId('foreigner');
    await web.signIn(browser, 'foreigner', { scope: 'openid email' });
    await web.signIn(browser, 'foreigner', { scope: 'openid email' });
    const [signIn, ...others] = await listSignIns(provider.app.db, accountId);
    expect(signIn).toMatchObject({ clientId: 'sandbox-web', outcome: 'signed_in', amr: ['pwd'] });
    expect(others).toEqual([]);
    const consents = await listConsents(provider.app.db, accountId);
    expect(consents).toHaveLength(1);
    expect(consents[0]).toMatchObject({ clientId: 'sandbox-web', scopes: ['openid', 'email'] });
  });

  it('still checks the request before anything else', async () => {
    const wrong = await newBrowser().get(
      web.authorizeUrl({ ...hint('l2-active'), redirect_uri: 'https://evil.test/' }),
    );
    expect(wrong.status).toBe(400);
    expect(wrong.location).toBeUndefined();
    const noPkce = await newBrowser().get(
      web.authorizeUrl({ ...hint('l2-active'), code_challenge: undefined, code_challenge_method: undefined }),
    );
    expect(errorIn(noPkce)).toBe('invalid_request');
  });
});

describe('Without the sandbox', () => {
  it('does not know what a persona is', async () => {
    const real = await startProvider({
      env: {
        SANDBOX: 'false',
        SMS_GATEWAY_URL: 'http://localhost:1/',
        SMS_GATEWAY_TOKEN: 'not-a-real-gateway-token',
        ...SECRETS,
      },
    });
    try {
      const own = relyingParty(real.issuer, {
        clientId: 'dinhdanh-account',
        redirectUri: `${real.issuer}/account/enter`,
      });
      const answer = await newBrowser().get(own.authorizeUrl(hint('l2-active')));
      expect(answer.location?.pathname).toMatch(/^\/interaction\//);
    } finally {
      await real.close();
    }
  });
});
