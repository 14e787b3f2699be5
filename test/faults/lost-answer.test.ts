import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactKey } from '../../src/oidc/adapters/artifact-codec.ts';
import { codeIn, newBrowser, type RelyingParty, relyingParty } from '../oidc/support/relying-party.ts';
import { freePort, type ProviderProcess, startProvider } from '../processes/support/provider-process.ts';
import { createTestDatabase, postgresUrl, type TestDatabase } from '../support/services.ts';
import { until } from './support/servers.ts';
import { startTcpProxy, type TcpProxy } from './support/tcp-proxy.ts';

const SCOPE = 'openid profile';

/** The connection to PostgreSQL breaks after something was committed and before its answer came. */
describe.skipIf(postgresUrl() === undefined)('a lost answer of PostgreSQL', { timeout: 60_000 }, () => {
  let folder: string;
  let database: TestDatabase;
  let direct: pg.Client;
  let proxy: TcpProxy;
  let provider: ProviderProcess;
  let shop: RelyingParty;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dinhdanh-fault-'));
    database = await createTestDatabase(postgresUrl() as string);
    direct = new pg.Client({ connectionString: database.url });
    await direct.connect();
    const url = new URL(database.url);
    proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) || 5432 });
    url.host = `127.0.0.1:${proxy.port}`;
    const port = await freePort();
    const issuer = `http://localhost:${port}`;
    const env = { PORT: String(port), ISSUER: issuer, DATABASE_URL: url.href, WAITING_ROOM: 'off' };
    provider = startProvider(folder, env);
    await provider.logged('provider.started');
    shop = relyingParty(issuer, { clientId: 'sandbox-web', secret: 'sandbox-web-secret' });
  });
  afterAll(async () => {
    await provider.stop('SIGKILL');
    proxy.close();
    await direct.end();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const isSpent = async (table: string, token: string): Promise<boolean> => {
    const key = Buffer.from(artifactKey(token), 'hex');
    const { rowCount } = await direct.query(`select 1 from ${table} where key = $1 and consumed_at > 0`, [key]);
    return rowCount === 1;
  };

  /** Somebody who has a session and a code; on another device the same citizen has tokens of the same service. */
  const begin = async () => {
    const citizen = newBrowser();
    const other = await shop.signIn(newBrowser(), 'l2-active', { scope: 'openid offline_access', prompt: 'consent' });
    const code = codeIn(await citizen.get(shop.authorizeUrl({ login_hint: 'persona:l2-active', scope: SCOPE })));
    return { citizen, other, code };
  };
  /** The service begins again: the session is there, and what was consented to. The other device notices nothing. */
  const expectNothingLost = async ({ citizen, other }: Awaited<ReturnType<typeof begin>>): Promise<void> => {
    const again = codeIn(await citizen.get(shop.authorizeUrl({ prompt: 'none', scope: SCOPE })));
    expect((await shop.redeem(again)).status).toBe(200);
    expect((await shop.refresh(other.refresh_token)).status).toBe(200);
  };

  it('to the redemption of a code: it is spent, the service is told so, and nothing else ends', async () => {
    const begun = await begin();
    const swallowed = proxy.swallowAnswerTo('oidc_authorization_code_redeem');
    const redeeming = shop.redeem(begun.code);
    const { cut } = await swallowed;
    await until(() => isSpent('oidc_authorization_code', begun.code));
    cut();
    expect(await redeeming).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    await expectNothingLost(begun);
  });

  it('to what is read before that: it is read again, and the code is good', async () => {
    const begun = await begin();
    const swallowed = proxy.swallowAnswerTo('oidc_authorization_code_together');
    const redeeming = shop.redeem(begun.code);
    (await swallowed).cut();
    expect((await redeeming).status).toBe(200);
    await expectNothingLost(begun);
  });

  it('to the use of a refresh token: the service is told that it is spent; this device signs in again, no other', async () => {
    const parameters = { scope: 'openid offline_access', prompt: 'consent' };
    const citizen = newBrowser();
    const { refresh_token } = await shop.signIn(citizen, 'l2-active', parameters);
    const other = await shop.signIn(newBrowser(), 'l2-active', parameters);

    const swallowed = proxy.swallowAnswerTo('oidc_refresh_token_redeem');
    const refreshing = shop.refresh(refresh_token);
    const { cut } = await swallowed;
    await until(() => isSpent('oidc_refresh_token', refresh_token));
    cut();
    expect(await refreshing).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await shop.refresh(refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const again = codeIn(await citizen.get(shop.authorizeUrl({ prompt: 'none' })));
    expect((await shop.redeem(again)).status).toBe(200);
    expect((await shop.refresh(other.refresh_token)).status).toBe(200);
  });
});
