import type { IncomingMessage } from 'node:http';
import type { AdapterPayload, Client, Provider } from 'oidc-provider';
import { type AccountStanding, claimsOf, findStanding, isOfLeastLevel } from '../find-account.ts';
import { subjectFor } from '../subjects.ts';
import { grantedScopes } from './live-artifacts.ts';
import type { PlainParts } from './plain-parts.ts';

const BEARER = /^bearer ([\w-]+)$/i;

/** @see node_modules/oidc-provider/lib/actions/userinfo.js */
export function plainUserinfo(parts: PlainParts) {
  const tell = async (
    client: Client,
    standing: AccountStanding,
    scopes: readonly string[],
  ): Promise<object | undefined> => {
    if (!isOfLeastLevel(standing, client) || wantsSignedAnswer(client) || !scopes.includes('openid')) return undefined;
    const [sub, claims] = await Promise.all([
      subjectFor(parts.subjects, standing.account.id, client),
      claimsOf(parts, client, standing, { scopes, names: [] }),
    ]);
    return { sub, ...claims };
  };

  return async (request: IncomingMessage, provider: Provider): Promise<object | undefined> => {
    const token = await tokenOf(request);
    if (token?.accountId === undefined) return undefined;
    const [client, grant, standing] = await Promise.all([
      provider.Client.find(token.clientId ?? ''),
      parts.live.grantOf(token),
      findStanding(parts.db, token.accountId),
    ]);
    if (client === undefined || grant === undefined || standing === undefined) return undefined;
    return tell(client, standing, grantedScopes(grant, new Set(token.scope?.split(' '))));
  };

  async function tokenOf({ headers }: IncomingMessage): Promise<AdapterPayload | undefined> {
    const id = headers['content-length'] === undefined ? BEARER.exec(headers.authorization ?? '')?.[1] : undefined;
    return id === undefined ? undefined : parts.live.find('AccessToken', id);
  }
}

function wantsSignedAnswer({ userinfoSignedResponseAlg, userinfoEncryptedResponseAlg }: Client): boolean {
  return userinfoSignedResponseAlg !== undefined || userinfoEncryptedResponseAlg !== undefined;
}
