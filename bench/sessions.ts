/** Live sessions in the store of a server under test, written through our own store as a sign-in leaves them: session and, for each account, the grant to one
 *  relying party. */
import { assembleRegister } from '../src/assemble-register.ts';
import type { Config } from '../src/config.ts';
import { openProtocolStore } from '../src/oidc/adapters/open-protocol-store.ts';
import { putClientGrant } from '../src/oidc/client-grant-store.ts';
import { sessionCookieName } from '../src/oidc/provider-configuration.ts';
import { newSecret } from '../src/platform/ids.ts';
import { cookieSigner } from '../src/web/cookie-signer.ts';
import { CLIENTS } from './flows.ts';

const AT_ONCE = 64;
const GRANT_SECONDS = 40 * 86_400;

/** Shared out among the accounts that are there. @returns a cookie header for each session. */
export async function writeSessions(config: Config, count: number): Promise<string[]> {
  const register = await assembleRegister(config);
  const store = await openProtocolStore(config, register);
  const sessions = store.adapterFor('Session');
  const grants = store.adapterFor('Grant');
  const signer = cookieSigner(config.secrets.cookieKeys);
  const name = sessionCookieName(config.isSecure);
  const now = Math.floor(Date.now() / 1_000);

  const grantTo = async (accountId: string): Promise<string> => {
    const jti = newSecret();
    const grant = { accountId, clientId: CLIENTS.web, openid: { scope: 'openid profile' } };
    await grants.upsert(jti, { ...grant, kind: 'Grant', jti, iat: now, exp: now + GRANT_SECONDS }, GRANT_SECONDS);
    const place = { accountId, clientId: CLIENTS.web, grantId: jti, replaces: undefined };
    return putClientGrant(register.db, place, register.clock());
  };
  const signIn = async (accountId: string, grantId: string): Promise<string> => {
    const jti = newSecret();
    const authorizations = { [CLIENTS.web]: { sid: newSecret(), grantId, persistsLogout: true } };
    const exp = now + config.sessionSeconds;
    const session = { uid: newSecret(), accountId, loginTs: now, amr: ['pwd'], authorizations };
    await sessions.upsert(jti, { ...session, kind: 'Session', jti, iat: now, exp }, config.sessionSeconds);
    const cookie = `${name}=${jti}`;
    return `${cookie}; ${name}.sig=${signer.sign(cookie)}`;
  };

  try {
    const { db } = register;
    // Of level 2, since children of level 1 would be asked for their guardian.
    const accounts = (await db('accounts')
      .join('level_grants', 'level_grants.account_id', 'accounts.id')
      .where({ 'accounts.status': 'active', 'level_grants.status': 'activated', 'level_grants.account_level': 2 })
      .pluck('accounts.id')) as string[];
    const granted = await inParts(accounts, async (accountId) => ({ accountId, grantId: await grantTo(accountId) }));
    if (granted.length === 0) throw new Error('no account is active');
    const turns = Array.from({ length: count }, (_, index) => granted[index % granted.length] as (typeof granted)[0]);
    return await inParts(turns, ({ accountId, grantId }) => signIn(accountId, grantId));
  } finally {
    await store.close();
    await register.close();
  }
}

async function inParts<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  return results;
}
