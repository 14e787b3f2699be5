import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ColumnKeyUse, keyUse } from '../../src/key-rotation/reseal-values.ts';
import { openDatabase } from '../../src/platform/database.ts';
import { report } from '../faults/support/measure.ts';
import { codeIn, newBrowser, relyingParty } from '../oidc/support/relying-party.ts';
import { postgresUrl, redisUrl } from '../support/services.ts';
import { fetchInTurn } from './support/in-turn.ts';
import { freePort, makeStores, type ProviderProcess, startProvider } from './support/provider-process.ts';

const CLI = join(import.meta.dirname, '../../bin/dinhdanh.js');
const CITIZENS = 6;
const SCOPE = 'openid profile';

type Rings = { DATA_KEYS: string; INDEX_KEYS: string; COOKIE_KEYS: string };
const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [older, newer]: [Rings, Rings] = [
  { DATA_KEYS: key('d1'), INDEX_KEYS: key('i1'), COOKIE_KEYS: randomBytes(36).toString('base64url') },
  { DATA_KEYS: key('d2'), INDEX_KEYS: key('i2'), COOKIE_KEYS: randomBytes(36).toString('base64url') },
];
/** The first writes, both read. */
const both = (first: Rings, second: Rings): Rings => ({
  DATA_KEYS: `${first.DATA_KEYS},${second.DATA_KEYS}`,
  INDEX_KEYS: `${first.INDEX_KEYS},${second.INDEX_KEYS}`,
  COOKIE_KEYS: `${first.COOKIE_KEYS},${second.COOKIE_KEYS}`,
});

let stores: Awaited<ReturnType<typeof makeStores>>;
const running = new Map<number, ProviderProcess>();
beforeEach(async () => {
  stores = await makeStores(5);
});
afterEach(async () => {
  await Promise.all([...running.values()].map((one) => one.stop('SIGKILL')));
  await stores.discard();
});

it.skipIf(postgresUrl() === undefined || redisUrl() === undefined)(
  'DATA_KEYS, INDEX_KEYS and COOKIE_KEYS are rotated under two processes and their load, the resealing killed in the middle: no request fails, nobody is signed out',
  { timeout: 300_000 },
  async () => {
    const ports = [await freePort(), await freePort()];
    /** Of them those to which the balancer sends anything. */
    const serving = [...ports];
    const issuer = `http://localhost:${ports[0]}`;
    const common = {
      ...stores.env,
      ISSUER: issuer,
      PASSWORD_PEPPER: randomBytes(36).toString('base64url'),
      SYNTHETIC_PEOPLE: '1200',
      WAITING_ROOM: 'off',
      // As behind every balancer: what has been sent here by then is served first.
      DRAIN_SECONDS: '1',
      // Six at once are one person here.
      SIGN_IN_TRIES: '100',
      SIGN_IN_TRIES_PER_ADDRESS: '100000',
    };
    const restartWith = async (rings: Rings): Promise<void> => {
      for (const port of ports) {
        if (running.has(port)) serving.splice(serving.indexOf(port), 1);
        expect((await running.get(port)?.stop()) ?? 0).toBe(0);
        const provider = startProvider(stores.folder, { ...common, ...rings, PORT: String(port) });
        running.set(port, provider);
        await provider.logged('provider.started');
        if (!serving.includes(port)) serving.push(port);
      }
    };
    await restartWith(older);

    const load = startCitizens(issuer, serving, await findPersona(issuer));
    const failed = (): string[] => load.failures.slice(0, 5);
    await load.untilAllSignedIn();
    await restartWith(both(older, newer));
    expect(failed(), 'while some know the new keys').toEqual([]);
    await restartWith(both(newer, older));
    expect(failed(), 'while some write under the new keys').toEqual([]);

    const rings = both(newer, older);
    const db = openDatabase({ kind: 'postgres', url: stores.env['DATABASE_URL'] as string });
    try {
      const begun = runCommand({ ...common, ...rings }, 'keys', 'reseal');
      while (underKey(await keyUse(db), 'd2') < 400) await sleep(5);
      begun.kill('SIGKILL');
      await once(begun, 'exit');
      expect(underKey(await keyUse(db), 'd1'), 'it was killed in the middle').toBeGreaterThan(400);
      const again = runCommand({ ...common, ...rings }, 'keys', 'reseal');
      expect((await once(again, 'exit'))[0]).toBe(0);
      const left = (await keyUse(db)).flatMap(({ column, keys }) =>
        keys.flatMap(({ keyId }) => (keyId === 'd1' || keyId === 'i1' ? [`${column} under ${keyId}`] : [])),
      );
      expect(left).toEqual([]);
    } finally {
      await db.destroy();
    }
    const before = load.flows;
    while (load.flows < before + CITIZENS) await sleep(50);
    await load.stop();
    expect(failed()).toEqual([]);
    report('DATA_KEYS, INDEX_KEYS, COOKIE_KEYS rotated, two processes', {
      'sign-ins': load.flows,
      failed: load.failures.length,
    });

    // A day later, and with nothing left that lies under the old keys.
    await restartWith(newer);
    await load.goOn();
    const audited = execFileSync(process.execPath, [CLI, 'audit', 'verify'], {
      cwd: stores.folder,
      env: envOf({ ...common, ...newer }),
    });
    expect(audited.toString()).not.toBe('');
  },
);

type Persona = { key: string; citizen_id: string; password: string };

async function findPersona(issuer: string): Promise<Persona> {
  const answer = await fetch(`${issuer}/sandbox/personas`, { headers: { accept: 'application/json' } });
  const { personas } = (await answer.json()) as { personas: Persona[] };
  const found = personas.find((one) => one.key === 'l1-active');
  if (found === undefined) throw new Error('the persona is there');
  return found;
}

type Load = {
  flows: number;
  failures: string[];
  untilAllSignedIn(): Promise<void>;
  stop(): Promise<void>;
  /** What each of them does, once more. */
  goOn(): Promise<void>;
};

/** Citizens, each of whom keeps a session and signs in with her password in new browsers all the while; each request to another process. */
function startCitizens(issuer: string, ports: readonly number[], persona: Persona): Load {
  const over = new AbortController();
  const secret = { clientId: 'sandbox-web', secret: 'sandbox-web-secret' };
  const citizens = Array.from({ length: CITIZENS }, () => {
    const fetchBy = fetchInTurn(ports);
    return { fetchBy, shop: relyingParty(issuer, { ...secret, fetchBy }), browser: newBrowser(fetchBy) };
  });
  type Citizen = (typeof citizens)[number];
  const redeem = async ({ shop }: Citizen, code: string): Promise<void> => {
    const { status, body } = await shop.redeem(code);
    if (status !== 200) throw new Error(`token: ${status} ${body.error}`);
  };
  const goOnWithSession = async (citizen: Citizen): Promise<void> => {
    const { shop, browser } = citizen;
    await redeem(citizen, codeIn(await browser.get(shop.authorizeUrl({ scope: SCOPE, prompt: 'none' }))));
  };
  const signInByPassword = async (citizen: Citizen): Promise<void> => {
    const browser = newBrowser(citizen.fetchBy);
    const page = await browser.follow(await citizen.shop.push({ scope: SCOPE }));
    const csrf_token = /name="csrf_token" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
    const typed = { csrf_token, citizen_id: persona.citizen_id, password: persona.password };
    const sent = await browser.post(`${page.url}/password`, typed, { origin: issuer });
    const back = sent.location?.origin === issuer ? await browser.follow(sent.location.href) : sent;
    await redeem(citizen, codeIn(back));
  };
  const signIn = ({ shop, browser }: Citizen) => shop.signIn(browser, persona.key, { scope: SCOPE });
  const load: Load = {
    flows: 0,
    failures: [],
    async untilAllSignedIn() {
      while (load.flows < CITIZENS * 2) {
        if (load.failures.length > 0) throw new Error(load.failures[0]);
        await sleep(20);
      }
    },
    async stop() {
      over.abort();
      await Promise.all(visits);
    },
    async goOn() {
      for (const citizen of citizens) await goOnWithSession(citizen).then(() => signInByPassword(citizen));
    },
  };
  const visits = citizens.map(async (citizen) => {
    await signIn(citizen);
    while (!over.signal.aborted) {
      try {
        await goOnWithSession(citizen);
        await signInByPassword(citizen);
        load.flows += 1;
      } catch (error) {
        load.failures.push(String(error));
        await sleep(50);
      }
    }
  });
  return load;
}

function underKey(uses: readonly ColumnKeyUse[], id: string): number {
  const of = uses.find(({ column }) => column === 'persons.citizen_id_sealed');
  return of?.keys.find(({ keyId }) => keyId === id)?.values ?? 0;
}

const envOf = (env: Record<string, string>): Record<string, string | undefined> => ({
  PATH: process.env['PATH'],
  ...env,
});

function runCommand(env: Record<string, string>, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [CLI, ...args], { cwd: stores.folder, env: envOf(env), stdio: 'ignore' });
}
