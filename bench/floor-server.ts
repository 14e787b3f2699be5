/** What everything is measured against: oidc-provider alone, with the least that answers the same flows. Run by bench/main.ts.
 *  `floor`: a plain Map behind the adapter, ES256. `default`: the library's own adapter and its RS256. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Keygrip from 'keygrip';
import { type Adapter, type AdapterPayload, type Configuration, Provider } from 'oidc-provider';
import { CLIENT_SECRET, CLIENTS, HEALTH_BOOK, REDIRECT_URI } from './flows.ts';

const kind = process.env['FLOOR_KIND'] === 'default' ? 'default' : 'floor';
const port = Number(process.env['PORT']);
const algorithm = kind === 'floor' ? 'ES256' : 'RS256';

/** The fastest store there can be: nothing is written down, and nothing is ever forgotten. */
function mapAdapter(model: string): Adapter {
  const rows = new Map<string, AdapterPayload>();
  const uids = new Map<string, string>();
  const byGrant = new Map<string, Set<string>>();
  return {
    upsert: async (id, payload) => {
      rows.set(id, payload);
      if (model === 'Session' && payload.uid !== undefined) uids.set(payload.uid, id);
      if (payload.grantId !== undefined && model !== 'Session') {
        const group = byGrant.get(payload.grantId) ?? new Set();
        byGrant.set(payload.grantId, group.add(id));
      }
    },
    find: async (id) => rows.get(id),
    findByUid: async (uid) => rows.get(uids.get(uid) ?? ''),
    findByUserCode: async () => undefined,
    consume: async (id) => {
      const row = rows.get(id);
      if (row !== undefined) row.consumed = Math.floor(Date.now() / 1000);
    },
    destroy: async (id) => void rows.delete(id),
    revokeByGrantId: async (grantId) => {
      for (const id of byGrant.get(grantId) ?? []) rows.delete(id);
    },
  };
}

async function signingKeys(): Promise<NonNullable<Configuration['jwks']>> {
  const made = await Promise.all(
    ['ES256', 'RS256'].map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true });
      return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: randomUUID() };
    }),
  );
  return { keys: made };
}

const code = { redirect_uris: [REDIRECT_URI], response_types: ['code'], id_token_signed_response_alg: algorithm };
const grantOf = new Map<string, string>();

const configuration: Configuration = {
  ...(kind === 'floor' ? { adapter: mapAdapter, jwks: await signingKeys() } : {}),
  clients: [
    { ...code, client_id: CLIENTS.web, client_secret: CLIENT_SECRET, grant_types: ['authorization_code'] },
    {
      ...code,
      client_id: CLIENTS.offline,
      client_secret: CLIENT_SECRET,
      grant_types: ['authorization_code', 'refresh_token'],
    },
    {
      client_id: CLIENTS.machine,
      client_secret: CLIENT_SECRET,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      scope: 'health_book',
      id_token_signed_response_alg: algorithm,
    },
  ] as NonNullable<Configuration['clients']>,
  cookies: { keys: new Keygrip([randomUUID()], 'sha256'), long: { signed: true }, short: { signed: true } },
  ttl: { AccessToken: 600, ClientCredentials: 600, Session: 43_200, Grant: 2_678_400, Interaction: 1_800 },
  scopes: ['openid', 'profile', 'offline_access', 'health_book'],
  claims: {
    openid: ['sub'],
    profile: ['name', 'family_name', 'middle_name', 'given_name', 'birthdate', 'gender', 'locale', 'updated_at'],
  },
  rotateRefreshToken: true,
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => [],
      useGrantedResource: () => false,
      getResourceServerInfo: () => ({
        scope: 'health_book',
        audience: HEALTH_BOOK,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 60,
        jwt: { sign: { alg: algorithm } },
      }),
    },
  },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, accountId) => ({
    accountId,
    claims: async () => ({
      sub: accountId,
      name: 'Nguyễn Thị Thử Nghiệm',
      family_name: 'Nguyễn',
      middle_name: 'Thị Thử',
      given_name: 'Nghiệm',
      birthdate: '1990-01-01',
      gender: 'female',
      locale: 'vi-VN',
      updated_at: 1_700_000_000,
    }),
  }),
  loadExistingGrant: async (ctx) => {
    const { client, account } = ctx.oidc;
    if (client === undefined || account === undefined) return undefined;
    const holder = `${account.accountId} ${client.clientId}`;
    const known = grantOf.get(holder);
    const found = known === undefined ? undefined : await provider.Grant.find(known);
    if (found !== undefined) return found;
    const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
    grant.addOIDCScope('openid profile');
    grantOf.set(holder, await grant.save());
    return grant;
  },
};

const provider: Provider = new Provider(`http://localhost:${port}`, configuration);

// A page and a form, without a check: the sign-in of ours is measured beside it with the cheapest hash.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) {
    await next();
    return;
  }
  if (ctx.method === 'GET') {
    await provider.interactionDetails(ctx.req, ctx.res);
    ctx.type = 'html';
    ctx.body = '<form method="post"><input name="citizen_id"><input name="password"></form>';
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of ctx.req) chunks.push(chunk as Buffer);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  const login = { accountId: form.get('citizen_id') ?? '', amr: ['pwd'], remember: false };
  ctx.respond = false;
  await provider.interactionFinished(ctx.req, ctx.res, { login });
});

const handle = provider.callback();
createServer((request, response) => void handle(request, response)).listen(port, '127.0.0.1', () => {
  process.send?.('ready');
});
