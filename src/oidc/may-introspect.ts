import type { Client, Provider } from 'oidc-provider';
import type { Db } from '../platform/database.ts';
import { standingIn } from './find-account.ts';
import { registrationOf } from './provider-clients.ts';

type IntrospectedToken = { clientId?: string | undefined; accountId?: string | undefined };

/** Whether a client is told about a token: of its own, or of all if it is registered for that; and only while the account may be used at the token's client.
 *  @param about of the account, as for `standingIn`. */
export async function mayIntrospect(
  { db }: { db: Db },
  provider: Provider,
  { client, token, about }: { client: Client; token: IntrospectedToken; about?: unknown },
): Promise<boolean> {
  const isOwn = token.clientId === client.clientId;
  if (!isOwn && registrationOf(client)?.mayIntrospectAll !== true) return false;
  const holder = registrationOf(await provider.Client.find(token.clientId ?? ''));
  if (holder === undefined) return false;
  if (token.accountId === undefined) return true;
  const standing = await standingIn(db, token.accountId, about);
  return standing !== undefined && standing.accountLevel >= holder.leastAccountLevel;
}
