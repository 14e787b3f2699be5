import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeIn, newBrowser, type RelyingParty, relyingParty } from '../oidc/support/relying-party.ts';
import { postgresUrl, redisUrl } from '../support/services.ts';
import { fetchInTurn } from './support/in-turn.ts';
import { freePort, makeStores, type ProviderProcess, startProvider } from './support/provider-process.ts';

const AT_ONCE = Array.from({ length: 20 });
const ROUNDS = 5;
const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' };

describe.skipIf(postgresUrl() === undefined || redisUrl() === undefined)(
  'Of twenty requests at once to two processes',
  () => {
    let stores: Awaited<ReturnType<typeof makeStores>>;
    let started: ProviderProcess[];
    beforeEach(async () => {
      stores = await makeStores(4);
      started = [];
    });
    afterEach(async () => {
      await Promise.all(started.map((one) => one.stop('SIGKILL')));
      await stores.discard();
    });

    /** @returns a service whose requests go to the two in turn. */
    const start = async (redis: boolean): Promise<{ web: RelyingParty; fetchBy: ReturnType<typeof fetchInTurn> }> => {
      const ports = [await freePort(), await freePort()];
      const issuer = `http://localhost:${ports[0]}`;
      const { REDIS_URL, ...without } = stores.env;
      for (const port of ports) {
        const env = {
          ...without,
          ...(redis ? { REDIS_URL: REDIS_URL as string } : {}),
          PORT: String(port),
          ISSUER: issuer,
        };
        const provider = startProvider(stores.folder, { ...env, WAITING_ROOM: 'off' });
        started.push(provider);
        await provider.logged('provider.started');
      }
      const fetchBy = fetchInTurn(ports);
      return { web: relyingParty(issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret', fetchBy }), fetchBy };
    };

    it.each([
      ['PostgreSQL', false],
      ['Redis and PostgreSQL', true],
    ] as const)(
      'one redeems the code, one the refresh token, one the pushed request: %s',
      { timeout: 120_000 },
      async (_, redis) => {
        const { web, fetchBy } = await start(redis);
        for (let round = 0; round < ROUNDS; round += 1) {
          const code = codeIn(await newBrowser(fetchBy).get(web.authorizeUrl({ login_hint: 'persona:l2-active' })));
          const redeemed = await Promise.all(AT_ONCE.map(() => web.redeem(code)));
          expect(redeemed.filter(({ status }) => status === 200)).toHaveLength(1);
          expect(new Set(redeemed.map(({ body }) => body.error))).toEqual(new Set([undefined, 'invalid_grant']));

          const tokens = await web.signIn(newBrowser(fetchBy), 'l2-active', OFFLINE);
          const renewed = await Promise.all(AT_ONCE.map(() => web.refresh(tokens.refresh_token)));
          const [one, ...more] = renewed.filter(({ status }) => status === 200);
          expect(more).toEqual([]);
          expect((await web.refresh(one?.body.refresh_token ?? '')).status).toBe(200);

          const address = await web.push({ login_hint: 'persona:l2-active' });
          const answers = await Promise.all(AT_ONCE.map(() => newBrowser(fetchBy).get(address)));
          expect(answers.filter(({ location }) => location?.searchParams.has('code') === true)).toHaveLength(1);
        }
      },
    );
  },
);
