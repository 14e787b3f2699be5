import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardedFetch } from '../../src/oidc/guarded-fetch.ts';
import { startProvider, type TestProvider } from './support/provider.ts';
import { relyingParty } from './support/relying-party.ts';

/** A server inside: counts what reaches it. */
let inside: Server;
let port: number;
let requests: string[] = [];
let provider: TestProvider;

beforeAll(async () => {
  inside = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (request.url === '/away') response.writeHead(302, { location: '/jwks' });
    response.end('{"keys":[]}');
  });
  await new Promise<void>((resolve) => {
    inside.listen(0, '::', resolve);
  });
  ({ port } = inside.address() as AddressInfo);
  provider = await startProvider({ env: { ALLOW_PRIVATE_FETCH: 'false' } });
});
afterAll(async () => {
  inside.closeAllConnections();
  inside.close();
  await provider.close();
});

describe('An address inside of the house', () => {
  it.each([
    ['a number', '127.0.0.1'],
    ['its short form', '127.1'],
    ['its decimal form', '2130706433'],
    ['its hexadecimal form', '0x7f000001'],
    ['its octal form', '0177.0.0.1'],
    ['another number of the same net', '127.200.3.4'],
    ['no address', '0.0.0.0'],
    ['IPv6', '[::1]'],
    ['no IPv6 address', '[::]'],
    ['IPv4 in IPv6', '[::ffff:127.0.0.1]'],
    ['IPv4 in IPv6, in hexadecimal', '[::ffff:7f00:1]'],
    ['a name', 'localhost'],
    ['a name with a dot behind', 'localhost.'],
    ['a name with a user before it', 'rp.example@localhost'],
    ['a name below it', 'keys.localhost'],
  ])('is not called for a client’s keys: %s', async (_what, host) => {
    requests = [];
    const registered = await fetch(`${provider.issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: `http://${host}:${port}/jwks`,
      }),
    });
    if (registered.status === 201) {
      const clientId = ((await registered.json()) as { client_id: string }).client_id;
      const { privateKey } = await generateKeyPair('ES256');
      const assertion = await new SignJWT({})
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(provider.issuer)
        .setJti(host)
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(privateKey);
      const { status } = await relyingParty(provider.issuer, { clientId }).token({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      });
      expect(status).toBeGreaterThanOrEqual(400);
    }
    expect(requests).toEqual([]);
  });

  it('is not called for a sector, nor for what a client shows of itself', async () => {
    requests = [];
    for (const member of ['sector_identifier_uri', 'logo_uri', 'client_uri', 'policy_uri', 'tos_uri'])
      await fetch(`${provider.issuer}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: ['https://rp.test/cb'], [member]: `https://localhost:${port}/x` }),
      });
    expect(requests).toEqual([]);
  });
});

describe('A redirect', () => {
  it('is not followed, wherever calls may go', async () => {
    requests = [];
    const call = guardedFetch(true)(`http://127.0.0.1:${port}/away`, {});
    await expect(call).rejects.toThrow('fetch failed');
    expect(requests).toEqual(['/away']);
  });
});
