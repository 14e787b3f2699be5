import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyEvent, comesBack, proves, repair } from './support/events.ts';
import { type Mirror, PARTIES, type Step, startMirror, type World } from './support/mirror.ts';
import { newBrowser } from './support/relying-party.ts';
import {
  anyRequest,
  authorization,
  EVERYTHING,
  form,
  latest,
  redemption,
  resumption,
  userinfo,
} from './support/requests.ts';
import { CHANGES, type Change, type Dice, type Draft, dice } from './support/unusual-requests.ts';

/** `DIFFERENTIAL_SEEDS='5 6 7' DIFFERENTIAL_STEPS=300 DIFFERENTIAL_EVERY=1` looks further than a run of all tests has time for;
 *  `DIFFERENTIAL_STORE` at other stores than SQLite. */
const { DIFFERENTIAL_SEEDS = '1 2', DIFFERENTIAL_STEPS = '120', DIFFERENTIAL_EVERY = '7' } = process.env;

let mirror: Mirror;
let keySets: JWK[][];

beforeAll(async () => {
  mirror = await startMirror();
  keySets = await Promise.all([newKeys(), newKeys()]);
});
afterAll(() => mirror.close());

const newKeys = (): Promise<JWK[]> =>
  Promise.all(
    ['ES256', 'RS256'].map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true });
      return { ...(await exportJWK(privateKey)), kid: `one for ${alg}`, alg, use: 'sig' };
    }),
  );

const signIn = async (world: World, party: string, scope = EVERYTHING): Promise<void> => {
  const browser = latest(world.browsers) ?? newBrowser();
  if (world.browsers.length === 0) world.browsers.push(browser);
  const isOffline = scope.includes('offline_access');
  const parameters = { scope, login_hint: 'persona:l2-active', ...(isOffline ? { prompt: 'consent' } : {}) };
  await comesBack(world, { browser, party, parameters });
};

const forMachine = (party: string, more: [string, string][] = []): Draft =>
  form({ path: '/token', party, fields: [['grant_type', 'client_credentials'], ...more] });

/** Each request that is answered without the library, with what it needs before. */
const PLAIN: Readonly<Record<string, (world: World) => Promise<Draft> | Draft>> = {
  'who is signed in': async (world) => {
    await signIn(world, 'sandbox-web');
    return authorization(world, {
      party: 'sandbox-web',
      parameters: { scope: 'openid profile', state: 's', nonce: 'n' },
    });
  },
  'who is nobody yet': (world) => {
    Object.assign(world, { browsers: [] });
    return authorization(world, {
      party: 'sandbox-web',
      parameters: { scope: 'openid profile', state: 's', nonce: 'n', ui_locales: 'en' },
    });
  },
  'who has just signed in': async (world) => {
    await signIn(world, 'sandbox-web');
    const account = await world.provider.personaId('l2-active');
    const parameters = { scope: 'openid profile', state: 's', nonce: 'n' };
    await proves(world, { account, party: 'sandbox-web', parameters });
    return resumption(latest(world.proved));
  },
  'a code': async (world) => {
    await signIn(world, 'sandbox-web');
    return redemption(world, latest(world.codes));
  },
  'a public client’s code': async (world) => {
    await signIn(world, 'sandbox-spa');
    return redemption(world, latest(world.codes));
  },
  'a refresh token': async (world) => {
    await signIn(world, 'public-sub', `${EVERYTHING} offline_access`);
    await mirror.send(world, redemption(world, latest(world.codes)), []);
    const { token = '' } = latest(world.refresh) ?? {};
    return form({
      path: '/token',
      party: 'public-sub',
      fields: [
        ['grant_type', 'refresh_token'],
        ['refresh_token', token],
      ],
    });
  },
  userinfo: (world) => userinfo(latest(world.access)),
  introspection: (world) =>
    form({ path: '/introspect', party: 'public-sub', fields: [['token', latest(world.access) ?? '']] }),
  'a machine’s token': () => forMachine('legacy-names'),
  'a machine’s token for a service': () => forMachine('a-machine', [['scope', 'health_book']]),
};

const begin = async (): Promise<void> => {
  await mirror.both({ name: 'the beginning', happen: repair });
  await mirror.both({
    name: 'a sign-in',
    happen: async (world) => {
      Object.assign(world, { browsers: [], proved: [], codes: [], access: [], refresh: [] });
      await signIn(world, 'sandbox-web');
      return mirror.send(world, redemption(world, latest(world.codes)), []);
    },
  });
};

describe('One thing that is unusual', () => {
  it.each(Object.entries(PLAIN))(
    'about %s changes what it changes with the library alone',
    async (what, prepare) => {
      await begin();
      const chosen = CHANGES.filter((_, at) => (at + what.length) % Number(DIFFERENTIAL_EVERY) === 0);
      const asUsual: Change = { name: 'nothing', apply: () => undefined };
      for (const change of [asUsual, ...chosen])
        await mirror.both({
          name: `${what}: ${change.name}`,
          happen: async (world) => mirror.send(world, await prepare(world), [change]),
        });
      const [ours, theirs] = await mirror.kept();
      expect(ours).toEqual(theirs);
    },
    600_000,
  );
});

describe('Whatever is asked in whatever state', () => {
  const anyStep = (random: Dice): Step => {
    if (random.once(4)) return anyEvent(random, keySets);
    const { name, draft } = anyRequest(random);
    const changes = random.once(2) ? [] : Array.from({ length: 1 + random.below(2) }, () => random.one(CHANGES));
    return {
      name: [name, ...changes.map((change) => change.name)].join(' | '),
      happen: (world) => mirror.send(world, draft(world), changes),
    };
  };

  it.each(DIFFERENTIAL_SEEDS.split(' ').map(Number))(
    'the answer, the log and what is kept are as with the library alone (seed %i)',
    async (seed) => {
      const random = dice(seed);
      await begin();
      for (const party of Object.keys(PARTIES))
        await mirror.both({ name: `consent to ${party}`, happen: (world) => signIn(world, party) });
      for (let step = 1; step <= Number(DIFFERENTIAL_STEPS); step += 1) {
        await mirror.both(anyStep(random));
        if (step % 10 !== 0) continue;
        const [ours, theirs] = await mirror.kept();
        expect(ours).toEqual(theirs);
      }
    },
    600_000,
  );

  it('and many a request was answered without the library', () => {
    const { plain, all } = mirror.coverage;
    expect(plain / all).toBeGreaterThan(0.1);
  });
});
