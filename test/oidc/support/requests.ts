import { CALLBACK, PARTIES, type World } from './mirror.ts';
import { type Dice, type Draft, draftOf } from './unusual-requests.ts';

type Pairs = [name: string, value: string][];

export const EVERYTHING = 'openid profile phone email account nationality residence guardian citizen_id';
export const SCOPES = [
  'openid',
  'openid profile',
  'profile openid',
  EVERYTHING,
  'openid account profile openid',
  'profile',
];

const HOST: [string, string] = ['Host', 'localhost'];
const FORM: [string, string] = ['Content-Type', 'application/x-www-form-urlencoded'];

/** @param back how many before the last; round and round where there are not so many. */
export function latest<T>(list: readonly T[], back = 0): T | undefined {
  return list[list.length - 1 - (back % list.length)];
}

const WAYS = [
  'own',
  'own',
  'own',
  'own',
  'own',
  'own',
  'own',
  'post',
  'basic',
  'none',
  'wrong',
  'encoded',
  'both',
] as const;
/** How a service says who it is: as it is registered, or otherwise. */
type Way = (typeof WAYS)[number];

/** @param way as registered unless told. */
export function form({
  path,
  party,
  fields,
  way = 'own',
}: {
  path: string;
  party: string;
  fields: Pairs;
  way?: Way;
}): Draft {
  const { secret, metadata } = PARTIES[party] ?? {};
  const isPosting = metadata?.['token_endpoint_auth_method'] === 'client_secret_post';
  const registered = secret === undefined ? 'none' : isPosting ? 'post' : 'basic';
  const known = secret ?? 'x';
  const id: [string, string] = ['client_id', party];
  const basic = (text: string): [string, string] => ['Authorization', `Basic ${Buffer.from(text).toString('base64')}`];
  const said: Record<Exclude<Way, 'own'>, { headers?: Pairs; more?: Pairs }> = {
    none: { more: [id] },
    post: { more: [id, ['client_secret', known]] },
    basic: { headers: [basic(`${party}:${known}`)] },
    wrong: { headers: [basic(`${party}:${known}x`)] },
    encoded: { headers: [basic(`${party.replaceAll('-', '%2d')}:${encodeURIComponent(known)}`)] },
    both: { headers: [basic(`${party}:${known}`)], more: [id] },
  };
  const { headers = [], more = [] } = said[way === 'own' ? registered : way];
  return draftOf({ party, method: 'POST', path, headers: [HOST, FORM, ...headers], fields: [...fields, ...more] });
}

export function userinfo(token: string | undefined): Draft {
  const headers: Pairs = [HOST, ['Authorization', `Bearer ${token ?? 'x'}`]];
  return draftOf({ party: '', method: 'GET', path: '/userinfo', headers, fields: [] });
}

/** @param browser how many before the last. */
export function authorization(
  world: World,
  { party, parameters, browser = 0 }: { party: string; parameters: Record<string, string>; browser?: number },
): Draft {
  const { searchParams } = new URL(world.parties[party]?.authorizeUrl(parameters) ?? '');
  const { session, 'session.sig': signature } = latest(world.browsers, browser)?.cookies() ?? {};
  const cookie: Pairs = session === undefined ? [] : [['Cookie', `session=${session}; session.sig=${signature}`]];
  const headers: Pairs = [HOST, ['Accept', 'text/html'], ...cookie];
  return draftOf({ party, method: 'GET', path: '/authorize', headers, fields: [...searchParams] });
}

export function resumption(given: World['proved'][number] | undefined): Draft {
  const { path, cookie, party } = given ?? {
    path: `/authorize/${'x'.repeat(43)}`,
    cookie: 'a=b',
    party: 'sandbox-web',
  };
  return draftOf({ party, method: 'GET', path, headers: [HOST, ['Cookie', cookie]], fields: [] });
}

/** By the service that has the code unless another one is named. */
export function redemption(
  world: World,
  given: World['codes'][number] | undefined,
  { by, way = 'own' }: { by?: string | undefined; way?: Way } = {},
): Draft {
  const { code, party } = given ?? { code: 'x', party: 'sandbox-web' };
  const fields: Pairs = [
    ['grant_type', 'authorization_code'],
    ['code', code],
    ['redirect_uri', PARTIES[party]?.redirectUri ?? CALLBACK],
    ['code_verifier', world.parties[party]?.verifier ?? ''],
  ];
  return form({ path: '/token', party: by ?? party, fields, way });
}

/** A request that is right as such, of anybody with anything. */
export function anyRequest(random: Dice): { name: string; draft: (world: World) => Draft } {
  const party = random.one(Object.keys(PARTIES));
  const way = random.one(WAYS);
  const back = random.below(4);
  const by = random.once(8) ? party : undefined;
  const scope = random.one(SCOPES);
  const state = random.one(['', 's', 'a state & more', 'ế+%20', 'x'.repeat(500)]);
  const nonce = random.one(['', 'n', 'n o']);
  const hint = random.one(['', '', 'access_token', 'refresh_token', 'bogus']);
  const service = random.one(['', 'health_book', 'judicial_record', 'openid', 'health_book openid']);
  const machine = random.once(3) ? party : 'a-machine';
  const filled = (pairs: Pairs): Pairs => pairs.filter(([, value]) => value !== '');
  const parameters = Object.fromEntries(
    filled([
      ['scope', scope],
      ['state', state],
      ['nonce', nonce],
    ]),
  );
  const kinds: Record<string, (world: World) => Draft> = {
    authorization: (world) => authorization(world, { party, parameters, browser: back }),
    newcomer: (world) => authorization({ ...world, browsers: [] }, { party, parameters }),
    resumption: (world) => resumption(latest(world.proved, back)),
    code: (world) => redemption(world, latest(world.codes, back), { by, way }),
    refresh(world) {
      const { token, party: own } = latest(world.refresh, back) ?? { token: 'x', party };
      return form({
        path: '/token',
        party: by ?? own,
        way,
        fields: [
          ['grant_type', 'refresh_token'],
          ['refresh_token', token],
        ],
      });
    },
    userinfo: (world) => userinfo(latest(world.access, back)),
    introspection(world) {
      const token = (by === undefined ? latest(world.access, back) : latest(world.refresh, back)?.token) ?? 'x';
      return form({
        path: '/introspect',
        party,
        way,
        fields: filled([
          ['token', token],
          ['token_type_hint', hint],
        ]),
      });
    },
    machine: () =>
      form({
        path: '/token',
        party: machine,
        way,
        fields: filled([
          ['grant_type', 'client_credentials'],
          ['scope', service],
        ]),
      }),
  };
  const [kind, draft] = random.one(Object.entries(kinds));
  return { name: [kind, party, way, back, by, scope, state.slice(0, 9), hint, service].join(' '), draft };
}
