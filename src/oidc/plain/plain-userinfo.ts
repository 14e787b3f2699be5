import type { IncomingMessage } from 'node:http';
import type { Client, Provider } from 'oidc-provider';
import { type AccountStanding, claimsOf, isOfLeastLevel, STANDING_AND_PERSON, standingIn } from '../find-account.ts';
import { subjectFor } from '../subjects.ts';
import { grantedScopes, type HeldToken } from './live-artifacts.ts';
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
    const held = await heldOf(request);
    const { clientId = '', accountId } = held?.token ?? {};
    if (held === undefined || accountId === undefined) return undefined;
    const [client, standing] = await Promise.all([
      provider.Client.find(clientId),
      standingIn(parts.db, accountId, held.about),
    ]);
    if (client === undefined || standing === undefined) return undefined;
    const { grant, token } = held;
    return tell(client, standing, grantedScopes(grant, new Set(token.scope?.split(' '))));
  };

  async function heldOf({ headers }: IncomingMessage): Promise<HeldToken | undefined> {
    const id = headers['content-length'] === undefined ? BEARER.exec(headers.authorization ?? '')?.[1] : undefined;
    return id === undefined ? undefined : parts.live.held('AccessToken', id, STANDING_AND_PERSON);
  }
}

function wantsSignedAnswer({ userinfoSignedResponseAlg, userinfoEncryptedResponseAlg }: Client): boolean {
  return userinfoSignedResponseAlg !== undefined || userinfoEncryptedResponseAlg !== undefined;
}
