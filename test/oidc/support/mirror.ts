import Sqlite from 'better-sqlite3';
import { expect } from 'vitest';
import { clientSecretHmac } from '../../../src/relying-parties/client-secret.ts';
import { insertClient } from '../../../src/relying-parties/client-store.ts';
import { createTestDatabase, postgresUrl, redisUrl } from '../../support/services.ts';
import { watchLibrary } from './plain-parts.ts';
import { startProvider, type TestProvider } from './provider.ts';
import { type RawAnswer, sendRaw } from './raw-http.ts';
import { type Browser, type RelyingParty, relyingParty, type Tokens } from './relying-party.ts';
import { type Change, type Draft, written } from './unusual-requests.ts';

export const CALLBACK = 'http://localhost:8080/callback';
const CODE_FLOW = { grant_types: ['authorization_code', 'refresh_token'], redirect_uris: [CALLBACK] };
const LOGOUT = { backchannel_logout_uri: 'https://service.test/logout', backchannel_logout_session_required: true };
const WITHOUT_SECRET = { ...CODE_FLOW, token_endpoint_auth_method: 'none' };

/** Services of each kind; `metadata`: registered here. */
export const PARTIES: Readonly<
  Record<string, { secret?: string; redirectUri?: string; metadata?: Record<string, unknown> }>
> = {
  'sandbox-web': { secret: 'sandbox-web-secret' },
  'sandbox-spa': {},
  'legacy-names': {
    secret: 'legacy-names-secret',
    metadata: { ...CODE_FLOW, ...LOGOUT, grant_types: [...CODE_FLOW.grant_types, 'client_credentials'] },
  },
  'public-sub': {
    secret: 'public:sub-secret',
    metadata: {
      ...CODE_FLOW,
      subject_type: 'public',
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: 'RS256',
    },
  },
  // It proves itself by a key, and has a secret from before.
  'by-key': {
    secret: 'by-key-secret',
    metadata: { ...CODE_FLOW, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://service.test/jwks' },
  },
  'a-native': {
    redirectUri: 'http://127.0.0.1:5555/callback',
    metadata: { ...WITHOUT_SECRET, application_type: 'native', redirect_uris: ['http://127.0.0.1/callback'] },
  },
  'a-machine': {
    secret: 'a-machine-secret',
    metadata: {
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      scope: 'health_book openid',
    },
  },
};

/** A provider, and what its services and citizens hold at a moment: the latest last. */
export type World = {
  provider: TestProvider;
  /** Whether requests are answered without the library where they can be. */
  isPlain: boolean;
  parties: Record<string, RelyingParty>;
  browsers: Browser[];
  /** Who has typed her password and was not back yet, or was: where she goes, and her cookies there. */
  proved: { path: string; cookie: string; party: string }[];
  codes: { code: string; party: string }[];
  access: string[];
  refresh: { token: string; party: string }[];
};

/** Something that happens, told so that it can happen in both worlds. */
export type Step = { name: string; happen: (world: World) => Promise<unknown> };

/** Two providers that live through the same: one as it is, in the other every request is the library's. */
export type Mirror = {
  worlds: readonly World[];
  /** How many of the requests were answered without the library. */
  coverage: { plain: number; all: number };
  /** Lets it happen in both. @throws when it was not the same: what was seen, or what was logged. */
  both(step: Step): Promise<void>;
  /** What each has kept, told after what happened last. */
  kept(): Promise<object[]>;
  /** @param changes what is unusual about the request. @returns what was answered. */
  send(world: World, draft: Draft, changes: readonly Change[]): Promise<unknown>;
  close(): Promise<void>;
};

export async function startMirror(): Promise<Mirror> {
  const worlds = [await makeWorld(true), await makeWorld(false)];
  const library = watchLibrary();
  const coverage = { plain: 0, all: 0 };
  const story: string[] = [];
  return {
    worlds,
    coverage,
    async both({ name, happen }) {
      story.push(name);
      const told: unknown[] = [];
      for (const world of worlds) {
        const before = world.provider.logged.length;
        const seen = await happen(world);
        told.push({ story: story.slice(-6), seen, lines: await linesSince(world, before) });
      }
      expect(told[0]).toEqual(told[1]);
    },
    kept: () =>
      Promise.all(worlds.map(async (world) => ({ story: story.slice(-12), ...(await everythingKept(world)) }))),
    async send(world, draft, changes) {
      for (const change of changes) change.apply(draft);
      // The library takes no notice of it: DPoP is switched off. Nor do we, but leave it to the library.
      if (!world.isPlain) draft.headers.push(['DPoP', 'x']);
      library.mockClear();
      const answer = await sendRaw(world.provider.issuer, written(draft));
      const isGiven = answer.status === 200 || answer.status === 303;
      if (world.isPlain) coverage.all += 1;
      if (world.isPlain && isGiven && library.mock.calls.length === 0) coverage.plain += 1;
      remember(world, draft, answer);
      return seenOf(world, draft, answer);
    },
    async close() {
      for (const { provider } of worlds) await provider.close();
    },
  };
}

/** `DIFFERENTIAL_STORE=postgres`, or `redis` (with PostgreSQL), looks at other stores than SQLite. */
const { DIFFERENTIAL_STORE = 'sqlite' } = process.env;

async function stores(): Promise<{ env: Record<string, string>; drop: () => Promise<void> }> {
  const [server, redis] = [postgresUrl(), redisUrl()];
  if (DIFFERENTIAL_STORE === 'sqlite') return { env: {}, drop: () => Promise.resolve() };
  if (server === undefined) throw new Error('DIFFERENTIAL_STORE needs TEST_DATABASE_URL');
  const { url, drop } = await createTestDatabase(server);
  return { env: { DATABASE_URL: url, ...(DIFFERENTIAL_STORE === 'redis' && { REDIS_URL: redis ?? '' }) }, drop };
}

async function makeWorld(isPlain: boolean): Promise<World> {
  const { env, drop } = await stores();
  const started = await startProvider({ env });
  const provider = { ...started, close: () => started.close().then(drop) };
  const { app, issuer } = provider;
  const parties: World['parties'] = {};
  for (const [id, { metadata, redirectUri = CALLBACK, secret }] of Object.entries(PARTIES)) {
    parties[id] = relyingParty(issuer, { clientId: id, redirectUri, ...(secret === undefined ? {} : { secret }) });
    if (metadata === undefined) continue;
    const client = {
      id,
      origin: 'operator',
      name: { vi: id, en: id },
      leastAccountLevel: 1,
      leastAuthLevel: 1,
      essentialScopes: ['openid'],
      claimNames: id === 'legacy-names' ? 'legacy' : 'standard',
      mayIntrospectAll: id === 'public-sub',
      legalBasis: 'a law made up for a test',
      ...(secret === undefined ? {} : { secretHmac: clientSecretHmac(app.vault, secret) }),
      metadata: {
        response_types: ['code'],
        subject_type: 'pairwise',
        id_token_signed_response_alg: 'ES256',
        token_endpoint_auth_method: 'client_secret_basic',
        ...metadata,
      },
    } as const;
    await insertClient(app.db, { ...client, essentialScopes: [...client.essentialScopes] }, app.clock());
  }
  return { provider, isPlain, parties, browsers: [], proved: [], codes: [], access: [], refresh: [] };
}

function remember(world: World, { party }: Draft, { status, headers, body }: RawAnswer): void {
  const location = headers.find(([name]) => name === 'location')?.[1] ?? '';
  const code = URL.parse(location)?.searchParams.get('code') ?? undefined;
  if (code !== undefined) world.codes.push({ code, party });
  if (status !== 200 || !body.startsWith('{')) return;
  const { access_token: access, refresh_token: refresh } = JSON.parse(body) as Partial<Tokens>;
  if (access !== undefined) world.access.push(access);
  if (refresh !== undefined) world.refresh.push({ token: refresh, party });
}

const SEEN_HEADERS: readonly string[] = [
  'location',
  'cache-control',
  'vary',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'www-authenticate',
  'retry-after',
  'allow',
];
/** Of an answer that sends somebody back; a page's has more, which makes no difference there. */
const SEEN_OF_RETURN: readonly string[] = ['location', 'cache-control'];

function seenOf({ provider: { issuer } }: World, { path }: Draft, { status, headers, body }: RawAnswer): unknown {
  const said = (text: string): string =>
    text
      .replaceAll(issuer, 'ISSUER')
      .replaceAll(encodeURIComponent(issuer), 'ISSUER')
      .replace(/(?<=[?&#]code=)[\w-]{43}/, 'CODE')
      .replaceAll(/\/(interaction|authorize)\/[\w-]{43}/g, '/$1/UID')
      .replace(/^((?:session|interaction|resume|[\w.-]+\.sig)=)[\w-]{43}(?=;)/, '$1X');
  const isReturn = path.startsWith('/authorize') && status === 303;
  const names = isReturn ? SEEN_OF_RETURN : SEEN_HEADERS;
  const kept = headers.flatMap(([name, value]) => (names.includes(name) ? [[name, said(value)] as const] : []));
  const cookies = headers.flatMap(([name, value]) => (name === 'set-cookie' ? [said(value)] : []));
  // A session that is there is told again by the library each time.
  const told = cookies.filter((line) => path !== '/authorize' || !line.startsWith('session'));
  return { status, headers: Object.fromEntries(kept), cookies: told, body: isReturn ? '' : contentOf(said(body)) };
}

function contentOf(body: string): unknown {
  try {
    return alike(JSON.parse(body));
  } catch {
    // With a nonce and a reference in it.
    return body.startsWith('<') ? 'a page' : body;
  }
}

const BY_CHANCE =
  /^(?:access_token|refresh_token|sub|iss|sid|nonce|jti|kid|code|uid|grantId|sessionUid|codeChallenge|reference)$/;

/** Without what chance makes, of which the length is left; a JWT by what it says. */
function alike(value: unknown, name = ''): unknown {
  if (typeof value === 'string' && value.startsWith('eyJ')) return jwtContent(value);
  // A shorter way to the session, which the library does not know.
  if (name === 'sessionHandle') return undefined;
  if (BY_CHANCE.test(name)) return `${typeof value} of ${String(value).length}`;
  if (Array.isArray(value)) return value.map((one) => alike(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, alike(one, key)]));
}

function jwtContent(jwt: string): unknown {
  const parts = jwt.split('.').slice(0, 2);
  return parts.map((part) => alike(JSON.parse(Buffer.from(part, 'base64url').toString())));
}

const TOKEN_TABLES = [
  'session',
  'interaction',
  'account_grant',
  'authorization_code',
  'access_token',
  'refresh_token',
  'client_credentials',
];
const REGISTER_TABLES = ['rp_uses', 'audit_entries', 'client_grants', 'outbox'];

/** What is in Redis alone is not looked at. */
const isLookedAt = (table: string): boolean =>
  DIFFERENTIAL_STORE !== 'redis' || ['account_grant', 'refresh_token'].includes(table);

type Row = Record<string, unknown>;

async function everythingKept({ provider: { app } }: World): Promise<object> {
  const { database } = app.config;
  const file = database.kind === 'sqlite' ? new Sqlite(database.protocolFile, { readonly: true }) : undefined;
  const listRows = async (table: string): Promise<Row[]> =>
    file === undefined ? app.db(`oidc_${table}`) : (file.prepare(`SELECT * FROM ${table}`).all() as Row[]);
  const rowsOf = async (table: string): Promise<string[]> => {
    const rows = await listRows(table);
    // Keys are hashes of ids, and when it was written last is nobody's business.
    const told = rows.map(
      ({ key: _key, check_bits: _check, group_key: _group, stored_at: _stored, body, ...rest }) => ({
        ...rest,
        body: String(body).startsWith('{') ? alike(JSON.parse(String(body))) : 'sealed',
      }),
    );
    return told.map((one) => JSON.stringify(one, sortedMembers)).toSorted();
  };
  const tables = TOKEN_TABLES.filter(isLookedAt);
  const tokens = await Promise.all(tables.map(async (table) => [table, await rowsOf(table)] as const));
  const revocations = (await listRows('revocation')).length;
  file?.close();
  const counts = await Promise.all(
    REGISTER_TABLES.map(async (table) => [table, (await app.db(table)).length] as const),
  );
  return { ...Object.fromEntries<unknown>([...tokens, ...counts]), revocations };
}

function sortedMembers(_name: string, value: unknown): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value;
}

/** What was logged, without what differs from request to request. */
async function linesSince({ provider: { logged } }: World, before: number): Promise<string[]> {
  // A request's own line comes when the connection has closed.
  await new Promise((resolve) => {
    setTimeout(resolve, 2);
  });
  return logged
    .slice(before)
    .map((line) => {
      const { level, msg, status, route, method, error, endpoint, clientId, isComplete } = JSON.parse(line) as Record<
        string,
        unknown
      >;
      return JSON.stringify({ level, msg, status, route, method, error, endpoint, clientId, isComplete });
    })
    .toSorted();
}
