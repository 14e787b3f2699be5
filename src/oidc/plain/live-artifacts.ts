import type { Adapter, AdapterPayload } from 'oidc-provider';
import { type Clock, epochSeconds } from '../../platform/clock.ts';
import { newSecret } from '../../platform/ids.ts';
import type { ProtocolStore } from '../adapters/protocol-store.ts';

const TOKENS = ['AccessToken', 'AuthorizationCode', 'ClientCredentials', 'RefreshToken'] as const;
export type TokenModel = (typeof TOKENS)[number];

/** Tokens and what they hang on, read without the library's models: each of them only while it lives, is unused, and is bound to nothing but its bearer. */
export type LiveArtifacts = {
  /** Uses it up. @throws InvalidGrant when it was used before. */
  consume(model: TokenModel, id: string): Promise<void>;
  /** Saves a new token until its `exp`. @returns its id, which nobody can guess. */
  save(model: TokenModel, token: AdapterPayload): Promise<string>;
  find(model: TokenModel, id: string): Promise<AdapterPayload | undefined>;
  /** The grant that a token hangs on; undefined also when the session is over that it ends with. */
  grantOf(token: AdapterPayload): Promise<AdapterPayload | undefined>;
  /** The session of a cookie, in which somebody is signed in. */
  session(id: string): Promise<AdapterPayload | undefined>;
  saveSession(session: AdapterPayload): Promise<void>;
  /** An authorization request that waits for a citizen, or for her return. */
  interaction(uid: string): Promise<AdapterPayload | undefined>;
  saveInteraction(interaction: AdapterPayload): Promise<void>;
  endInteraction(uid: string): Promise<void>;
};

export function liveArtifacts({ protocolStore, clock }: { protocolStore: ProtocolStore; clock: Clock }): LiveArtifacts {
  const stores = new Map<string, Adapter>(TOKENS.map((model) => [model, protocolStore.adapterFor(model)]));
  const grants = protocolStore.adapterFor('Grant');
  const sessions = protocolStore.adapterFor('Session');
  const interactions = protocolStore.adapterFor('Interaction');
  const storeOf = (model: TokenModel): Adapter => stores.get(model) as Adapter;

  // The library forgives some seconds in places: those are its own to judge.
  const alive = (found: unknown): AdapterPayload | undefined => {
    const artifact = found as AdapterPayload | undefined;
    return artifact?.exp !== undefined && artifact.exp > epochSeconds(clock) ? artifact : undefined;
  };

  /** @see node_modules/oidc-provider/lib/models/token_helpers.js `checkSessionBinding` */
  const isSessionAlive = async (token: AdapterPayload): Promise<boolean> => {
    if (token.expiresWithSession !== true) return true;
    const session = alive(await sessions.findByUid(token.sessionUid ?? ''));
    if (session?.accountId !== token.accountId) return false;
    return session?.authorizations?.[token.clientId ?? '']?.grantId === token.grantId;
  };

  const secondsOf = ({ exp = 0 }: AdapterPayload): number => exp - epochSeconds(clock);

  return {
    async consume(model, id) {
      await storeOf(model).consume(id);
    },
    async save(model, token) {
      const jti = newSecret();
      await storeOf(model).upsert(jti, { ...token, kind: model, jti }, secondsOf(token));
      return jti;
    },
    async session(id) {
      const session = alive(await sessions.find(id));
      const isSignedIn = session?.accountId !== undefined && session.loginTs !== undefined && session.uid !== undefined;
      return isSignedIn ? session : undefined;
    },
    async saveSession(session) {
      await sessions.upsert(session.jti ?? '', session, secondsOf(session));
    },
    interaction: async (uid) => alive(await interactions.find(uid)),
    async saveInteraction(interaction) {
      await interactions.upsert(interaction.jti ?? '', interaction, secondsOf(interaction));
    },
    async endInteraction(uid) {
      await interactions.destroy(uid);
    },
    async find(model, id) {
      const token = alive(await storeOf(model).find(id));
      return token === undefined || token.consumed !== undefined || isUnusual(token) ? undefined : token;
    },
    async grantOf(token) {
      const [found, isBySession] = await Promise.all([grants.find(token.grantId ?? ''), isSessionAlive(token)]);
      const grant = alive(found);
      if (grant === undefined || !isBySession || hasRefusedClaims(grant)) return undefined;
      return grant.clientId === token.clientId && grant.accountId === token.accountId ? grant : undefined;
    },
  };
}

/** What a citizen has allowed of `scopes`, in the order of the grant. @see node_modules/oidc-provider/lib/models/grant.js `getOIDCScopeFiltered` */
export function grantedScopes(grant: AdapterPayload, scopes: ReadonlySet<string>): string[] {
  const { openid, rejected } = grant as GrantPayload;
  const refused = new Set(scopesOf(rejected?.openid));
  return scopesOf(openid).filter((scope) => scopes.has(scope) && (scope === 'openid' || !refused.has(scope)));
}

type Asked = { scope?: string; claims?: string[] };
type GrantPayload = { openid?: Asked; rejected?: { openid?: Asked } };

/** What she was asked for, whatever she answered. */
export function encounteredScopes(grant: AdapterPayload): ReadonlySet<string> {
  const { openid, rejected } = grant as GrantPayload;
  return new Set([...scopesOf(openid), ...scopesOf(rejected?.openid)]);
}

function scopesOf(part: Asked | undefined): string[] {
  return part?.scope === undefined ? [] : part.scope.split(' ');
}

function hasRefusedClaims(grant: AdapterPayload): boolean {
  const { rejected } = grant as GrantPayload;
  return (rejected?.openid?.claims ?? []).length > 0;
}

/** Bound to a key, meant for a service, or with single claims asked for. */
function isUnusual(token: AdapterPayload): boolean {
  const { jkt, dpopJkt, attestationJkt, aud, resource, claims, rar, format } = token;
  return [token['x5t#S256'], jkt, dpopJkt, attestationJkt, aud, resource, claims, rar, format].some(
    (one) => one !== undefined,
  );
}
