import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, openInteraction, startProvider, type TestProvider } from './support/provider.ts';
import {
  codeIn,
  errorIn,
  headerOf,
  newBrowser,
  payloadOf,
  type RelyingParty,
  relyingParty,
} from './support/relying-party.ts';

const HEALTH_BOOK = 'urn:vn:eid:resource:health_book';

let provider: TestProvider;
let health: RelyingParty;
let web: RelyingParty;

beforeAll(async () => {
  provider = await startProvider();
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  health = relyingParty(provider.issuer, {
    clientId: 'so-suc-khoe',
    secret: 'so-suc-khoe-secret',
    redirectUri: 'http://localhost:3002/callback',
  });
});
afterAll(() => provider.close());

const hint = { login_hint: 'persona:l2-active' };

describe('An access token for a resource', () => {
  it('is a JWT for that resource alone, and lives a minute at most', async () => {
    const answer = await newBrowser().get(health.authorizeUrl({ ...hint, scope: 'openid profile health_book' }));
    const { body } = await health.redeem(codeIn(answer), { resource: HEALTH_BOOK });
    expect(body).toMatchObject({ expires_in: 60, scope: 'health_book' });
    const keys = (await (await fetch(`${provider.issuer}/jwks`)).json()) as Parameters<typeof createLocalJWKSet>[0];
    const { payload, protectedHeader } = await jwtVerify(body.access_token, createLocalJWKSet(keys), {
      issuer: provider.issuer,
      audience: HEALTH_BOOK,
      currentDate: new Date(),
    });
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(Object.keys(payload).toSorted()).toEqual(
      ['acr', 'aud', 'auth_time', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'sub'].toSorted(),
    );
    expect(payload).toMatchObject({ acr: 'urn:vn:eid:auth:2', scope: 'health_book', client_id: 'so-suc-khoe' });
    expect(payload.sub).toBe(payloadOf(body.id_token)['sub']);
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
    const userinfo = await fetch(`${provider.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect(userinfo.status).toBe(401);
  });

  it('stands beside an opaque one for userinfo, which says nothing of the resource', async () => {
    const answer = await newBrowser().get(health.authorizeUrl({ ...hint, scope: 'openid profile health_book' }));
    const { body } = await health.redeem(codeIn(answer));
    expect(body.scope).toBe('openid profile');
    expect(body.access_token.split('.')).toHaveLength(1);
    const { body: other } = await health.token({
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token,
      resource: HEALTH_BOOK,
    });
    expect(headerOf(other.access_token)['typ']).toBe('at+jwt');
  });

  it('is for persons of level 2 only', async () => {
    const answer = await newBrowser().get(
      web.authorizeUrl({ login_hint: 'persona:l1-active', scope: 'openid', resource: HEALTH_BOOK }),
    );
    expect(errorIn(answer)).toBe('access_denied');
  });

  it('needs consent for the resource', async () => {
    const browser = newBrowser();
    const { at } = await openInteraction(browser, health.authorizeUrl({ scope: 'openid health_book' }));
    const account = await provider.personaId('teen');
    const next = await act(browser, at, 'login', { account, factors: 'pwd sms' });
    expect(JSON.parse(next.text)).toMatchObject({ prompt: 'consent', consent: { scopes: ['openid', 'health_book'] } });
    const end = await act(browser, next.url, 'consent', {
      account,
      client: 'so-suc-khoe',
      scopes: 'openid health_book',
    });
    const { body } = await health.redeem(codeIn(end), { resource: HEALTH_BOOK });
    expect(body.scope).toBe('health_book');
  });

  it.each(['urn:vn:eid:resource:unknown', 'https://evil.test/', 'not a uri'])(
    'is not made for %s',
    async (resource) => {
      expect(errorIn(await newBrowser().get(web.authorizeUrl({ ...hint, resource })))).toBe('invalid_target');
    },
  );

  it('is not made for a resource that was not asked for at the start', async () => {
    const answer = await newBrowser().get(web.authorizeUrl({ ...hint, scope: 'openid profile' }));
    const { body } = await web.redeem(codeIn(answer), { resource: HEALTH_BOOK });
    expect(body.error).toBe('invalid_target');
  });
});
