import type { AdapterPayload } from 'oidc-provider';
import { type Clock, epochSeconds } from '../../platform/clock.ts';
import { newSecret } from '../../platform/ids.ts';
import type { AboutAccount, FoundGrant, GrantedModel, GrantIdSql, ProtocolStore } from '../adapters/protocol-store.ts';

type TokenModel = GrantedModel | 'ClientCredentials';
/** `payload`: with its `exp`, and its id unless it is to get one. */
export type Kept = { model: 'AuthorizationCode' | 'Session' | 'Interaction'; payload: AdapterPayload };

/** `about`: of its account, as the protocol store was told it (`standingIn`). */
type Held = { grant: AdapterPayload; about?: unknown };
export type HeldToken = Held & { token: AdapterPayload };
/** `held`: undefined when she has not been at this service in this session, or its grant has ended. */
export type HeldSession = { session: AdapterPayload; held: Held | undefined };

/** Tokens and what they hang on, read without the library's models: each of them only while it lives, is unused, and is bound to nothing but its bearer. */
export type LiveArtifacts = {
  /** Uses up a code or a refresh token, and saves what is made of it until its `exp`. @returns their ids, which nobody can guess. @throws InvalidGrant when it was used before. */
  redeem(source: { model: GrantedModel; id: string }, made: readonly Made[]): Promise<string[]>;
  /** Saves a new token until its `exp`. @returns its id. */
  save(model: TokenModel, token: AdapterPayload): Promise<string>;
  find(model: TokenModel, id: string): Promise<AdapterPayload | undefined>;
  /** A token with its grant; undefined also when the session is over that it ends with. */
  held(model: GrantedModel, id: string, about?: AboutAccount): Promise<HeldToken | undefined>;
  /** The grant of an account to a client. */
  grant(of: GrantHolder, about: AboutAccount): Promise<Held | undefined>;
  /** The grant that an account has given a client; undefined also where its id has to be looked for. */
  clientGrant(of: Omit<GrantHolder, 'grantId'>, idSql: GrantIdSql, about: AboutAccount): Promise<Held | undefined>;
  /** The session of a cookie, in which somebody is signed in, for a client. */
  session(id: string, clientId: string, about: AboutAccount): Promise<HeldSession | undefined>;
  /** Saves each until its `exp`, in as few round trips as the store is able to. @returns their ids. */
  saveAll(kept: readonly Kept[]): Promise<string[]>;
  /** What a code of it takes along, beside its uid. */
  handleOf(session: AdapterPayload): string | undefined;
  /** An authorization request that waits for a citizen, or for her return. */
  interaction(uid: string): Promise<AdapterPayload | undefined>;
  saveInteraction(interaction: AdapterPayload): Promise<void>;
  endInteraction(uid: string): Promise<void>;
};

type Made = { model: GrantedModel; token: AdapterPayload };
type GrantHolder = { grantId: string; clientId: string; accountId: string };

export function liveArtifacts({ protocolStore, clock }: { protocolStore: ProtocolStore; clock: Clock }): LiveArtifacts {
  const interactions = protocolStore.adapterFor('Interaction');

  // The library forgives some seconds in places: those are its own to judge.
  const alive = (found: unknown): AdapterPayload | undefined => {
    const artifact = found as AdapterPayload | undefined;
    return artifact?.exp !== undefined && artifact.exp > epochSeconds(clock) ? artifact : undefined;
  };
  const usable = (found: unknown): AdapterPayload | undefined => {
    const token = alive(found);
    return token === undefined || token.consumed !== undefined || isUnusual(token) ? undefined : token;
  };

  /** @see node_modules/oidc-provider/lib/models/token_helpers.js `checkSessionBinding` */
  const isSessionAlive = (token: AdapterPayload, found: AdapterPayload | undefined): boolean => {
    if (token.expiresWithSession !== true) return true;
    const session = alive(found);
    if (session?.accountId !== token.accountId) return false;
    return session?.authorizations?.[token.clientId ?? '']?.grantId === token.grantId;
  };

  const heldOf = (found: FoundGrant, of: Pick<AdapterPayload, 'clientId' | 'accountId'>): Held | undefined => {
    const grant = alive(found.grant);
    if (grant === undefined || hasRefusedClaims(grant)) return undefined;
    if (grant.clientId !== of.clientId || grant.accountId !== of.accountId) return undefined;
    return { grant, about: found.about };
  };

  const secondsOf = ({ exp = 0 }: AdapterPayload): number => exp - epochSeconds(clock);
  const stored = <M>(model: M, token: AdapterPayload) => {
    const id = token.jti ?? newSecret();
    return { model, id, payload: { ...token, kind: String(model), jti: id }, expiresIn: secondsOf(token) };
  };

  return {
    async redeem({ model, id }, made) {
      const tokens = made.map((one) => stored(one.model, one.token));
      await protocolStore.redeem(model, id, tokens);
      return tokens.map((token) => token.id);
    },
    async save(model, token) {
      const { id, payload, expiresIn } = stored(model, token);
      await protocolStore.adapterFor(model).upsert(id, payload, expiresIn);
      return id;
    },
    find: async (model, id) => usable(await protocolStore.adapterFor(model).find(id)),
    async held(model, id, about) {
      const found = await protocolStore.findToken(model, id, about);
      const token = usable(found.token);
      const held = token && isSessionAlive(token, found.session) ? heldOf(found, token) : undefined;
      return token && held && { ...held, token };
    },
    grant: async (of, about) => heldOf(await protocolStore.findGrant(of.grantId, of.accountId, about), of),
    async clientGrant(of, idSql, about) {
      const found = await protocolStore.findClientGrant(of, idSql, about);
      return found && heldOf(found, of);
    },
    async session(id, clientId, about) {
      const found = await protocolStore.findSession(id, clientId, about);
      const session = alive(found.session);
      const { accountId, loginTs, uid } = session ?? {};
      if (session === undefined || accountId === undefined || loginTs === undefined || uid === undefined)
        return undefined;
      return { session, held: heldOf(found, { clientId, accountId }) };
    },
    async saveAll(kept) {
      const made = kept.map(({ model, payload }) => stored(model, payload));
      await protocolStore.saveAll(made);
      return made.map(({ id }) => id);
    },
    handleOf: ({ jti = '' }) => protocolStore.sessionHandle?.(jti),
    interaction: async (uid) => alive(await interactions.find(uid)),
    async saveInteraction(interaction) {
      await interactions.upsert(interaction.jti ?? '', interaction, secondsOf(interaction));
    },
    async endInteraction(uid) {
      await interactions.destroy(uid);
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
