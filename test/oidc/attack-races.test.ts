import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockAccount, unlockAccount } from '../../src/accounts/lock-account.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { startProvider, type TestProvider } from './support/provider.ts';
import {
  codeIn,
  newBrowser,
  payloadOf,
  type RelyingParty,
  relyingParty,
  type Tokens,
} from './support/relying-party.ts';

let provider: TestProvider;
let web: RelyingParty;

beforeAll(async () => {
  provider = await startProvider();
  web = relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
});
afterAll(() => provider.close());

const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' };
const AT_ONCE = Array.from({ length: 20 });

const countOk = async (requests: readonly Promise<{ status: number }>[]): Promise<number> =>
  (await Promise.all(requests)).filter(({ status }) => status === 200).length;

describe('Of twenty requests at once', () => {
  it('one redeems the code', async () => {
    for (let round = 0; round < 5; round += 1) {
      const code = codeIn(await newBrowser().get(web.authorizeUrl({ login_hint: 'persona:l2-active' })));
      expect(await countOk(AT_ONCE.map(() => web.redeem(code)))).toBeLessThanOrEqual(1);
    }
  });

  it('one uses the refresh token, and the nineteen others do not end its family', async () => {
    const tokens = await web.signIn(newBrowser(), 'l2-active', OFFLINE);
    const answers = await Promise.all(AT_ONCE.map(() => web.refresh(tokens.refresh_token)));
    const [renewed, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    expect((await web.refresh(renewed?.body.refresh_token ?? '')).status).toBe(200);
  });

  it('one uses the pushed request', async () => {
    const address = await web.push({ login_hint: 'persona:l2-active' });
    const answers = await Promise.all(AT_ONCE.map(() => newBrowser().get(address)));
    expect(answers.filter(({ location }) => location?.searchParams.has('code') === true)).toHaveLength(1);
  });

  it('one uses the client’s assertion', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const response = await fetch(`${provider.issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] },
      }),
    });
    const clientId = ((await response.json()) as { client_id: string }).client_id;
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(provider.issuer)
      .setJti('once')
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey);
    const machine = relyingParty(provider.issuer, { clientId });
    const form = {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    };
    expect(await countOk(AT_ONCE.map(() => machine.token(form)))).toBe(1);
  });
});

/** Held for two hundred as well; each takes a tenth of a second. */
const ROUNDS = 40;

describe('A lock of the account', () => {
  const lock = (accountId: string): Promise<unknown> =>
    inTransaction(provider.app.db, (tx) =>
      lockAccount(tx, provider.app, {
        accountId,
        ground: 'holder_request',
        reason: 'test',
        actor: { kind: 'operator', id: 'test' },
        requestedBy: 'holder',
        now: provider.app.clock(),
      }),
    );
  const unlock = (accountId: string): Promise<unknown> =>
    inTransaction(provider.app.db, (tx) =>
      unlockAccount(tx, provider.app, {
        accountId,
        ground: 'holder_request',
        reason: 'test',
        actor: { kind: 'operator', id: 'test' },
        now: provider.app.clock(),
      }),
    );
  const isAlive = async (tokens: Tokens): Promise<boolean> => {
    const userinfo = await fetch(`${provider.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    const { body } = await web.call('/introspect', { token: tokens.access_token });
    return (
      userinfo.status === 200 || body['active'] === true || (await web.refresh(tokens.refresh_token)).status === 200
    );
  };

  it('leaves nothing that lives, whatever was being given out; nor does its end bring it back', async () => {
    const accountId = await provider.personaId('l2-active');
    for (let round = 0; round < ROUNDS; round += 1) {
      const browser = newBrowser();
      const before = await web.signIn(browser, 'l2-active', OFFLINE);
      const code = codeIn(await browser.get(web.authorizeUrl({ login_hint: 'persona:l2-active', ...OFFLINE })));
      const steps = [
        () => web.redeem(code),
        () => web.refresh(before.refresh_token),
        () => lock(accountId),
        () => browser.get(web.authorizeUrl({ login_hint: 'persona:l2-active', ...OFFLINE })),
      ];
      const order = steps.toSorted((a, b) => ((steps.indexOf(a) + round) % 4) - ((steps.indexOf(b) + round) % 4));
      await Promise.all(order.map((step) => step()));
      const [redeemed, refreshed] = [await web.redeem(code), await web.refresh(before.refresh_token)];
      expect([redeemed.status, refreshed.status]).toEqual([400, 400]);
      await provider.app.outbox.drain();
      expect(await provider.app.gateway.listSessions(accountId)).toEqual([]);
      await unlock(accountId);
      expect(await isAlive(before)).toBe(false);
      expect((await browser.get(`${provider.issuer}/session`)).text).toBe('{"none":true}');
      provider.travel(1);
    }
  }, 60_000);

  it('ends the tokens that a request under way got, also after its end', async () => {
    const accountId = await provider.personaId('l2-active');
    let given = 0;
    for (let round = 0; round < 40; round += 1) {
      const code = codeIn(await newBrowser().get(web.authorizeUrl({ login_hint: 'persona:l2-active', ...OFFLINE })));
      const pause = new Promise((resolve) => {
        setTimeout(resolve, round % 8);
      });
      const [answer] = await Promise.all([web.redeem(code), pause.then(() => lock(accountId))]);
      await provider.app.outbox.drain();
      await unlock(accountId);
      if (answer.status === 200) {
        given += 1;
        expect(await isAlive(answer.body)).toBe(false);
        expect(payloadOf(answer.body.id_token)['exp']).toBeDefined();
      }
      provider.travel(1);
    }
    expect(given).toBeGreaterThan(0);
  }, 60_000);
});
