import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerClient } from '../../src/relying-parties/register-client.ts';
import { startProvider, type TestProvider } from './support/provider.ts';
import { newBrowser } from './support/relying-party.ts';

const REDIRECT = 'https://record.test/callback';

let provider: TestProvider;
let keyServer: Server;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;

const registerRecord = async (at: TestProvider): Promise<void> => {
  await registerClient(
    at.app,
    {
      id: 'record',
      name: { vi: 'Hồ sơ', en: 'Record' },
      kind: 'web',
      authentication: {
        method: 'private_key_jwt',
        jwksUri: `http://localhost:${(keyServer.address() as AddressInfo).port}/jwks.json`,
      },
      redirectUris: [REDIRECT],
      requiresPushedRequests: true,
      leastAccountLevel: 2,
      leastAuthLevel: 2,
    },
    { kind: 'operator', id: 'test' },
  );
};

/** A service as an integrator would write it, with the certified library and a key of its own behind `jwks_uri`. */
beforeAll(async () => {
  provider = await startProvider();
  keys = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'rp-1', alg: 'ES256', use: 'sig' };
  keyServer = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => {
    keyServer.listen(0, '127.0.0.1', resolve);
  });
  await registerRecord(provider);
});
afterAll(async () => {
  await new Promise((resolve) => {
    keyServer.close(resolve);
  });
  await provider.close();
});

const discover = (privateKey = keys.privateKey, at = provider): Promise<client.Configuration> =>
  client.discovery(
    new URL(at.issuer),
    'record',
    undefined,
    client.PrivateKeyJwt({ key: privateKey, kid: 'rp-1' }),
    // The tests talk http.
    { execute: [client.allowInsecureRequests] },
  );

describe('openid-client with private_key_jwt and pushed requests', () => {
  it('finds everything by discovery, signs in, refreshes and reads userinfo', async () => {
    const config = await discover();
    const verifier = client.randomPKCECodeVerifier();
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    const url = await client.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: REDIRECT,
      scope: 'openid profile offline_access',
      prompt: 'consent login',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      login_hint: 'persona:l2-active',
    });
    expect([...url.searchParams.keys()].toSorted()).toEqual(['client_id', 'request_uri']);
    const { location } = await newBrowser().get(url.href);
    if (location === undefined) throw new Error('no answer');
    const tokens = await client.authorizationCodeGrant(config, location, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    expect(claims).toMatchObject({ acr: 'urn:vn:eid:auth:2', auth_time: Math.floor(Date.now() / 1000) });
    const told = await client.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '');
    expect(told.name).toBe('Nguyễn Minh Anh');
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(refreshed.claims()?.sub).toBe(claims?.sub);
    await client.tokenRevocation(config, refreshed.refresh_token ?? '');
    await expect(client.refreshTokenGrant(config, refreshed.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('is not let in with another key, nor past its own rule to push', async () => {
    const stranger = await generateKeyPair('ES256');
    const config = await discover(stranger.privateKey);
    const request = {
      redirect_uri: REDIRECT,
      scope: 'openid',
      code_challenge: 'c'.repeat(43),
      code_challenge_method: 'S256',
    };
    await expect(client.buildAuthorizationUrlWithPAR(config, request)).rejects.toMatchObject({
      error: 'invalid_client',
    });
    const answer = await newBrowser().get(client.buildAuthorizationUrl(config, request).href);
    expect(answer.location?.searchParams.get('error')).toBe('invalid_request');
  });

  it('cannot use one assertion twice', async () => {
    const prove = client.PrivateKeyJwt({ key: keys.privateKey, kid: 'rp-1' });
    const proof = new URLSearchParams();
    const config = await discover();
    // Typed as if it did not sign asynchronously.
    await Promise.resolve<unknown>(prove(config.serverMetadata(), config.clientMetadata(), proof, new Headers()));
    const replaying = await client.discovery(
      new URL(provider.issuer),
      'record',
      undefined,
      (_server, _client, body) => {
        for (const [name, value] of proof) body.set(name, value);
      },
      { execute: [client.allowInsecureRequests] },
    );
    const request = {
      redirect_uri: REDIRECT,
      scope: 'openid',
      code_challenge: 'c'.repeat(43),
      code_challenge_method: 'S256',
    };
    await client.buildAuthorizationUrlWithPAR(replaying, request);
    await expect(client.buildAuthorizationUrlWithPAR(replaying, request)).rejects.toMatchObject({
      error: 'invalid_client',
    });
  });
});

describe('Calls to inside addresses', () => {
  it('are not made unless they are allowed', async () => {
    const guarded = await startProvider({ env: { ALLOW_PRIVATE_FETCH: 'false' } });
    try {
      await registerRecord(guarded);
      const config = await discover(keys.privateKey, guarded);
      const request = {
        redirect_uri: REDIRECT,
        scope: 'openid',
        code_challenge: 'c'.repeat(43),
        code_challenge_method: 'S256',
      };
      // The assertion is right, but the key behind `jwks_uri` must not be fetched from loopback.
      await expect(client.buildAuthorizationUrlWithPAR(config, request)).rejects.toMatchObject({
        error: 'invalid_client',
      });
    } finally {
      await guarded.close();
    }
  });
});
