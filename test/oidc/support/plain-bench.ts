import { expect, type MockInstance } from 'vitest';
import { openProtocolStore } from '../../../src/oidc/adapters/open-protocol-store.ts';
import type { ProtocolStore } from '../../../src/oidc/adapters/protocol-store.ts';
import { clientSecretHmac } from '../../../src/relying-parties/client-secret.ts';
import { insertClient } from '../../../src/relying-parties/client-store.ts';
import { watchLibrary } from './plain-parts.ts';
import { startProvider, type TestProvider } from './provider.ts';
import { type RelyingParty, relyingParty } from './relying-party.ts';

/** A query that means nothing makes a request unusual, and so the library's: the same answers are expected of both. */
export const BY_LIBRARY = '?';

export type Seen = { status: number; body: unknown; headers: Record<string, string | null>; isPlain: boolean };

/** A provider whose answers without the library are held against those with it. */
export type PlainBench = {
  provider: TestProvider;
  /** What the provider has saved. */
  store: ProtocolStore;
  /** Called once for each request that the library works on. */
  library: MockInstance;
  web: RelyingParty;
  spa: RelyingParty;
  /** `public-sub` and `legacy-names`, registered by an operator. */
  operators(id: string): RelyingParty;
  ask(path: string, init: RequestInit): Promise<Seen>;
  /** Asks both, which must say the same. @returns what the plain address said. */
  askBoth(path: string, init: RequestInit): Promise<Seen>;
  close(): Promise<void>;
};

export const basic = (id: string, secret: string): Record<string, string> => ({
  authorization: `Basic ${btoa(`${id}:${secret}`)}`,
});
export const WEB = basic('sandbox-web', 'sandbox-web-secret');
export const form = (fields: Record<string, string>, headers: Record<string, string> = WEB): RequestInit => ({
  method: 'POST',
  headers,
  body: new URLSearchParams(fields),
});
export const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

export const EVERYTHING = 'openid profile phone email address account nationality residence guardian citizen_id';

const HEADERS = [
  'cache-control',
  'vary',
  'content-type',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'www-authenticate',
];

export async function startPlainBench(): Promise<PlainBench> {
  const provider = await startProvider();
  const store = await openProtocolStore(provider.app.config, provider.app);
  for (const id of ['public-sub', 'legacy-names'] as const) await registerClient(provider, id);
  const library = watchLibrary();
  const ask: PlainBench['ask'] = async (path, init) => {
    library.mockClear();
    const answer = await fetch(provider.issuer + path, init);
    const text = await answer.text();
    return {
      status: answer.status,
      body: text === '' ? undefined : JSON.parse(text),
      headers: Object.fromEntries(HEADERS.map((name) => [name, answer.headers.get(name)])),
      isPlain: library.mock.calls.length === 0,
    };
  };
  return {
    provider,
    store,
    library,
    web: relyingParty(provider.issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' }),
    spa: relyingParty(provider.issuer, { clientId: 'sandbox-spa' }),
    operators: (id) => relyingParty(provider.issuer, { clientId: id, secret: `${id}-secret` }),
    ask,
    async askBoth(path, init) {
      const here = await ask(path, init);
      const there = await ask(path + BY_LIBRARY, init);
      expect(there.isPlain).toBe(false);
      expect({ ...here, isPlain: undefined }).toEqual({ ...there, isPlain: undefined });
      return here;
    },
    async close() {
      await store.close();
      await provider.close();
    },
  };
}

function registerClient({ app }: TestProvider, id: 'public-sub' | 'legacy-names'): Promise<unknown> {
  const isPublic = id === 'public-sub';
  const client = {
    id,
    origin: 'operator',
    name: { vi: id, en: id },
    leastAccountLevel: 1,
    leastAuthLevel: 1,
    essentialScopes: ['openid'],
    claimNames: isPublic ? 'standard' : 'legacy',
    mayIntrospectAll: isPublic,
    legalBasis: 'a law made up for a test',
    secretHmac: clientSecretHmac(app.vault, `${id}-secret`),
    metadata: {
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: ['http://localhost:8080/callback'],
      subject_type: isPublic ? 'public' : 'pairwise',
      id_token_signed_response_alg: isPublic ? 'RS256' : 'ES256',
      token_endpoint_auth_method: isPublic ? 'client_secret_post' : 'client_secret_basic',
      backchannel_logout_uri: 'https://service.test/logout',
      backchannel_logout_session_required: true,
    },
  } as const;
  return insertClient(app.db, { ...client, essentialScopes: [...client.essentialScopes] }, app.clock());
}

export async function machineToken({ provider }: PlainBench): Promise<string> {
  const machine = relyingParty(provider.issuer, { clientId: 'sandbox-machine', secret: 'sandbox-machine-secret' });
  return (await machine.token({ grant_type: 'client_credentials' })).body.access_token;
}
