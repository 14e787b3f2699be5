import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, newBrowser, type RelyingParty, relyingParty } from '../oidc/support/relying-party.ts';
import { freePort, type ProviderProcess, startProvider } from '../processes/support/provider-process.ts';
import { hasRedisServer, type RedisServer, startRedis, until } from './support/servers.ts';

/** Sessions, codes and pushed requests are in Redis, which hangs; the clients in SQLite, which does not. */
describe.skipIf(!hasRedisServer)(
  'an authorization request while the sessions cannot be read',
  { timeout: 60_000 },
  () => {
    let folder: string;
    let redis: RedisServer;
    let provider: ProviderProcess;
    let issuer: string;
    let shop: RelyingParty;
    let pushed: string;
    /** Who has a session, and whose request fails when it is read; a newcomer's fails when something is to be written. */
    const citizen = newBrowser();
    /** Who is in the middle of a sign-in. */
    const browser = newBrowser();
    let begun: URL | undefined;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'dinhdanh-fault-'));
      redis = await startRedis();
      const port = await freePort();
      issuer = `http://localhost:${port}`;
      provider = startProvider(folder, { PORT: String(port), ISSUER: issuer, REDIS_URL: redis.url });
      await provider.logged('provider.started');
      shop = relyingParty(issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
      await shop.signIn(citizen, 'l2-active', { scope: 'openid profile' });
      pushed = await shop.push({ state: 'abc' });
      begun = (await browser.get(shop.authorizeUrl({ state: 'begun' }))).location;
      redis.signal('SIGSTOP');
    });
    afterAll(async () => {
      redis.signal('SIGCONT');
      await provider.stop('SIGKILL');
      await redis.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    const authorize = (changes: Record<string, string | undefined>, by = citizen): Promise<Answer> =>
      by.get(shop.authorizeUrl({ state: 'abc', ...changes }));
    const expectPage = (answer: Answer, status = 503): void => {
      expect(answer.status).toBe(status);
      expect(answer.location).toBeUndefined();
      expect(answer.headers.get('retry-after')).toBe(status === 503 ? '5' : null);
      expect(answer.headers.get('content-type')).toContain('text/html');
    };

    it.each([
      ['of a citizen', {}, citizen],
      ['of a newcomer', {}, newBrowser()],
      ['of a hidden frame', { prompt: 'none' }, citizen],
      ['that names where its answer goes', { response_mode: 'query' }, citizen],
      ['that leaves out the only address of its service', { redirect_uri: undefined }, citizen],
    ])('%s goes back to the service with temporarily_unavailable', async (_, changes, by) => {
      const answer = await authorize(changes, by);
      expect(answer.status).toBe(303);
      expect(answer.headers.get('retry-after')).toBeNull();
      const { origin, pathname, searchParams } = answer.location as URL;
      expect(origin + pathname).toBe('http://localhost:8080/callback');
      expect(Object.fromEntries(searchParams)).toEqual({
        error: 'temporarily_unavailable',
        error_description: 'a store does not answer, try again soon',
        state: 'abc',
        iss: issuer,
      });
    });

    it('that takes its answer from the fragment finds it there', async () => {
      const { location } = await authorize({ response_mode: 'fragment' });
      expect(location?.search).toBe('');
      expect(new URLSearchParams(location?.hash.slice(1)).get('error')).toBe('temporarily_unavailable');
    });

    it.each([
      ['whose answer is a form', { response_mode: 'form_post' }],
      ['of our own pages', { client_id: 'dinhdanh-account', redirect_uri: undefined }],
      ['of a service that is unknown', { client_id: 'nobody' }],
    ])('%s is answered by the page', async (_, changes) => {
      expectPage(await authorize(changes));
    });

    it('that was pushed is answered by the page: what it asks for lies in the store that is away', async () => {
      expectPage(await newBrowser().get(pushed));
      expectPage(await citizen.get(pushed));
    });

    it('never leads to an address that is not registered', async () => {
      for (const changes of [{}, { prompt: 'none' }, { state: undefined }])
        expectPage(await authorize({ redirect_uri: 'https://attacker.example/callback', ...changes }), 400);
    });

    it('in the middle of a sign-in is answered by the page, and goes on where it was', async () => {
      const page = new URL(begun as URL);
      expectPage(await browser.get(page.href));
      expectPage(await browser.get(page.href.replace('/interaction/', '/authorize/')));
      redis.signal('SIGCONT');
      await until(async () => (await browser.get(page.href)).status === 200);
      redis.signal('SIGSTOP');
    });
  },
);
