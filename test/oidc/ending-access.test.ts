import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lockAccount } from '../../src/accounts/lock-account.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { registerClient } from '../../src/relying-parties/register-client.ts';
import { startProvider, type TestProvider } from './support/provider.ts';
import {
  errorIn,
  newBrowser,
  payloadOf,
  type RelyingParty,
  relyingParty,
  type Tokens,
} from './support/relying-party.ts';

let provider: TestProvider;
let rp: RelyingParty;
let listener: Server;
/** What the relying party's back channel got, and how it answers. */
let received: string[];
let answerWith: number;

const REDIRECT = 'https://logout.test/callback';

beforeAll(async () => {
  provider = await startProvider();
  listener = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      received.push(new URLSearchParams(body).get('logout_token') ?? '');
      response.writeHead(answerWith).end();
    });
  });
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  const outcome = await registerClient(
    provider.app,
    {
      id: 'told',
      name: { vi: 'Được báo', en: 'Told' },
      kind: 'web',
      authentication: { method: 'client_secret_basic' },
      redirectUris: [REDIRECT],
      postLogoutRedirectUris: ['https://logout.test/bye'],
      backchannelLogoutUri: `http://localhost:${(listener.address() as AddressInfo).port}/logout`,
    },
    { kind: 'operator', id: 'test' },
  );
  if (outcome.kind !== 'registered') throw new Error('not registered');
  rp = relyingParty(provider.issuer, { clientId: 'told', secret: outcome.secret ?? '', redirectUri: REDIRECT });
});
afterAll(async () => {
  await new Promise((resolve) => {
    listener.close(resolve);
  });
  await provider.close();
});
beforeEach(() => {
  received = [];
  answerWith = 200;
});
afterEach(async () => {
  provider.travel(3_600);
  await provider.app.outbox.drain();
});

const offline = { scope: 'openid profile offline_access', prompt: 'consent' };

const isDead = async (tokens: Tokens): Promise<boolean[]> => {
  const userinfo = await fetch(`${provider.issuer}/userinfo`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  const introspected = (await rp.call('/introspect', { token: tokens.access_token })).body;
  const refreshed = await rp.refresh(tokens.refresh_token);
  return [userinfo.status === 401, introspected['active'] === false, refreshed.body.error === 'invalid_grant'];
};
const DEAD = [true, true, true];

const lock = async (persona: string): Promise<string> => {
  const accountId = await provider.personaId(persona);
  await inTransaction(provider.app.db, (tx) =>
    lockAccount(tx, provider.app, {
      accountId,
      ground: 'terms_breach',
      reason: 'test',
      actor: { kind: 'operator', id: 'test' },
      requestedBy: 'test',
      now: provider.app.clock(),
    }),
  );
  return accountId;
};

describe('Locking an account', () => {
  it('stops every token at once, before anything else has run', async () => {
    const browser = newBrowser();
    const tokens = await rp.signIn(browser, 'l1-active', offline);
    await lock('l1-active');
    expect(await isDead(tokens)).toEqual(DEAD);
    expect(JSON.parse((await browser.get(`${provider.issuer}/session`)).text)).toEqual({ none: true });
    const denied = await browser.get(rp.authorizeUrl({ prompt: 'none' }));
    expect(errorIn(denied)).toBe('access_denied');
  });

  it('then ends sessions and grants, and tells the services', async () => {
    const browser = newBrowser();
    const tokens = await rp.signIn(browser, 'foreigner', offline);
    const accountId = await lock('foreigner');
    await provider.app.outbox.drain();
    await provider.app.outbox.drain();
    expect(await provider.app.gateway.listSessions(accountId)).toEqual([]);
    expect(received).toHaveLength(1);
    const keys = (await (await fetch(`${provider.issuer}/jwks`)).json()) as Parameters<typeof createLocalJWKSet>[0];
    const { payload, protectedHeader } = await jwtVerify(received[0] ?? '', createLocalJWKSet(keys), {
      issuer: provider.issuer,
      audience: 'told',
      typ: 'logout+jwt',
      currentDate: new Date(),
    });
    expect(protectedHeader.alg).toBe('ES256');
    expect(payload).toMatchObject({
      sub: payloadOf(tokens.id_token)['sub'],
      sid: payloadOf(tokens.id_token)['sid'],
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(payload['nonce']).toBeUndefined();
  });
});

describe('A back-channel logout', () => {
  it('is tried again until the service takes it', async () => {
    await rp.signIn(newBrowser(), 'teen');
    const accountId = await provider.personaId('teen');
    answerWith = 503;
    await provider.app.gateway.endAccess(accountId);
    await provider.app.outbox.drain();
    expect(received).toHaveLength(1);
    answerWith = 200;
    provider.travel(30);
    await provider.app.outbox.drain();
    expect(received).toHaveLength(2);
    // Each try carries a token that is fresh.
    expect(new Set(received.map((token) => payloadOf(token)['jti'])).size).toBe(2);
    provider.travel(3_600);
    await provider.app.outbox.drain();
    expect(received).toHaveLength(2);
  });

  it('reaches a service that has a grant but no session', async () => {
    const browser = newBrowser();
    await rp.signIn(browser, 'teen', offline);
    const accountId = await provider.personaId('teen');
    for (const { uid } of await provider.app.gateway.listSessions(accountId))
      await provider.app.gateway.endSession(accountId, uid);
    await provider.app.outbox.drain();
    received = [];
    await provider.app.gateway.endAccess(accountId);
    await provider.app.outbox.drain();
    expect(received).toHaveLength(1);
    expect(payloadOf(received[0] ?? '')['sub']).toBeTypeOf('string');
    await provider.app.gateway.endAccess(accountId);
    await provider.app.outbox.drain();
    expect(received).toHaveLength(1);
  });
});

describe('Withdrawing consent', () => {
  it('ends what this service got, tells it, and asks again next time', async () => {
    const browser = newBrowser();
    const web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
    const tokens = await rp.signIn(browser, 'l2-active', offline);
    const others = await web.signIn(browser, 'l2-active', offline);
    const accountId = await provider.personaId('l2-active');
    await provider.app.gateway.endGrant(accountId, 'told');
    await provider.app.outbox.drain();
    expect(await isDead(tokens)).toEqual(DEAD);
    expect(received).toHaveLength(1);
    expect((await web.refresh(others.refresh_token)).status).toBe(200);
    expect(errorIn(await browser.get(rp.authorizeUrl({ prompt: 'none' })))).toBe('consent_required');
    const again = await rp.signIn(browser, 'l2-active', offline);
    expect((await rp.refresh(again.refresh_token)).status).toBe(200);
  });
});

describe('Sessions', () => {
  it('are listed for their holder and ended one by one', async () => {
    const [phone, computer] = [newBrowser(), newBrowser()];
    await rp.signIn(phone, 'l2-active', { acr_values: 'urn:vn:eid:auth:2' });
    const onComputer = await rp.signIn(computer, 'l2-active');
    const accountId = await provider.personaId('l2-active');
    const sessions = await provider.app.gateway.listSessions(accountId);
    const { uid } = JSON.parse((await computer.get(`${provider.issuer}/session`)).text) as { uid: string };
    expect(new Set(sessions.map((session) => session.authLevel))).toEqual(new Set([1, 2]));
    expect(sessions.find((session) => session.uid === uid)).toMatchObject({ authLevel: 1, clientIds: ['told'] });
    expect(await provider.app.gateway.endSession('somebody else', uid)).toBe(false);
    expect(await provider.app.gateway.endSession(accountId, uid)).toBe(true);
    expect(JSON.parse((await computer.get(`${provider.issuer}/session`)).text)).toEqual({ none: true });
    expect(JSON.parse((await phone.get(`${provider.issuer}/session`)).text)).toMatchObject({ accountId });
    expect(await isDead(onComputer)).toEqual(DEAD);
  });

  it('all end but the one in which the citizen acts', async () => {
    const [here, there] = [newBrowser(), newBrowser()];
    await rp.signIn(here, 'l2-active');
    await rp.signIn(there, 'l2-active');
    const { uid, accountId } = JSON.parse((await here.get(`${provider.issuer}/session`)).text) as {
      uid: string;
      accountId: string;
    };
    await provider.app.gateway.endAccess(accountId, { exceptSessionUid: uid, keepGrants: true });
    expect((await provider.app.gateway.listSessions(accountId)).map((one) => one.uid)).toEqual([uid]);
    // What was agreed to stays agreed.
    const answer = await here.get(rp.authorizeUrl({ prompt: 'none' }));
    expect(errorIn(answer)).toBeUndefined();
  });

  it('end twelve hours after the sign-in, in use or not', async () => {
    const browser = newBrowser();
    await rp.signIn(browser, 'l2-active');
    for (let hour = 0; hour < 11; hour += 1) {
      provider.travel(3_600);
      expect(errorIn(await browser.get(rp.authorizeUrl({ prompt: 'none' })))).toBeUndefined();
    }
    provider.travel(3_660);
    expect(errorIn(await browser.get(rp.authorizeUrl({ prompt: 'none' })))).toBe('login_required');
  });
});

describe('Signing out at a service', () => {
  it('asks on a page of ours that needs no script, tells the services, and leads back', async () => {
    const browser = newBrowser();
    const { id_token } = await rp.signIn(browser, 'l2-active');
    const query = new URLSearchParams({
      id_token_hint: id_token,
      post_logout_redirect_uri: 'https://logout.test/bye',
      state: 'S',
      ui_locales: 'en',
    });
    const page = await browser.get(`${provider.issuer}/logout?${query.toString()}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Told asks to sign you out');
    expect(page.text).toContain('lang="en"');
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://logout.test");
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const forged = await browser.post(`${provider.issuer}/logout/confirm`, { xsrf: 'guess', logout: 'yes' });
    expect(forged.status).toBe(400);
    const end = await browser.post(`${provider.issuer}/logout/confirm`, { xsrf, logout: 'yes' });
    expect(end.location?.href).toBe('https://logout.test/bye?state=S');
    await provider.app.outbox.drain();
    expect(received).toHaveLength(1);
    expect(JSON.parse((await browser.get(`${provider.issuer}/session`)).text)).toEqual({ none: true });
  });

  it('leads on without a page when nobody is signed in', async () => {
    const query = new URLSearchParams({
      client_id: 'told',
      post_logout_redirect_uri: 'https://logout.test/bye',
      state: 'S',
    });
    const answer = await newBrowser().get(`${provider.issuer}/logout?${query.toString()}`);
    expect(answer.location?.href).toBe('https://logout.test/bye?state=S');
    const plain = await newBrowser().follow(`${provider.issuer}/logout`);
    expect(plain.status).toBe(200);
    expect(plain.text).toContain('Bạn đã đăng xuất');
  });

  it('does not lead to an address that is not registered', async () => {
    const query = new URLSearchParams({ client_id: 'told', post_logout_redirect_uri: 'https://evil.test/' });
    const answer = await newBrowser().get(`${provider.issuer}/logout?${query.toString()}`);
    expect(answer.status).toBe(400);
    expect(answer.location).toBeUndefined();
  });
});
