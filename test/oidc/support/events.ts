import type { JWK } from 'jose';
import { lockAccount, unlockAccount } from '../../../src/accounts/lock-account.ts';
import { inTransaction } from '../../../src/platform/database.ts';
import { PARTIES, type Step, type World } from './mirror.ts';
import { act, openInteraction } from './provider.ts';
import { type Browser, newBrowser } from './relying-party.ts';
import { latest, SCOPES } from './requests.ts';
import type { Dice } from './unusual-requests.ts';

const PERSONAS = ['l2-active', 'l1-active', 'teen', 'foreigner'] as const;
type Persona = (typeof PERSONAS)[number];

const FACT = { ground: 'holder_request', reason: 'test', actor: { kind: 'operator', id: 'test' } } as const;

/** Comes to a service by the library, which is asked for a persona, and keeps the code that goes back. */
export async function comesBack(
  world: World,
  { browser, party, parameters }: { browser: Browser; party: string; parameters: Record<string, string> },
): Promise<unknown> {
  const { status, location } = await browser.get(world.parties[party]?.authorizeUrl(parameters) ?? '');
  const code = location?.searchParams.get('code') ?? undefined;
  if (code !== undefined) world.codes.push({ code, party });
  return [status, typeof code, location?.searchParams.get('error')];
}

/** Somebody who was nobody types her password, and is about to come back. */
export async function proves(
  world: World,
  { account, party, parameters }: { account: string; party: string; parameters: Record<string, string> },
): Promise<unknown> {
  const browser = newBrowser();
  const url = world.parties[party]?.authorizeUrl(parameters) ?? '';
  const page = await openInteraction(browser, url).catch(() => undefined);
  if (page === undefined) return undefined;
  const { status, location } = await browser.get(`${page.at}/login?account=${account}&factors=pwd`);
  const { resume, 'resume.sig': signature } = browser.cookies();
  if (location !== undefined)
    world.proved.push({ path: location.pathname, cookie: `resume=${resume}; resume.sig=${signature}`, party });
  return status;
}

/** What each world's services are registered with, before anything changed it. */
const registered = new WeakMap<World, Record<string, string>>();

async function metadataOf(world: World): Promise<Record<string, string>> {
  const known = registered.get(world);
  if (known !== undefined) return known;
  const rows = (await world.provider.app.db('clients').select('id', 'metadata')) as { id: string; metadata: string }[];
  const found = Object.fromEntries(rows.map(({ id, metadata }) => [id, metadata]));
  registered.set(world, found);
  return found;
}

async function change(world: World, party: string, columns: Record<string, unknown>): Promise<void> {
  const { app } = world.provider;
  await app.db('clients').where({ id: party }).update(columns);
  app.oidc.forgetClient(party);
}

async function unlock({ provider }: World, persona: Persona): Promise<void> {
  const { app } = provider;
  const accountId = await provider.personaId(persona);
  await inTransaction(app.db, (tx) => unlockAccount(tx, app, { ...FACT, accountId, now: app.clock() }));
}

/** Everything is as at first again, but for what was ended and for the time. */
export async function repair(world: World): Promise<void> {
  const metadata = await metadataOf(world);
  for (const party of Object.keys(PARTIES))
    await change(world, party, {
      metadata: metadata[party],
      disabled_at: null,
      least_auth_level: 1,
      least_account_level: 1,
    });
  for (const persona of PERSONAS) await unlock(world, persona);
}

const TIMES = [1, 1, 1, 5, 10, 11, 45, 60, 540, 599, 600, 3_600, 43_199, 86_399];

const METADATA: readonly Record<string, unknown>[] = [
  { default_max_age: 60 },
  { require_auth_time: true },
  { default_acr_values: ['urn:vn:eid:auth:2'] },
  { grant_types: ['authorization_code'] },
  { scope: 'openid' },
  { response_modes: ['fragment'] },
  { require_pushed_authorization_requests: true },
  { userinfo_signed_response_alg: 'ES256' },
  { redirect_uris: ['http://localhost:8080/other'] },
  { token_endpoint_auth_method: 'none' },
  { application_type: 'native' },
];

/** Something that changes what requests are answered by. */
export function anyEvent(random: Dice, keySets: readonly JWK[][]): Step {
  const persona = random.one(PERSONAS);
  const party = random.one(Object.keys(PARTIES));
  const which = random.below(3);
  const scope = random.one(SCOPES.slice(0, 4));
  const isOffline = random.once(3);
  const seconds = random.one(TIMES);
  const metadata = random.one(METADATA);
  const columns = random.one([{ least_auth_level: 2 }, { least_account_level: 2 }, { disabled_at: 1 }]);
  const refused = random.one(['profile', 'email account', '']);

  const signIn = (world: World): Promise<unknown> => {
    const browser = newBrowser();
    world.browsers.push(browser);
    const offline = isOffline ? { scope: `${scope} offline_access`, prompt: 'consent' } : {};
    return comesBack(world, { browser, party, parameters: { scope, login_hint: `persona:${persona}`, ...offline } });
  };
  const lock = async ({ provider }: World): Promise<void> => {
    const { app } = provider;
    const accountId = await provider.personaId(persona);
    const fact = { ...FACT, accountId, requestedBy: 'holder', now: app.clock() } as const;
    await inTransaction(app.db, (tx) => lockAccount(tx, app, fact));
  };
  const refuse = async (world: World): Promise<void> => {
    const browser = latest(world.browsers, which);
    if (browser === undefined) return;
    const parameters = { scope: 'openid profile email account', prompt: 'consent' };
    const page = await openInteraction(browser, world.parties[party]?.authorizeUrl(parameters) ?? '').catch(
      () => undefined,
    );
    if (page === undefined) return;
    const account = await world.provider.personaId(persona);
    await act(browser, page.at, 'consent', { account, client: party, scopes: 'openid', refused_scopes: refused });
  };
  const prove = async (world: World): Promise<unknown> =>
    proves(world, { account: await world.provider.personaId(persona), party, parameters: { scope } });
  const events: [often: number, Step][] = [
    [8, { name: `${persona} types her password for ${party} and ${scope}`, happen: prove }],
    [8, { name: `${persona} signs in at ${party} for ${scope}, offline: ${isOffline}`, happen: signIn }],
    [5, { name: 'all is repaired', happen: repair }],
    // Both worlds have one clock.
    [
      3,
      {
        name: `${seconds} s go by`,
        happen: async ({ isPlain, provider }) => void (isPlain && provider.travel(seconds)),
      },
    ],
    [1, { name: `${persona} is locked`, happen: lock }],
    [
      1,
      {
        name: `${persona} is locked and unlocked`,
        happen: async (world) => {
          await lock(world);
          await unlock(world, persona);
        },
      },
    ],
    [
      1,
      {
        name: `the sessions of ${persona} end, and grants: ${which === 0}`,
        happen: async ({ provider }) =>
          provider.app.gateway.endAccess(await provider.personaId(persona), { keepGrants: which !== 0 }),
      },
    ],
    [
      1,
      {
        name: `consent of ${persona} to ${party} ends`,
        happen: async ({ provider }) => provider.app.gateway.endGrant(await provider.personaId(persona), party),
      },
    ],
    [2, { name: `${party} gets ${JSON.stringify(columns)}`, happen: (world) => change(world, party, columns) }],
    [
      2,
      {
        name: `${party} registers ${JSON.stringify(metadata)}`,
        happen: async (world) =>
          change(world, party, {
            metadata: JSON.stringify({
              ...(JSON.parse((await metadataOf(world))[party] ?? '{}') as object),
              ...metadata,
            }),
          }),
      },
    ],
    [1, { name: `${persona} refuses ${refused} to ${party}`, happen: refuse }],
    [
      1,
      {
        name: `${party} gives a token back`,
        happen: async (world) =>
          (await world.parties[party]?.call('/revoke', { token: latest(world.access, which) ?? 'x' }))?.status,
      },
    ],
    [
      1,
      { name: 'other keys sign', happen: async ({ provider: { app } }) => app.oidc.rebuild(keySets[which % 2] ?? []) },
    ],
  ];
  return random.one(events.flatMap(([often, step]) => Array.from({ length: often }, () => step)));
}
