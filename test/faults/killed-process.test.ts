import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCounters } from '../../src/accounts/activation-event-store.ts';
import { assembleRegister, type Register } from '../../src/assemble-register.ts';
import { codeIn, newBrowser, relyingParty } from '../oidc/support/relying-party.ts';
import { freePort, type ProviderProcess, startProvider } from '../processes/support/provider-process.ts';
import { localPhone } from '../support/activation-walk.ts';
import { testConfig } from '../support/app.ts';
import { givePendingPerson, type TestPerson } from '../support/people.ts';
import { createTestDatabase, postgresUrl } from '../support/services.ts';
import { activateWhateverComes, type Citizen } from './support/activating-citizen.ts';
import { report } from './support/measure.ts';

const PEOPLE = 500;
const STORES = [
  { name: 'SQLite', url: undefined, isThere: true },
  { name: 'PostgreSQL', url: postgresUrl(), isThere: postgresUrl() !== undefined },
];
/** Everybody here has one address and comes at once; and on a busy machine a code waits for its turn. */
const ENV = {
  WAITING_ROOM: 'off',
  SECRET_REQUESTS: '10000',
  CODE_LIFETIME_SECONDS: '900',
  SECRET_REQUESTS_PER_ADDRESS: '10000',
  ATTEMPTS_PER_ADDRESS_PER_HOUR: '1000000',
};

for (const { name, url, isThere } of STORES)
  describe.skipIf(!isThere)(`a process killed with -9, on ${name}`, () => {
    let folder: string;
    let env: Record<string, string>;
    let issuer: string;
    let started: ProviderProcess[];
    let drop = (): Promise<void> => Promise.resolve();
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'dinhdanh-killed-'));
      const port = await freePort();
      issuer = `http://localhost:${port}`;
      const database = url === undefined ? undefined : await createTestDatabase(url);
      if (database !== undefined) drop = database.drop;
      env = { PORT: String(port), ISSUER: issuer, ...ENV, ...(database && { DATABASE_URL: database.url }) };
      started = [];
    });
    afterEach(async () => {
      await Promise.all(started.map((one) => one.stop('SIGKILL')));
      await drop();
      rmSync(folder, { recursive: true, force: true });
    });

    const start = async (): Promise<ProviderProcess> => {
      const provider = startProvider(folder, env);
      started.push(provider);
      await provider.logged('provider.started');
      return provider;
    };
    const openRegister = (): Promise<Register> =>
      assembleRegister(testConfig(folder, env), { clock: () => new Date() });

    it('in the middle of 500 concurrent activations loses nothing and counts nothing twice', {
      // Half a minute on an idle machine; beside other tests on two cores several times that.
      timeout: 400_000,
    }, async () => {
      const register = await openRegister();
      const people: TestPerson[] = [];
      while (people.length < PEOPLE)
        people.push(
          ...(await Promise.all(
            Array.from({ length: 10 }, (_, at) => givePendingPerson(register, { age: 20 + 5 * at })),
          )),
        );
      const provider = await start();

      const codeOf = async (phone: string): Promise<string | undefined> => {
        const [newest] = (await register.inbox?.list(phone, 1)) ?? [];
        return /\b\d{6}\b/.exec(newest?.body ?? '')?.[0];
      };
      const citizens = people.map((person): Citizen => ({ person, wasToldDone: false, failures: 0 }));
      const giveUp = AbortSignal.timeout(360_000);
      const walks = citizens.map((citizen) => activateWhateverComes(citizen, { issuer, codeOf }, giveUp));
      const told = (): Citizen[] => citizens.filter(({ wasToldDone }) => wasToldDone);
      while (told().length < PEOPLE / 4 && !giveUp.aborted) await sleep(5);
      await provider.stop('SIGKILL');
      const killedAt = performance.now();

      // What was answered is there; of the rest some are done and were not told any more, some are not.
      const toldThen = told();
      const activatedThen = await activatedOf(register, people);
      expect(toldThen.filter(({ person }) => !activatedThen.has(person.accountId))).toEqual([]);
      expect(toldThen.length).toBeLessThan(PEOPLE);
      expect(await checkCounters(register.db, { repair: false })).toEqual([]);

      await start();
      const backAfter = Math.round(performance.now() - killedAt);
      await Promise.all(walks);
      expect(told()).toHaveLength(PEOPLE);
      expect((await activatedOf(register, people)).size).toBe(PEOPLE);
      expect(await countOf(register, people, 'activations')).toBe(PEOPLE);
      expect(await countOf(register, people, 'activation_events', { kind: 'person_activated' })).toBe(PEOPLE);
      expect(await countOf(register, people, 'audit_entries', { action: 'grant.activated' })).toBe(PEOPLE);
      expect(await checkCounters(register.db, { repair: false })).toEqual([]);
      await register.close();
      report(`kill -9 among ${PEOPLE} activations, ${name}`, {
        'told before': toldThen.length,
        'activated before': activatedThen.size,
        'interrupted requests': citizens.reduce((sum, { failures }) => sum + Math.min(failures, 1), 0),
        'serving again after (ms)': backAfter,
      });
    });

    it('while it delivers a message: the next one delivers it when the lease has ended', {
      timeout: 90_000,
    }, async () => {
      const register = await openRegister();
      const person = await givePendingPerson(register);
      await register.close();
      const sent: { id: string; at: number }[] = [];
      let isHanging = true;
      const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
        const { id } = (await json(request)) as { id: string };
        sent.push({ id, at: performance.now() });
        if (!isHanging) response.end();
      };
      const gateway = createServer((request, response) => void take(request, response).catch(() => response.destroy()));
      gateway.listen(0, '127.0.0.1');
      await once(gateway, 'listening');
      Object.assign(env, {
        SMS_GATEWAY_URL: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`,
        SMS_GATEWAY_TOKEN: 'a-token-of-this-test',
      });
      try {
        const provider = await start();
        const browser = newBrowser();
        const page = await browser.get(`${issuer}/activate`);
        const csrf_token = /name="csrf_token" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
        const fields = { csrf_token, citizen_id: person.citizenId, phone_number: localPhone(person) };
        expect((await browser.post(`${issuer}/activate`, fields, { origin: issuer })).status).toBe(303);
        while (sent.length === 0) await sleep(10);
        await provider.stop('SIGKILL');
        const killedAt = performance.now();
        const cutOff = new Set(sent.map(({ id }) => id));
        sent.length = 0;
        isHanging = false;
        await start();
        const again = (): typeof sent => sent.filter(({ id }) => cutOff.has(id));
        while (again().length < cutOff.size) await sleep(10);
        const sentAfter = Math.round(Math.max(...again().map(({ at }) => at)) - killedAt);
        // The lease, and the second in which it is looked for.
        expect(sentAfter).toBeLessThan(20_000);
        await sleep(2_000);
        expect(again()).toHaveLength(cutOff.size);
        report(`kill -9 while a message is delivered, ${name}`, { 'delivered after (ms)': sentAfter });
      } finally {
        gateway.closeAllConnections();
        gateway.close();
      }
    });

    it('keeps what it answered; a code is redeemed once, before or after', { timeout: 60_000 }, async () => {
      const provider = await start();
      const shop = relyingParty(issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
      const browser = newBrowser();
      const codeFor = async (parameters: Record<string, string>): Promise<string> =>
        codeIn(await browser.get(shop.authorizeUrl(parameters)));
      const redeemed = await codeFor({ login_hint: 'persona:l2-active', scope: 'openid' });
      const tokens = await shop.redeem(redeemed);
      expect(tokens.status).toBe(200);
      const waiting = await codeFor({ prompt: 'none', scope: 'openid' });
      await provider.stop('SIGKILL');

      await start();
      const token = { token: tokens.body.access_token };
      expect((await shop.call('/introspect', token)).body).toMatchObject({ active: true });
      // The session of the browser is there too: no new sign-in.
      const later = await codeFor({ prompt: 'none', scope: 'openid' });
      expect((await shop.redeem(later)).status).toBe(200);
      // Last of all: who redeems a code again loses what was granted.
      const tries = await Promise.all(Array.from({ length: 8 }, () => shop.redeem(waiting)));
      expect(tries.filter(({ status }) => status === 200)).toHaveLength(1);
      expect((await shop.redeem(redeemed)).body).toMatchObject({ error: 'invalid_grant' });
    });
  });

/** The sandbox has people of its own. */
async function activatedOf({ db }: Register, people: readonly TestPerson[]): Promise<Set<string>> {
  const ours = new Set(people.map(({ accountId }) => accountId));
  const rows = (await db('level_grants').where({ status: 'activated' }).select('account_id')) as {
    account_id: string;
  }[];
  return new Set(rows.map((row) => row.account_id).filter((id) => ours.has(id)));
}

async function countOf(
  { db }: Register,
  people: readonly TestPerson[],
  table: string,
  where: Record<string, string> = {},
): Promise<number> {
  const ours = new Set(people.map(({ accountId }) => accountId));
  return ((await db(table).where(where)) as { account_id: string }[]).filter((row) => ours.has(row.account_id)).length;
}
