import { errors, type KoaContextWithOIDC, type OIDCContext, type Provider } from 'oidc-provider';
import { acrToIssue } from '../domain/assurance.ts';
import type { LogoutNotice, SendLogout } from './ending-access.ts';
import type { OidcDeps } from './oidc-deps.ts';
import { type UsedUp, usedUpIn } from './plain/used-up.ts';
import { type ClientCache, createClientCache, registrationOf } from './provider-clients.ts';
import { requestedAcr } from './requested-acr.ts';
import { authLevelOfAmr } from './session-strength.ts';

type LogoutClient = {
  clientId: string;
  backchannelLogout: (this: LogoutClient, accountId: string, sid?: string) => Promise<void>;
};

export type ExtendedProvider = {
  clients: ClientCache;
  /** Signs and sends a logout token at once, as the library does it. */
  sendLogout: SendLogout;
};

/** Where the library has no setting for what we need. Everything that reaches into it is in this file; each says until when. */
export function extendProvider(
  provider: Provider,
  deps: OidcDeps,
  queueLogout: (notice: LogoutNotice) => Promise<void>,
): ExtendedProvider {
  Object.assign(provider, { proxy: deps.config.trustProxy });
  tellTrueAcr(provider);
  nameOurselvesByIssuer(provider);
  keepOtherTokens(provider);
  refuseUsedUp(provider);
  if (!deps.config.isSandbox) takeRegistrationTokens(provider, deps);
  compareSecretsByHmac(provider, deps);
  keepParameters(provider);
  const clients = cacheClients(provider, deps);
  return { clients, sendLogout: queueLogouts(provider, queueLogout) };
}

/** The acr of a token answers the request it came from; the library would copy the session's. */
function tellTrueAcr(provider: Provider): void {
  Object.defineProperty(provider.OIDCContext.prototype, 'acr', {
    get(this: OIDCContext) {
      const verified = authLevelOfAmr(this.session?.amr);
      return verified === 0 ? undefined : acrToIssue({ requested: requestedAcr(this.params ?? {}).all, verified });
    },
  });
}

/** Every address of the provider follows from its issuer; the library takes the Host header, which anybody can send. */
function nameOurselvesByIssuer(provider: Provider): void {
  Object.assign(provider.OIDCContext.prototype, {
    urlFor: (name: string, options?: Record<string, unknown>) => provider.urlFor(name, options as never),
  });
}

/** One grant serves all devices of a citizen at a client, so an access token that is given back must not take the others' with it.
 *  @see node_modules/oidc-provider/lib/actions/revocation.js */
function keepOtherTokens(provider: Provider): void {
  for (const model of [provider.AccessToken, provider.RefreshToken, provider.AuthorizationCode]) {
    const revoke = model.revokeByGrantId.bind(model);
    const isGivingBack = (): boolean => {
      const context = currentContext(provider);
      return context?.route === 'revocation' && context.entities.AccessToken !== undefined;
    };
    Object.assign(model, {
      revokeByGrantId: async (grantId: string) => {
        if (!isGivingBack()) await revoke(grantId);
      },
    });
  }
}

/** A code that this very request has used up ahead of the library is no stolen one, and an interaction no expired one: what failed then is what failed. */
function refuseUsedUp(provider: Provider): void {
  const { AuthorizationCode, Interaction } = provider;
  const findCode = AuthorizationCode.find.bind(AuthorizationCode);
  const findInteraction = Interaction.find.bind(Interaction);
  const usedUp = (): UsedUp | undefined => {
    const request = currentContext(provider)?.ctx.req;
    return request && usedUpIn(request);
  };
  Object.assign(AuthorizationCode, {
    find: async (...args: Parameters<typeof findCode>) => {
      if (usedUp() !== undefined) throw new errors.InvalidGrant('used up, and nothing was given');
      return findCode(...args);
    },
  });
  Object.assign(Interaction, {
    find: async (...args: Parameters<typeof findInteraction>) => {
      const { cause } = usedUp() ?? {};
      if (cause instanceof Error) throw cause;
      return findInteraction(...args);
    },
  });
}

type CurrentContext = OIDCContext & { ctx: KoaContextWithOIDC };

function currentContext(provider: Provider): CurrentContext | undefined {
  const { ctx } = provider.constructor as unknown as { ctx?: { oidc?: CurrentContext } };
  return ctx?.oidc;
}

/** Initial access tokens are those that the CLI makes, kept as hashes in our register. */
function takeRegistrationTokens(provider: Provider, { clients }: OidcDeps): void {
  Object.assign(provider.InitialAccessToken, {
    find: async (token: unknown) =>
      typeof token === 'string' && (await clients.isRegistrationToken(token))
        ? new provider.InitialAccessToken({})
        : undefined,
  });
}

function compareSecretsByHmac(provider: Provider, { clients }: OidcDeps): void {
  Object.assign(provider.Client.prototype, {
    compareClientSecret(this: InstanceType<typeof provider.Client>, secret: string): boolean {
      const kept = registrationOf(this)?.secretHmac;
      return kept !== undefined && clients.isSecret(kept, secret);
    },
  });
}

/** The session is read before the parameters are; where that fails the library looks for a `redirect_uri` among parameters that are not there, and fails of that instead.
 *  @see node_modules/oidc-provider/lib/shared/authorization_error_handler.js */
function keepParameters(provider: Provider): void {
  const { Session } = provider;
  const get = Session.get.bind(Session);
  Object.assign(Session, {
    get(ctx: Partial<KoaContextWithOIDC> & Parameters<typeof get>[0]) {
      // Of one who comes back they lie in her interaction: what her address says is nobody's request.
      if (ctx.oidc?.route === 'resume') Object.assign(ctx.oidc, { params: {} });
      return get(ctx).catch((error: unknown) => {
        if (ctx.oidc?.route === 'authorization') Object.assign(ctx.oidc, { params: { ...ctx.query } });
        throw error;
      });
    },
  });
}

function cacheClients(provider: Provider, deps: OidcDeps): ClientCache {
  const { Client } = provider;
  const cache = createClientCache(deps, Client.find.bind(Client));
  Object.assign(Client, {
    // PostgreSQL cannot even be asked for a NUL; a form may bring one.
    find: (id: unknown) => (typeof id === 'string' && !id.includes('\0') ? cache.find(id) : Promise.resolve(undefined)),
  });
  return cache;
}

/** At a sign-out the library calls each relying party once, while the citizen waits. Ours are put down and tried until they arrive. */
function queueLogouts(provider: Provider, queue: (notice: LogoutNotice) => Promise<void>): SendLogout {
  const prototype = provider.Client.prototype as unknown as LogoutClient;
  const send = prototype.backchannelLogout;
  Object.assign(prototype, {
    backchannelLogout(this: LogoutClient, accountId: string, sid?: string): Promise<void> {
      return queue({ clientId: this.clientId, accountId, sid });
    },
  });
  return (client, accountId, sid) => send.call(client as unknown as LogoutClient, accountId, sid);
}
